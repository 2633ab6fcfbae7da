"""What is in a database, as its catalogue has it, and the commands that move it."""

from __future__ import annotations

from pathlib import Path

from codegen.engines.access import applied_schema
from codegen.engines.bare import open_bare
from codegen.engines.commands import Found, Scan
from codegen.engines.keys import AFTER
from codegen.engines.sql.examination import examine, own_faults
from codegen.transfer.databases import only
from tests.cases.cases import codegen

Contents = dict[str, dict[str, list[str]]]


def contents(url: str) -> Contents:
    """The texts of all documents in the order of each index, by table and index."""
    found: Contents = {}
    with open_bare(url, 10_000) as database, database.catalog.dialect.snapshot():
        layouts = database.catalog.layouts()
        run = database.runner(layouts)
        for name, layout in layouts.items():
            for index in ("by_creation_time", *layout.columns):
                rows: list[Found] = run(only(Scan(name, index, b"", AFTER)))
                found.setdefault(name, {})[index] = [text for text, _ in rows]
    return found


def check_sound(url: str) -> None:
    """Asserts that `codegen doctor` finds nothing."""
    with open_bare(url, 10_000) as database, database.catalog.dialect.snapshot():
        catalog = database.catalog
        assert list(own_faults(catalog)) == []
        for table in examine(catalog, applied_schema(catalog).schema):
            assert table.faults == (), table


def is_timed(url: str, table: str) -> bool:
    """Whether a table finds documents by their creation times."""
    with open_bare(url, 10_000) as database:
        return database.catalog.layouts()[table].timed


def done(argv: list[str], folder: Path) -> str:
    """The output of a command that has to succeed."""
    code, out, errors = codegen(argv, folder)
    assert code == 0, out + errors
    return out
