"""The engine that rules run on: DuckDB in this process, and nothing but SQL that Ibis made of an expression.

An expression is built only when its SQL is not kept already (:mod:`~report_builder.contracts.rules.sql_cache`), so what
builds one is handed over as a function. Tables in an expression are known by name and schema alone: to run a contract
on another engine is to write another class like this one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Timer
from typing import TYPE_CHECKING, Any, TypeVar

from report_builder.allowance import ExceededError, allowed, watched
from report_builder.contracts.rules.sql_cache import Kept

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa
    from ibis.backends.duckdb import Backend

Build = Callable[[], "ir.Table"]
T = TypeVar("T")

_TO_STOP = 5.0
"""Seconds that the engine has to stop a query that was interrupted, before the whole program is."""


class EngineError(Exception):
    """The engine does not take an expression or a query; the message is its first line."""


@dataclass(slots=True)
class Engine:
    """A database of our own, in this process and in memory.

    ``backend`` is the same database as Ibis sees it, there where tables are handed on (see :meth:`settle`); ``kept``
    has the SQL of earlier checks, ``size`` is how many bytes the tables take that were registered.
    """

    con: Any
    backend: Backend | None = None
    kept: Kept = field(default_factory=Kept)
    size: int = 0

    def lock(self) -> None:
        """From here on nothing that runs here reaches a file or the network, and nothing can undo that."""
        self.con.execute("SET enable_external_access = false")
        self.con.execute("SET lock_configuration = true")

    def register(self, name: str, table: pa.Table) -> None:
        """Let queries see ``table``, which stays where it is."""
        self.con.register(name, table)
        self.size += table.nbytes
        self.kept.given(name, table.schema.to_string(show_field_metadata=False, show_schema_metadata=False))

    def forget(self, name: str) -> None:
        """Let go of a table that was registered."""
        self.con.unregister(name)
        self.kept.withdrawn(name)

    def fetch(self, content: Build, kept_as: str | None = None) -> pa.Table:
        """``content``, computed; ``kept_as`` tells it from every other expression of the same contract.

        Raises:
            EngineError: the engine does not take it.

        """
        return self._run(lambda: self.con.sql(self._sql(content, kept_as)).to_arrow_table())

    def show(self, name: str, content: Build) -> None:
        """``content`` under a name of its own; nothing is computed until it is asked for."""
        sql = self._sql(content, f"show {name}")
        self._run(lambda: self.con.execute(f"CREATE VIEW {_quoted(name)} AS {sql}"))

    def drop(self, name: str) -> None:
        """Show ``name`` no longer."""
        self.con.execute(f"DROP VIEW {_quoted(name)}")

    def settle(self, name: str, content: Build) -> ir.Table:
        """``content`` computed, and kept under the name that showed it until now: a table to go on with."""
        if self.backend is None:
            raise ValueError("an engine that hands tables on is connected with a backend")
        held = f"_settled_{name}"
        self.con.execute(f"CREATE TABLE {_quoted(held)} AS {self._sql(content, None)}")
        self.con.execute(f"DROP VIEW {_quoted(name)}")
        self.con.execute(f"ALTER TABLE {_quoted(held)} RENAME TO {_quoted(name)}")
        return self.backend.table(name)

    def figure(self, query: str) -> Any:
        """The answer of a query of the contract's own, which must be one row of one column.

        Raises:
            EngineError: it is not, or the engine does not take the query, or not within the time that it may take.

        """
        rows = self._within_limits(query, lambda: self.con.execute(query).fetchmany(2))
        if len(rows) != 1 or len(rows[0]) != 1:
            raise EngineError("it does not give one figure")
        return rows[0][0]

    def _within_limits(self, query: str, run: Callable[[], T]) -> T:
        """What ``run`` gives, if it takes no more than the tables that it reads may take."""
        allowance = allowed().for_data(self.size)
        interrupt = Timer(allowance.seconds, self.con.interrupt)
        interrupt.daemon = True
        interrupt.start()
        try:
            with watched(f"query {query}", replace(allowance, seconds=allowance.seconds + _TO_STOP)):
                return self._run(run)
        except ExceededError as e:
            raise EngineError(e.problems[0].message) from e
        except EngineError as e:
            if interrupt.finished.is_set():
                raise EngineError(f"it takes more than {round(allowance.seconds):g} seconds") from e
            raise
        finally:
            interrupt.cancel()

    def close(self) -> None:
        """Let go of everything."""
        self.con.close()

    def _sql(self, content: Build, kept_as: str | None) -> str:
        return _compiled(content) if kept_as is None else self.kept.sql(kept_as, lambda: _compiled(content))

    def _run(self, query: Callable[[], T]) -> T:
        import duckdb

        try:
            return query()
        except duckdb.Error as e:
            raise EngineError(str(e).partition("\n")[0]) from e


def connect(kept: Kept | None = None, *, handing_on: bool = False) -> Engine:
    """An engine of our own; ``handing_on`` where the tables of a delivery will be handed on."""
    if handing_on:
        import ibis

        backend = ibis.duckdb.connect()
        return Engine(backend.con, backend, kept or Kept())
    import duckdb

    con = duckdb.connect()
    # As Ibis sets them: no time zone of this machine, and no variable of this program taken for a table.
    con.execute("SET timezone = 'UTC'")
    con.execute("SET python_enable_replacements = false")
    return Engine(con, kept=kept or Kept())


def _compiled(content: Build) -> str:
    import ibis
    from ibis.common.exceptions import IbisError

    try:
        return str(ibis.duckdb.compile(content()))
    except IbisError as e:
        raise EngineError(str(e).partition("\n")[0]) from e


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'
