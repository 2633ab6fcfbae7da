"""Files whose tables keep any id, as those have that got documents of another database."""

from __future__ import annotations

from types import ModuleType
from typing import cast

from codegen.engines.access import applied_schema
from codegen.engines.bare import open_bare
from codegen.engines.sqlite.any_id import keep_any_id
from codegen.engines.sqlite.dialect import SqliteDialect


def lay_out_anew(url: str) -> None:
    """Has all timed tables of a file keep any id."""
    with open_bare(url, 10_000) as database, database.catalog.dialect.alone():
        catalog = database.catalog
        connection = cast(SqliteDialect, catalog.dialect).connection
        for name, layout in catalog.layouts().items():
            if layout.timed:
                keep_any_id(catalog, connection, name, layout)
        recorded = applied_schema(catalog)
        catalog.record_schema(recorded.digest, recorded.schema, recorded.applied_at)


def new_file_of_any_ids(url: str, package: ModuleType) -> None:
    """Makes a file with the schema of a package, whose tables keep any id."""
    package.server.connect(url).close()
    lay_out_anew(url)
