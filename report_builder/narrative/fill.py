"""Filling prose with Jinja, so that what comes out of ``{{ … }}`` is data and never markup.

Every expression's output becomes a token of two private-use characters around a number; the node it stands for is
kept beside the text. The Markdown parser sees only the token, so nothing in a register, a section or a fact can be
read as a heading, a link or a template. Templates run in Jinja's immutable sandbox.
"""

from __future__ import annotations

import re
import string
import sys
from collections.abc import Callable, Mapping, Sized
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import FrameType
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from report_builder import swedish
from report_builder.allowance import ExceededError, watched
from report_builder.document import nodes as n
from report_builder.narrative.slots import Fragment, LateFragment
from report_builder.periods import Period
from report_builder.problems import Place, Problem, ReportError, nearest

OPEN, CLOSE = "\ue000", "\ue001"
_TOKEN = re.compile(f"{OPEN}([0-9]+){CLOSE}")


class _Environment(ImmutableSandboxedEnvironment):
    """Jinja's sandbox that compiles a source once in a process: a release may be written several times over.

    Powers and products that grow without end are refused; a loop that goes on for too long is ended from without
    (:mod:`report_builder.allowance`).
    """

    intercepted_binops = frozenset({"**", "*"})

    def call_binop(self, context: jinja2.runtime.Context, operator: str, left: Any, right: Any) -> Any:
        """The product or the power, if it is no larger than anything that stands in a report."""
        if _size(operator, left, right) > _LARGEST_PRODUCT:
            raise jinja2.exceptions.SecurityError(f"{operator} gives more than any report holds")
        return super().call_binop(context, operator, left, right)

    def compile(self, source: Any, name: Any = None, filename: Any = None, *_: Any, **__: Any) -> Any:
        """As Jinja's own; what comes out depends only on the source, its name and what every filler has alike."""
        known = (source, name, filename)
        if known not in _COMPILED:
            if len(_COMPILED) >= _MOST_COMPILED:
                _COMPILED.clear()
            _COMPILED[known] = super().compile(source, name, filename)
        return _COMPILED[known]


_LARGEST_PRODUCT = 100_000


def _size(operator: str, left: Any, right: Any) -> int:
    """How large the result of ``**`` or ``*`` may be: the bits of a whole number, the length of a text or a list."""
    if isinstance(left, int) and isinstance(right, int):
        return left.bit_length() * max(right, 0) if operator == "**" else left.bit_length() + right.bit_length()
    length = next((len(operand) for operand in (left, right) if isinstance(operand, Sized)), 0)
    times = next((operand for operand in (left, right) if isinstance(operand, int)), 0)
    return length * times


_MOST_COMPILED = 1000
_COMPILED: dict[tuple[str, str | None, str | None], Any] = {}


