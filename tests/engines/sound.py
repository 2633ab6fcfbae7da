"""What `codegen doctor` says of a database."""

from __future__ import annotations

from codegen.engines.access import applied_schema, catalog_of
from codegen.engines.sql.examination import examine, own_faults


def documents_if_sound(url: str) -> int:
    """Asserts that nothing is wrong with a database; the number of its documents."""
    with catalog_of(url, 60_000) as catalog, catalog.dialect.snapshot():
        schema = applied_schema(catalog).schema
        assert own_faults(catalog) == ()
        tables = [*examine(catalog, schema)]
    assert [table for table in tables if table.faults or not table.known] == []
    return sum(table.documents for table in tables)
