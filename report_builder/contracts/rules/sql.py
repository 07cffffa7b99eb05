"""What a sql rule may be: one SELECT over the files of the contract, and nothing that reaches out of them."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from report_builder.contracts.words import Words, words

if TYPE_CHECKING:
    from sqlglot import exp

_OBJECT = re.compile(r"\$?\{(?:object|table|model|schema)\}")
_COLUMN = re.compile(r"\$?\{(?:property|column|field)\}")


def prepared(query: str, object_name: str, column: str | None) -> str:
    """The query with the names that its placeholders stand for."""
    query = _OBJECT.sub(lambda _: f'"{object_name}"', query)
    return query if column is None else _COLUMN.sub(lambda _: f'"{column}"', query)


def tables_read(query: str) -> frozenset[str]:
    """The files that a query reads."""
    import sqlglot
    from sqlglot import exp

    select = sqlglot.parse_one(query, read="duckdb")
    own = {c.alias.casefold() for c in select.find_all(exp.CTE)}
    return frozenset(t.name for t in select.find_all(exp.Table) if t.name.casefold() not in own)


def refusal(query: str, objects: Collection[str]) -> Words | None:
    """Why ``query`` is not run, or None if it may be."""
    import sqlglot

    try:
        statements = sqlglot.parse(query, read="duckdb")
    except sqlglot.errors.SqlglotError as e:
        first = str(e).splitlines()[0]
        return words("The query cannot be parsed: {reason}", reason=first)
    except RecursionError:
        return words("The query is nested too deeply.")
    if len(statements) != 1 or not isinstance(statements[0], sqlglot.exp.Select):
        return words("The query is not a single SELECT.")
    return _reach(statements[0], objects)


def _reach(select: exp.Select, objects: Collection[str]) -> Words | None:
    """Why a SELECT is not run: it reaches out of the contract's objects, or writes."""
    from sqlglot import exp

    if select.find(exp.Into) or any(w.args.get("recursive") for w in select.find_all(exp.With)):
        return words("The query writes, or repeats itself.")
    known = {o.casefold() for o in objects} | {c.alias.casefold() for c in select.find_all(exp.CTE)}
    for table in select.find_all(exp.Table):
        plain = isinstance(table.this, exp.Identifier) and not table.args.get("db")
        if not plain or table.name.casefold() not in known:
            return words("The query reads {table}, which is no object of the contract.", table=table.sql("duckdb"))
    if select.find(exp.UDTF):
        return words("The query calls a function as a table.")
    return None
