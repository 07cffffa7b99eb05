"""Bounds on a figure: the operators of the standard, with both ends of a range included."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any

from report_builder.contracts.odcs.quality import Comparing, Operator
from report_builder.contracts.words import Words, quoted, words

_MOST_DIGITS = 76
"""Of the longest number that an engine holds; what is larger, or as small, is written with an exponent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What a figure must be; with ``percent`` the figure is the share of all rows, in per cent."""

    operator: Operator
    operand: Any
    percent: bool = False

    @property
    def none_may_fail(self) -> bool:
        """Whether the bound says that not a single row may be at fault."""
        return self.operator == "must_be" and self.operand == 0 and not isinstance(self.operand, bool)

    def measured(self, count: Any, rows: int) -> Any:
        """The figure that the bound is about, from a count of rows among ``rows``."""
        if not self.percent:
            return count
        share = _exact(count)
        if not isinstance(share, Decimal) or not share.is_finite():
            return count
        return Decimal(0) if rows == 0 else share * 100 / rows

    def holds(self, figure: Any) -> bool:
        """Whether ``figure`` keeps to the bound; a figure that is missing or of another kind does not."""
        wanted = _exact(self.operand)
        figure = _exact(figure)
        if isinstance(figure, Decimal) and not figure.is_finite():
            return False  # a division by zero, say: it is no figure to compare
        if self.operator in {"must_be", "must_not_be"}:
            return bool(type(figure) is type(wanted) and figure == wanted) == (self.operator == "must_be")
        if not isinstance(figure, Decimal):
            return False
        if self.operator in {"must_be_between", "must_not_be_between"}:
            low, high = sorted(wanted)
            return bool(low <= figure <= high) == (self.operator == "must_be_between")
        return bool(_COMPARES[self.operator](figure, wanted))

    @property
    def words(self) -> Words:
        """The bound as the end of a sentence: ``must be at least 5``, ``ska vara minst 5``."""
        if self.operator in {"must_be_between", "must_not_be_between"}:
            low, high = (_with_unit(plain(end), self.percent and i == 1) for i, end in enumerate(sorted(self.operand)))
            if self.operator == "must_be_between":
                return words("must be between {low} and {high}", low=low, high=high)
            return words("must not be between {low} and {high}", low=low, high=high)
        return words(
            "{must} {figure}", must=_WORDS[self.operator], figure=_with_unit(plain(self.operand), self.percent)
        )


def _with_unit(figure: Words, percent: bool) -> Words:
    return words("{figure} per cent", figure=figure) if percent else figure


_WORDS = {
    "must_be": words("must be"),
    "must_not_be": words("must not be"),
    "must_be_greater_than": words("must be more than"),
    "must_be_greater_or_equal_to": words("must be at least"),
    "must_be_less_than": words("must be less than"),
    "must_be_less_or_equal_to": words("must be at most"),
}
_COMPARES: dict[str, Callable[[Any, Any], Any]] = {
    "must_be_greater_than": operator.gt,
    "must_be_greater_or_equal_to": operator.ge,
    "must_be_less_than": operator.lt,
    "must_be_less_or_equal_to": operator.le,
}


def bound_of(rule: Comparing) -> Bound:
    """The bound that a quality rule states."""
    name, operand = rule.operator
    return Bound(operator=name, operand=operand, percent=rule.unit == "percent")


def plain(value: Any) -> Words:
    """A figure as each language writes it, with no more decimals than it needs (two at most, unless it is smaller)."""
    if value is None:
        return words("no value", context="a figure of a rule")
    exact = _exact(value)
    if not isinstance(exact, Decimal):
        return quoted(str(value))
    if not exact.is_finite():
        return words("no number") if exact.is_nan() else words("infinite")
    english = _written(exact)
    return quoted(english, english.replace(".", ",").replace("-", "\N{MINUS SIGN}"))


def _written(exact: Decimal) -> str:
    if abs(exact.adjusted()) > _MOST_DIGITS:
        return f"{exact.normalize():.3g}"
    if exact == exact.to_integral_value():
        return f"{int(exact)}"
    with localcontext(prec=2 * _MOST_DIGITS):
        rounded = exact.quantize(Decimal("0.01"))
    return f"{rounded:f}".rstrip("0").rstrip(".") if rounded else f"{exact.normalize():.2g}"


def _exact(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float | Decimal):
        return Decimal(str(value))
    if isinstance(value, tuple | list):
        return tuple(_exact(v) for v in value)
    return value
