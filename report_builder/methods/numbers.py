"""Exact arithmetic on counts and days: no binary fraction comes near a fact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import ibis.expr.types as ir

    N = TypeVar("N", int, ir.IntegerValue)

NEAREST = "hyndman-fan-1"
"""The percentile rule that takes an observed value; the other one, type 7, is linear between two of them."""

_DECIMALS = 9
"""Where a quotient does not end it is kept this long: too long for a second rounding to show in print."""


def decimal(value: Fraction | int) -> Decimal:
    """``value`` as a decimal without trailing zeros, rounded half away from zero where nine decimals are too few."""
    scaled = Fraction(value) * 10**_DECIMALS
    size = (2 * abs(scaled.numerator) + scaled.denominator) // (2 * scaled.denominator)
    places = _DECIMALS
    while places and size % 10 == 0:
        size, places = size // 10, places - 1
    return Decimal(size if scaled >= 0 else -size).scaleb(-places)


def ratio(part: int, whole: int, times: int = 1) -> Decimal | None:
    """``times · part / whole``; ``None`` for nothing of nothing."""
    return decimal(Fraction(times * part, whole)) if whole else None


def lower_place(n: N, percent: Decimal, rule: str) -> N:
    """The place, from 0, of the ordered case at or below a percentile of ``n``; takes a number or a column."""
    share = Fraction(percent) / 100
    if rule == NEAREST:
        return (n * share.numerator + share.denominator - 1) // share.denominator - 1
    return (n - 1) * share.numerator // share.denominator


def percentile(lower: int, upper: int, n: int, percent: Decimal, rule: str) -> Decimal:
    """A percentile of ``n`` cases, given the case at :func:`lower_place` and the one after it."""
    if rule == NEAREST:
        return Decimal(lower)
    beyond = (n - 1) * Fraction(percent) / 100 % 1
    return decimal(lower + beyond * (upper - lower))


@dataclass(frozen=True, slots=True)
class Closed:
    """Cases closed in a period: how many and their days in all, and the same of those that were not old."""

    n: int
    days: int
    young: int
    days_of_young: int

    @property
    def groups(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Number and days of the old, and of the young."""
        return (self.n - self.young, self.days - self.days_of_young), (self.young, self.days_of_young)


def mean_shift(before: Closed, after: Closed) -> tuple[Fraction, Fraction]:
    """The change of the mean time in two parts that sum to it: another share of old cases, other times in each group.

    Each part is weighed by the middle of the two periods (Kitagawa's decomposition). A group that is empty in one of
    them counts with its mean in the other, so that its coming or going is a change of shares.
    """
    mix = within = Fraction(0)
    for (n0, days0), (n1, days1) in zip(before.groups, after.groups, strict=True):
        if n0 or n1:
            first = Fraction(days0, n0) if n0 else Fraction(days1, n1)
            last = Fraction(days1, n1) if n1 else first
            share0, share1 = Fraction(n0, before.n), Fraction(n1, after.n)
            mix += (share1 - share0) * (first + last) / 2
            within += (last - first) * (share0 + share1) / 2
    return mix, within


def parts_of_100(counts: Sequence[int], decimals: int) -> tuple[Decimal, ...]:
    """The shares of ``counts`` in per cent, rounded by largest remainder: with ``decimals`` decimals they sum to 100.

    Each share is rounded down, and what is left of 100 goes to the shares that lost most; among equals to the largest
    count, then to the first. Counts that sum to zero have no shares and raise ZeroDivisionError.
    """
    whole, steps = sum(counts), 100 * 10**decimals
    exact = [Fraction(steps * count, whole) for count in counts]
    floors = [int(share) for share in exact]
    order = sorted(range(len(counts)), key=lambda i: (floors[i] - exact[i], -counts[i], i))
    for i in order[: steps - sum(floors)]:
        floors[i] += 1
    return tuple(Decimal(share).scaleb(-decimals) for share in floors)
