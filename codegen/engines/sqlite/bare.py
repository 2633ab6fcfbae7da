"""A file whose documents are read and written without a package."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from ..bare import Run
from ..commands import Row
from ..sql.catalog import Catalog
from ..sql.layout import Layout
from .any_id import keep_any_id
from .dialect import SqliteDialect
from .executor import Executor
from .row_numbers import number_of
from .statements import Statements


class SqliteBareDatabase:
    """A file, and what its catalogue says."""

    def __init__(self, catalog: Catalog) -> None:
        assert isinstance(catalog.dialect, SqliteDialect)
        self._connection = catalog.dialect.connection
        self.catalog = catalog

    def runner(self, layouts: Mapping[str, Layout]) -> Run:
        statements = {name: Statements(layout) for name, layout in layouts.items()}
        return Executor(self._connection, statements).run

    def stored(self, layout: Layout, ids: Collection[str]) -> set[str]:
        return {id for id in self._at_places(layout, ids) if id in set(ids)}

    def make_room(self, name: str, layout: Layout, rows: Sequence[Row]) -> Layout:
        if not layout.timed:
            return layout
        ids = [row[0] for row in rows]
        number = Statements(layout).row
        numbers = {number_of(row[1]) for row in rows}
        if (
            len(numbers) == len(rows)
            and all(number(row[0]) == number_of(row[1]) for row in rows)
            and not self._at_places(layout, ids)
        ):
            return layout
        return keep_any_id(self.catalog, self._connection, name, layout)

    def _at_places(self, layout: Layout, ids: Collection[str]) -> list[str]:
        """The ids of the rows where those of new documents would be."""
        row = Statements(layout).row
        places = [row(id) for id in ids] if layout.timed else list(ids)
        column = "_row" if layout.timed else "_id"
        marks = ", ".join("?" * len(places))
        sql = f'SELECT _id FROM "{layout.table}" WHERE {column} IN ({marks})'
        return [id for (id,) in self._connection.execute(sql, places)]
