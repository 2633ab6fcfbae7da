"""Where a test keeps a database: in a file or on a server, looked at without the engine."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

import psycopg

from codegen.engines.keys import float_key, string_key
from codegen.engines.package import Package
from codegen.engines.postgres.dialect import PostgresDialect
from codegen.engines.postgres.names import short
from codegen.engines.postgres.target import Connection, Target
from codegen.engines.sql.catalog import Catalog
from tests.engines.safety.files import check_file, plain, url_of


class Place(Protocol):
    """A database that has nothing in it when a test begins."""

    url: str

    def check(self, made: ModuleType) -> int:
        """Asserts that all is as it must be; the number of documents."""
        ...

    def dump(self) -> list[Any]:
        """All that is in it."""
        ...

    def trace(self) -> Any:
        """What is another after anything was written."""
        ...

    def edit(self, table: str, old: str, new: str) -> None:
        """Changes the texts of documents by hand."""
        ...

    def indexes(self, table: str) -> set[str]:
        """The names of a table's indexes, but for those that it always has."""
        ...

    def columns(self, table: str) -> set[str]: ...


class File:
    """A file of SQLite."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.url = url_of(path)

    def check(self, made: ModuleType) -> int:
        return check_file(self.path, made)

    def dump(self) -> list[Any]:
        with plain(self.path) as connection:
            return [*connection.iterdump()]

    def trace(self) -> Any:
        return self.path.read_bytes(), self.path.stat().st_mtime_ns

    def edit(self, table: str, old: str, new: str) -> None:
        sql = f'UPDATE "{table}" SET _document = replace(_document, ?, ?)'
        with plain(self.path) as connection:
            connection.execute(sql, (old, new))

    def indexes(self, table: str) -> set[str]:
        sql = (
            "SELECT name FROM sqlite_master WHERE type = 'index' AND sql NOT NULL"
            " AND tbl_name = ?"
        )
        with plain(self.path) as connection:
            return {row[0] for row in connection.execute(sql, (table,))}

    def columns(self, table: str) -> set[str]:
        with plain(self.path) as connection:
            rows = connection.execute(f'PRAGMA table_info("{table}")')
            return {row[1] for row in rows}


class Schema:
    """A schema of a PostgreSQL server."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._target = Target.of(url, 10_000, "full", pooled=False)

    @contextmanager
    def plain(self) -> Generator[Connection]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            yield connection

    def check(self, made: ModuleType) -> int:
        count = 0
        connection = self._target.open()
        try:
            dialect = PostgresDialect(connection, self._target)
            found = Catalog(dialect).layouts()
            package = Package(made.__name__, made.server.schema)
            tables = package.tables(found)
            for table in tables.values():
                layout = found[table.name]
                names = [layout.columns[index.name].name for index in table.indexes]
                columns = "".join(f', "{name}"' for name in names)
                rows = dialect.connection.execute(
                    f'SELECT _id, "_creationTime", _document, by_creation_time{columns}'
                    f" FROM {dialect.name(layout.table)}"
                ).fetchall()
                for id, created, document, place, *keys in rows:
                    (_, _, _, *right), _ = table.row(id, created, document)
                    assert right == keys
                    assert place == float_key(created) + string_key(id)
                assert self.columns(layout.table) == {
                    *("_id", "_creationTime", "_document", "by_creation_time"),
                    *names,
                }
                assert len(self.indexes(layout.table)) == len(names)
                count += len(rows)
        finally:
            connection.close()
        return count

    def dump(self) -> list[Any]:
        with self.plain() as connection:
            tables = connection.execute(
                "SELECT table_name, column_name, data_type FROM"
                " information_schema.columns WHERE table_schema = current_schema()"
                " ORDER BY 1, 2"
            ).fetchall()
            indexes = connection.execute(
                "SELECT tablename, indexname, indexdef FROM pg_indexes"
                " WHERE schemaname = current_schema() ORDER BY 1, 2"
            ).fetchall()
            rows = [
                connection.execute(
                    f'SELECT t::text FROM "{name}" t ORDER BY 1'.encode()
                ).fetchall()
                for name in dict.fromkeys(table for table, *_ in tables)
            ]
            return [tables, indexes, rows]

    def trace(self) -> Any:
        tables = {table for table, *_ in self.dump()[0]}
        with self.plain() as connection:
            return [
                connection.execute(
                    f'SELECT tableoid, ctid, xmin, xmax FROM "{table}"'.encode()
                ).fetchall()
                for table in sorted(tables)
            ]

    def edit(self, table: str, old: str, new: str) -> None:
        sql = f'UPDATE "{table}" SET _document = replace(_document::text, %s, %s)::json'
        with self.plain() as connection:
            connection.execute(sql.encode(), (old, new))

    def indexes(self, table: str) -> set[str]:
        sql = (
            "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()"
            " AND tablename = %s"
        )
        always = {short(f"{table}.{name}") for name in ("_id", "by_creation_time")}
        with self.plain() as connection:
            rows = connection.execute(sql, (table,)).fetchall()
        return {row[0] for row in rows} - always

    def columns(self, table: str) -> set[str]:
        sql = (
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND table_name = %s"
        )
        with self.plain() as connection:
            return {row[0] for row in connection.execute(sql, (table,)).fetchall()}
