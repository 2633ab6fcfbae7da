"""Databases whose documents are read and written without a package, as the catalogue has them."""

from __future__ import annotations

from collections.abc import Collection, Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol, TypeVar

from .access import catalog_of
from .commands import Plan, Row
from .sql.catalog import Catalog
from .sql.layout import Layout
from .url import is_postgres

R = TypeVar("R")


class Run(Protocol):
    """Runs plans in the transaction that is open, or each command on its own."""

    def __call__(self, plan: Plan[R], /) -> R: ...


class BareDatabase(Protocol):
    """One connection, used by one thread; transactions are those of the catalogue's dialect."""

    @property
    def catalog(self) -> Catalog: ...

    def runner(self, layouts: Mapping[str, Layout]) -> Run:
        """What runs plans on tables that lie like this."""
        ...

    def stored(self, layout: Layout, ids: Collection[str]) -> set[str]:
        """Which of these are the ids of documents in a table."""
        ...

    def make_room(self, name: str, layout: Layout, rows: Sequence[Row]) -> Layout:
        """How a table lies that can keep new rows with their ids and creation times.

        That is how it lay before, or it is laid out anew, inside the open transaction.
        """
        ...


@contextmanager
def open_bare(
    url: str, timeout_ms: float, *, changes: bool = False
) -> Generator[BareDatabase]:
    """Opens a database for the time of a `with`; see `catalog_of`, which raises the same."""
    with catalog_of(url, timeout_ms, changes=changes) as catalog:
        if is_postgres(url):
            from .postgres.bare import PostgresBareDatabase

            yield PostgresBareDatabase(catalog)
        else:
            from .sqlite.bare import SqliteBareDatabase

            yield SqliteBareDatabase(catalog)
