"""A database of a server whose documents are read and written without a package."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NoReturn, TypeVar

import psycopg

from ..bare import Run
from ..commands import Plan, Row
from ..sql.catalog import Catalog
from ..sql.layout import Layout
from .dialect import PostgresDialect
from .executor import Executor, Newest
from .links import BlockingLink, now
from .pool import Pool

R = TypeVar("R")


def _raise(error: psycopg.Error) -> NoReturn:
    raise error


class PostgresBareDatabase:
    """A database of a server, and what its catalogue says."""

    def __init__(self, catalog: Catalog) -> None:
        assert isinstance(catalog.dialect, PostgresDialect)
        self._dialect = catalog.dialect
        self._link = BlockingLink(
            catalog.dialect.postgres, Pool(catalog.dialect.target)
        )
        self.catalog = catalog

    def runner(self, layouts: Mapping[str, Layout]) -> Run:
        dialect = self._dialect
        statements = {name: dialect.statements(one) for name, one in layouts.items()}
        executor = Executor(self._link, statements, Newest())

        def run_plan(plan: Plan[R]) -> R:
            return now(executor.run(plan, _raise))

        return run_plan

    def stored(self, layout: Layout, ids: Collection[str]) -> set[str]:
        name = self._dialect.name(layout.table)
        sql = f"SELECT _id FROM {name} WHERE _id = ANY(?::text[])"
        return {id for (id,) in self._dialect.connection.execute(sql, (list(ids),))}

    def make_room(self, name: str, layout: Layout, rows: Sequence[Row]) -> Layout:
        return layout  # tables of a server keep all ids and times
