"""An id reads its row; a query its index, from one place to another, and sorts nothing."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from codegen.engines.sqlite.statements import Statements
from codegen.ir.canonical import loads
from codegen.runtime import Query, gt, lt
from tests.cases.cases import ACCEPTED, FOLDER
from tests.engines.safety.files import layouts, plain, url_of
from tests.typing.checkers import ROOT

PACKAGES = {f"tests.cases.{name}.expected": FOLDER / name for name in ACCEPTED}
INDEXES = [
    (package, table.name, index.name)
    for package, folder in [*PACKAGES.items(), ("generated", ROOT)]
    for path in [*folder.glob("expected/_schema.json"), *folder.glob("generated/_sch*")]
    for table in loads(path.read_text("utf-8")).tables.values()
    for index in table.indexes
    if not index.staged
]


def test_there_are_indexes() -> None:
    assert len(INDEXES) > 20
    assert {package for package, _, _ in INDEXES} > {"generated"}


def test_a_document_is_found_by_its_id_in_one_descent(tmp_path: Path) -> None:
    file = tmp_path / "app.db"
    import_module("generated.server").connect(url_of(file)).close()
    with plain(file) as connection:
        for layout in map(Statements, layouts(connection).values()):
            updates = [(), *((index,) for index in layout.columns)]
            for sql in (layout.fetch, layout.delete, *map(layout.update, updates)):
                values = [None] * sql.count("?")
                plan = connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)
                search = f"SEARCH {layout.table} USING INTEGER PRIMARY KEY (rowid=?)"
                assert [step for *_, step in plan] == [search]


@pytest.fixture(scope="module")
def databases() -> dict[str, Any]:
    """A database for each package."""
    packages = dict.fromkeys(package for package, _, _ in INDEXES)
    servers = {name: import_module(f"{name}.server") for name in packages}
    return {name: server.connect("sqlite://") for name, server in servers.items()}


@pytest.mark.parametrize(("package", "table", "index"), INDEXES)
@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_the_index_is_used(
    databases: dict[str, Any], package: str, table: str, index: str, direction: Any
) -> None:
    server, db = import_module(f"{package}.server"), databases[package]
    arms = server.schema.tables[table].arms
    for bounds in ((), ("a",), (gt("a") & lt("b"),), (None,)):
        query = Query(arms, index, bounds, direction)
        for read in (query, query.take(5), query.first(), query.paginate(3)):
            assert searched(db.explain(read)) == (table, index)
    scan = Query(arms, "by_creation_time", (), direction)
    place = f"SEARCH {table} USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"
    assert db.explain(scan) == place


def searched(plan: str) -> tuple[str, str]:
    """The table and the index of a plan that is one search of it and nothing more.

    Where SQLite can't tell two names apart, one of them has a number at its end.
    """
    line, *more = plan.splitlines()
    assert not more, plan
    search, _, found = line.partition(" USING INDEX ")
    name, _, condition = found.partition(" (")
    table, _, column = name.partition(".")
    assert search == f"SEARCH {table}", plan
    assert condition == f"{column}>? AND {column}<?)", plan
    return table, column