class Filler:
    """Renders the prose of one template and keeps what its expressions stand for.

    ``problems`` grows while templates are rendered: a fact that does not exist is noted with its line and rendering
    goes on, so that an author sees every fault at once.
    """

    def __init__(self, folder: Path, shown: Callable[[Path], str]) -> None:
        self.fragments: list[Fragment | LateFragment] = []
        self.problems: list[Problem] = []
        self._folder = folder
        self._shown = shown
        self._string_place: Place | None = None
        self._env = _Environment(
            loader=jinja2.FileSystemLoader(folder),
            undefined=jinja2.StrictUndefined,
            autoescape=True,
            finalize=self._finalize,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            comment_start_string="{%#",  # {# opens the id of a heading
            comment_end_string="#%}",
        )
        self._env.filters.update(
            day=swedish.day, month=swedish.month, genitive=swedish.genitive, ordinal=swedish.ordinal,
            ordinal_day=swedish.ordinal_day, ordinal_month_day=swedish.ordinal_month_day,
        )  # fmt: skip

    def offer(self, names: Mapping[str, Any]) -> None:
        """Make ``names`` known to every template."""
        self._env.globals.update(names)

    def keep(self, fragment: Fragment | LateFragment) -> Markup:
        """The token that stands for ``fragment`` in the filled text."""
        self.fragments.append(fragment)
        return Markup(f"{OPEN}{len(self.fragments) - 1}{CLOSE}")  # noqa: S704 (private-use characters and digits)

    def late(self, filled: str) -> tuple[LateFragment, ...]:
        """The fragments of filled text that depend on what fills the slots."""
        found = (self.fragments[int(token)] for token in _TOKEN.findall(filled))
        return tuple(fragment for fragment in found if callable(fragment))

    def guarded(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """``function``, but a ReportError becomes a noted problem at the template's line, and a gap in the text."""

        def call(*args: Any, **kwargs: Any) -> Any:
            try:
                return function(*args, **kwargs)
            except ReportError as e:
                place = self._line(sys._getframe(1))
                self.problems += [_placed(p, place) for p in e.problems]
            except (ValueError, TypeError) as e:
                self.problems.append(
                    Problem(code="bad-call", message=f"{function.__name__}: {e}.", place=self._line(sys._getframe(1)))
                )
            return self.keep((n.Text(text=swedish.MISSING),))

        return call

    def render(self, file: str) -> str:
        """The filled text of a prose file; faults are noted in ``problems`` and give an empty text."""
        return self._run(lambda: self._env.get_template(file), Place(file=self._shown(self._folder / file)), {})

    def render_string(self, text: str, place: Place, names: Mapping[str, Any]) -> str:
        """The filled text of a caption, note or the like that stands at ``place``."""
        self._string_place = place
        return self._run(lambda: self._env.from_string(text), place, names)

    def syntax(self, file: str) -> tuple[Problem, ...]:
        """What keeps the prose file from being a template at all; nothing is filled in."""
        before = len(self.problems)
        self._run(lambda: self._env.get_template(file), Place(file=self._shown(self._folder / file)), None)
        return tuple(self.problems[before:])

    def _run(self, load: Callable[[], jinja2.Template], place: Place, names: Mapping[str, Any] | None) -> str:
        """What the template gives; with ``None`` for ``names`` it is only read."""
        try:
            with watched(place.file):
                template = load()
                return "" if names is None else template.render(names)
        except ExceededError as e:
            self.problems += e.problems
        except jinja2.TemplateSyntaxError as e:
            self._note("template-syntax", e.message or "syntax error", place, e.lineno if e.filename else None)
        except jinja2.TemplateNotFound as e:
            known = [p.name for p in self._folder.glob("*.j2")]
            self._note("file-missing", f"There is no template file {e.name}", place, None, nearest(str(e.name), known))
        except jinja2.UndefinedError as e:
            at = self._deepest_line(e) or place
            self.problems.append(
                Problem(
                    code="unknown-name", message=f"{e.message}.", place=at,
                    hint=nearest(str(e.message).split("'")[1] if "'" in str(e.message) else "", self._env.globals),
                )
            )  # fmt: skip
        except jinja2.exceptions.SecurityError as e:
            self._note("forbidden", f"The sandbox refuses this: {e}", self._deepest_line(e) or place, None)
        except RecursionError as e:
            at = self._deepest_line(e) or place
            self._note("include-cycle", "The template includes itself, directly or through another", at, None)
        except (TypeError, ValueError, AttributeError, ArithmeticError, LookupError, MemoryError) as e:
            self._note("template-fault", f"{type(e).__name__}: {e}", self._deepest_line(e) or place, None)
        return ""

    def _note(self, code: str, message: str, place: Place, line: int | None, hint: str = "") -> None:
        at = Place(file=place.file, line=line) if line else place
        self.problems.append(Problem(code=code, message=f"{message}.", place=at, hint=hint))

    @jinja2.pass_context
    def _finalize(self, _context: jinja2.runtime.Context, value: object) -> object:
        """What an expression gives, as a token. A bare number is refused: it would be a figure without a fact."""
        if isinstance(value, Markup):
            return value
        if isinstance(value, bool | int | float | Decimal):
            hint = "Print a figure with number() or value(), and the length of a list with count()."
            message = f"The expression gives the bare value {value}."
            place = self._line(sys._getframe(1))
            self.problems.append(Problem(code="bare-number", message=message, place=place, hint=hint))
            return self.keep((n.Text(text=swedish.MISSING),))
        if isinstance(value, Period):
            return self.keep(plain_data(swedish.period(value)))
        if isinstance(value, date):
            return self.keep(plain_data(swedish.day(value)))
        return self.keep(plain_data(str(value))) if value is not None else ""

    def _line(self, frame: FrameType | None) -> Place | None:
        """The template and line that a call came from: the nearest caller that is a template."""
        while frame is not None:
            template = frame.f_globals.get("__jinja_template__")
            if isinstance(template, jinja2.Template):
                if template.filename is None:  # a caption or a note: its place was given
                    return self._string_place
                line = template.get_corresponding_lineno(frame.f_lineno)
                return Place(file=self._shown(Path(template.filename)), line=line)
            frame = frame.f_back
        return None

    def _deepest_line(self, error: BaseException) -> Place | None:
        """The deepest line of a template in the error's traceback (Jinja has put template lines there)."""
        found, trace = None, error.__traceback__
        while trace is not None:
            name = trace.tb_frame.f_code.co_filename
            if name.startswith(str(self._folder)):
                found = Place(file=self._shown(Path(name)), line=trace.tb_lineno)
            trace = trace.tb_next
        return found


def plain_data(words: str) -> tuple[n.Inline, ...]:
    """Words of a period, a register or a release: digits among them refer to something and count nothing."""
    if not words:
        return ()
    plain = n.Text(text=words)
    return (n.Citation(content=(plain,)),) if any(c.isdigit() for c in words) else (plain,)


def _placed(problem: Problem, place: Place | None) -> Problem:
    import dataclasses

    return problem if problem.place is not None or place is None else dataclasses.replace(problem, place=place)


def filled_wording(words: str, **nodes: n.Inline) -> tuple[n.Inline, ...]:
    """A wording with nodes in its named places: ``"Data of {figure}: "`` with a reference for the figure."""
    found: list[n.Inline] = []
    for before, name, _, _ in string.Formatter().parse(words):
        found += [n.Text(text=before)] if before else []
        found += [nodes[name]] if name else []
    return tuple(found)
