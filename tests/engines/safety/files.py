"""Database files of tests: looked at without the engine."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from types import ModuleType

from codegen.engines.package import Package
from codegen.engines.sql.catalog import Catalog
from codegen.engines.sql.layout import Layout
from codegen.engines.sqlite.dialect import SqliteDialect
from codegen.engines.sqlite.row_numbers import number_of
from codegen.engines.sqlite.statements import Statements, index_name

COUNTERS = """\
tables:
  counters:
    fields: {name: str, n: float}
    indexes:
      by_name: [name]
      by_n: [n, name]
"""


def url_of(file: Path) -> str:
    return f"sqlite:///{file}"


@contextmanager
def plain(file: Path) -> Generator[sqlite3.Connection]:
    """A connection that is not the engine's; each statement is on its own."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        yield connection


def layouts(connection: sqlite3.Connection) -> dict[str, Layout]:
    """How the tables of a file are laid out."""
    return Catalog(SqliteDialect(connection)).layouts()


def check_file(file: Path, package: ModuleType) -> int:
    """Asserts that a file is whole: every row has the number of its id and of its creation time, every
    index just the keys of the documents.

    The answer is the number of documents.
    """
    count = 0
    with plain(file) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        found = layouts(connection)
        tables = Package(package.__name__, package.server.schema).tables(found)
        for table in tables.values():
            layout = found[table.name]
            number = Statements(layout).row
            columns = [layout.columns[index.name].name for index in table.indexes]
            names = "".join(f', "{column}"' for column in columns)
            stored = connection.execute(
                f'SELECT _row, _id, _creationTime, _document{names} FROM "{layout.table}"'
            ).fetchall()
            for row, id, creation_time, document, *keys in stored:
                assert row == number(id) == number_of(creation_time)
                (_, _, _, *made), _ = table.row(id, creation_time, document)
                assert list(made) == keys
            indexes = connection.execute(f'PRAGMA index_list("{layout.table}")')
            made = {row[1] for row in indexes if row[3] == "c"}
            assert made == {index_name(layout.table, column) for column in columns}
            count += len(stored)
    return count
