"""The words a template may use: figures, changes, rankings and lists, all worded here and nothing computed in prose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from report_builder import swedish
from report_builder.document import nodes as n
from report_builder.facts.fact import Fact, ObsStatus
from report_builder.narrative.book import Book, Coordinates
from report_builder.narrative.fill import Filler
from report_builder.narrative.template import Materiality
from report_builder.periods import Period
from report_builder.problems import Problem, ReportError, nearest
from report_builder.workspace.workspace import CaseType

Nouns = tuple[str, str] | tuple[()]
"""What is counted, one and many ("rapport", "rapporter"); empty is the workspace's own noun."""


class Vocabulary:
    """Figures and wording for templates; every printed figure is tied to its fact."""

    def __init__(self, book: Book, filler: Filler, materiality: Materiality) -> None:
        self._book = book
        self._filler = filler
        self._materiality = materiality

    def names(self) -> dict[str, Any]:
        """What Jinja knows by name. Functions note their faults with file and line."""
        functions: tuple[Callable[..., Any], ...] = (
            self.number, self.value, self.about, self.change, self.direction, self.side, self.rose, self.fell, self.has,
            self.zero, self.sign, self.ranked,
        )  # fmt: skip
        guarded = {f.__name__: self._filler.guarded(f) for f in functions}
        case_types = self._book.case_types
        return {
            **guarded,
            "count": self.count,
            "names": self.listing,
            "release": self._book.release,
            "authority": self._book.settings.authority,
            "P": self._book.periods,
            "case_types": case_types,
            "prioritised": tuple(c for c in case_types if c.prioritised),
            "total": self._book.settings.total,
        }

    def say(self, role: str, words: Sequence[str]) -> Markup:
        """The figure that a span in a section asks for; ``words`` are measure.statistic, case type and period.

        Raises:
            ReportError: there is no such fact, or it has no value.
            ValueError: the period is neither named nor spelled right.

        """
        roles: dict[str, Callable[[str, str, str], Markup]] = {
            "fact": self.number, "value": self.value, "about": self.about, "change": self.change,
        }  # fmt: skip
        measure, case_type, period = words
        return roles[role](measure, case_type, period)

    def number(self, measure: str, case_type: str, period: Period | str, vintage: str = "") -> Markup:
        """The bare figure: ``18 950``. ``vintage`` picks what was published first and revised later."""
        fact = self._printable(measure, case_type, period, vintage)
        return self._keep(n.FactValue(fact_id=fact.id, text=swedish.number(fact.value, fact.decimals)))

    def value(self, measure: str, case_type: str, period: Period | str, noun: Nouns = ()) -> Markup:
        """The figure with its unit: ``612 dagar``, ``75 procent``, ``18 950 ärenden`` (or ``noun``)."""
        fact = self._printable(measure, case_type, period)
        text = swedish.with_unit(fact.value, fact.decimals, fact.unit, self._nouns(noun))
        return self._keep(n.FactValue(fact_id=fact.id, text=text))

    def about(self, measure: str, case_type: str, period: Period | str, noun: Nouns = ()) -> Markup:
        """The figure in round terms, never false: ``drygt 18 900 ärenden``, ``knappt 19 000 ärenden``."""
        fact = self._printable(measure, case_type, period)
        words, figure = swedish.approximate(fact.value or Decimal(0), fact.decimals)
        unit = swedish.with_unit(figure, fact.decimals, fact.unit, self._nouns(noun)).rpartition(swedish.NBSP)[2]
        return self._keep(n.FactValue(fact_id=fact.id, text=f"{words}{swedish.NBSP}{unit}"))

    def change(
        self,
        measure: str,
        case_type: str,
        period: Period | str,
        since: Period | str | None = None,
        noun: Nouns = (),
        subject: swedish.Subject = "",
    ) -> Markup:
        """``ökade med 312 ärenden (12 procent)`` against a year earlier, or against ``since``.

        What is smaller than the template's bound of materiality is ``i stort sett oförändrad``, with the ending that
        ``subject`` asks for ("en", "ett", "flera").
        """
        both = self._compared(measure, case_type, period, since)
        diff = both.difference
        if not both.material:
            return self._keep(n.FactValue(fact_id=diff.id, text=swedish.nearly_unchanged(subject)))
        words = swedish.change(both.amount, diff.decimals, diff.unit, self._nouns(noun))
        parts: list[n.Inline] = [n.FactValue(fact_id=diff.id, text=words)]
        if both.later.unit != swedish.PERCENT and both.printed != 0:
            at = self._at(measure, case_type, period)
            percent = self._book.change(both.later, at, both.earlier.period, "percent")
            if percent.value is not None and swedish.relative_is_worth_saying(both.base, percent.value):
                text = swedish.with_unit(abs(percent.value), 0, swedish.PERCENT, self._nouns())
                parts += [n.Text(text=" ("), n.FactValue(fact_id=percent.id, text=text), n.Text(text=")")]
        return self._keep(*parts)

    def direction(
        self,
        up: str,
        down: str,
        measure: str,
        case_type: str | Sequence[CaseType],
        period: Period | str,
        since: Period | str | None = None,
    ) -> Markup:
        """The word of the two that is true of the change, tied to it: ``{{ direction('växte', 'krympte', …) }}``.

        With several case types it must be true of all of them. "fördubblades" and "halverades" are tied to the change
        in per cent.
        """
        self._are_words_of_direction(up, down)
        ids = [case_type] if isinstance(case_type, str) else [c.id for c in case_type]
        compared = [self._compared(measure, one, period, since) for one in ids]
        signs = [both.printed for both in compared]
        word = self._one_word(up, down, signs, compared[0].difference.id)
        tied = compared[0].difference
        if word.lower() in swedish.DOUBLED | swedish.HALVED:
            at = self._at(measure, ids[0], period)
            tied = self._book.change(compared[0].later, at, compared[0].earlier.period, "percent")
        return self._keep(n.FactValue(fact_id=tied.id, text=word))

    def side(
        self, above: str, below: str, measure: str, case_type: str | Sequence[CaseType], period: Period | str
    ) -> Markup:
        """The word of the two that is true of a deviation, tied to it: ``{{ side('längre', 'kortare', …) }}``."""
        self._are_words_of_direction(above, below)
        ids = [case_type] if isinstance(case_type, str) else [c.id for c in case_type]
        facts = [self._printable(measure, one, period) for one in ids]
        signs = [swedish.round_half_up(f.value or Decimal(0), f.decimals) for f in facts]
        return self._keep(n.FactValue(fact_id=facts[0].id, text=self._one_word(above, below, signs, facts[0].id)))

    def _are_words_of_direction(self, up: str, down: str) -> None:
        if up.lower() not in swedish.RISING or down.lower() not in swedish.FALLING:
            hint = f"Up: {', '.join(sorted(swedish.RISING))}. Down: {', '.join(sorted(swedish.FALLING))}."
            raise ReportError(Problem(code="no-direction", message=f"{up!r}, {down!r} are not up and down.", hint=hint))

    def _one_word(self, up: str, down: str, signs: Sequence[Decimal], first: str) -> str:
        """The word that is true of every sign; raises ReportError where there is none."""
        if all(sign > 0 for sign in signs):
            return up
        if all(sign < 0 for sign in signs):
            return down
        message = f"{first} is no change." if len(signs) == 1 else f"{first} and the others do not go the same way."
        hint = "Put the sentence inside {% if rose(…) or fell(…) %} … {% endif %}."
        raise ReportError(Problem(code="no-direction", message=message, hint=hint))

    def rose(self, measure: str, case_type: str, period: Period | str, since: Period | str | None = None) -> bool:
        """Whether the figure, as printed, rose against a year earlier (or against ``since``)."""
        return self._direction(measure, case_type, period, since) > 0

    def fell(self, measure: str, case_type: str, period: Period | str, since: Period | str | None = None) -> bool:
        """Whether the figure, as printed, fell."""
        return self._direction(measure, case_type, period, since) < 0

    def has(self, measure: str, case_type: str, period: Period | str) -> bool:
        """Whether there is such a fact, with a value."""
        fact = self._book.find(self._at(measure, case_type, period))
        return fact is not None and fact.value is not None

    def zero(self, measure: str, case_type: str, period: Period | str) -> bool:
        """Whether the figure, as printed, is zero: for sentences that say "inget ärende"."""
        fact = self._printable(measure, case_type, period)
        return fact.value is not None and swedish.round_half_up(fact.value, fact.decimals) == 0

    def sign(self, measure: str, case_type: str, period: Period | str) -> int:
        """1, −1 or 0 as the figure is printed above zero, below it, or as zero: for values that are changes already."""
        fact = self._printable(measure, case_type, period)
        printed = swedish.round_half_up(fact.value or Decimal(0), fact.decimals)
        return (printed > 0) - (printed < 0)

    def ranked(self, measure: str, period: Period | str) -> tuple[CaseType, ...]:
        """The case types that have a value, highest first; equal ones in the register's order."""
        found: list[tuple[Fact, CaseType]] = []
        for case_type in self._book.case_types:
            fact = self._book.find(self._at(measure, case_type.id, period))
            if fact is not None and fact.value is not None:
                found.append((fact, case_type))
        found.sort(key=lambda pair: -(pair[0].value or 0))
        return tuple(case_type for _, case_type in found)

    def count(self, items: Sequence[object]) -> str:
        """How many there are, in words up to tolv."""
        return swedish.count_word(len(items))

    def listing(self, items: Sequence[Any], field: str = "short") -> str:
        """``a, b och c`` of the items' names."""
        words = [str(item if isinstance(item, str) else getattr(item, field)) for item in items]
        return swedish.listing(words)

    def _nouns(self, noun: Nouns = ()) -> tuple[str, str]:
        return noun or self._book.settings.count_noun

    def _at(self, measure: str, case_type: str, period: Period | str) -> Coordinates:
        found = period if isinstance(period, Period) else self._book.periods.named(period)
        return Coordinates(measure=measure, case_type=case_type, period=found)

    def _keep(self, *inlines: n.Inline) -> Markup:
        return self._filler.keep(inlines)

    def _printable(self, measure: str, case_type: str, period: Period | str, vintage: str = "") -> Fact:
        fact = self._book.fact(self._at(measure, case_type, period).over(Coordinates(vintage=vintage)))
        if fact.value is None:
            why = "is suppressed" if fact.status is ObsStatus.SUPPRESSED else "has no value"
            near = nearest(
                fact.id, (f.id for f in self._book.facts if f.value is not None and f.measure == fact.measure)
            )
            hint = f"{near} Put the sentence inside {{% if has(…) %}} … {{% endif %}}.".strip()
            raise ReportError(Problem(code="no-value", message=f"The fact {fact.id} {why}.", hint=hint))
        return fact

    def _compared(self, measure: str, case_type: str, period: Period | str, since: Period | str | None) -> _Compared:
        later = self._printable(measure, case_type, period)
        earlier = self._printable(measure, case_type, later.period.previous if since is None else since)
        at = self._at(measure, case_type, period)
        diff = self._book.change(later, at, earlier.period, "difference")
        amount, base = diff.value or Decimal(0), earlier.value or Decimal(0)
        return _Compared(later, earlier, diff, amount, base, self._is_material(diff, amount, base))

    def _is_material(self, diff: Fact, amount: Decimal, base: Decimal) -> bool:
        """Whether the change is worth a word; one that rounds to nothing has its own."""
        if swedish.round_half_up(amount, diff.decimals) == 0:
            return True
        if diff.unit == swedish.POINTS:
            return abs(amount) >= self._materiality.points
        return 100 * abs(amount) >= self._materiality.percent * abs(base)

    def _direction(self, measure: str, case_type: str, period: Period | str, since: Period | str | None) -> int:
        printed = self._compared(measure, case_type, period, since).printed
        return (printed > 0) - (printed < 0)


@dataclass(frozen=True, slots=True)
class _Compared:
    """Two facts that both have values, their difference as a fact, its ``amount`` and ``base``, and if it matters."""

    later: Fact
    earlier: Fact
    difference: Fact
    amount: Decimal
    base: Decimal
    material: bool

    @property
    def printed(self) -> Decimal:
        """The difference as it is printed: a change that rounds to nothing, or is immaterial, is no change."""
        if not self.material:
            return Decimal(0)
        return swedish.round_half_up(self.amount, self.difference.decimals)
