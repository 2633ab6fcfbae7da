"""`codegen doctor`: is everything in a database as it must be?"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from .console import Console, Exit

if TYPE_CHECKING:
    from codegen.engines.sql.examination import Fault

_SHOWN = 20


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--db",
        required=True,
        metavar="URL",
        help="the database: sqlite:///file.db or postgresql://user@host/name",
    )
    parser.add_argument(
        "--timeout-ms",
        type=float,
        default=30_000,
        metavar="MS",
        help="how long to wait for a busy database (default: 30000)",
    )
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="how findings are printed: for people, or as JSON lines",
    )


def run(given: Namespace) -> Exit:
    from codegen.diagnostics import Diagnostic, Diagnostics
    from codegen.engines.access import applied_schema, catalog_of
    from codegen.engines.sql.examination import examine, own_faults
    from codegen.engines.url import shown
    from codegen.runtime.errors import DatabaseError

    console = Console(given.format)
    sound = True

    def report(faults: Sequence[Fault], table: str = "") -> None:
        nonlocal sound
        sound = sound and not faults
        if given.format == "json":
            for fault in faults:
                line = {"table": table, "id": fault.id, "fault": fault.reason}
                console.out(json.dumps(line, ensure_ascii=False))
        else:
            for text in _lines(faults):
                console.out(f"  {text}")

    try:
        opened = catalog_of(given.db, given.timeout_ms)
        with opened as catalog, catalog.dialect.snapshot():
            schema = applied_schema(catalog).schema
            faults = own_faults(catalog)
            console.result(f"{shown(given.db)}: {_verdict(faults)}")
            report(faults)
            for table in examine(catalog, schema):
                verdict = _verdict(table.faults) if table.known else "not in the schema"
                documents = _count(table.documents, "document")
                indexes = _count(table.indexes, "index")
                console.result(f"{table.table}: {documents}, {indexes}: {verdict}")
                report(table.faults, table.table)
                sys.stdout.flush()
    except (ValueError, DatabaseError) as error:
        diagnostics = Diagnostics()
        diagnostics.add(Diagnostic("E601", str(error)))
        console.report(diagnostics)
        return Exit.ERROR
    return Exit.CLEAN if sound else Exit.DRIFT


def _lines(faults: Sequence[Fault]) -> Iterator[str]:
    for fault in faults[:_SHOWN]:
        yield f"{fault.id}: {fault.reason}" if fault.id else fault.reason
    if len(faults) > _SHOWN:
        yield f"… and {len(faults) - _SHOWN:,} more"


def _verdict(faults: Sequence[Fault]) -> str:
    return _count(len(faults), "fault") if faults else "sound"


def _count(number: int, word: str) -> str:
    plural = "indexes" if word == "index" else f"{word}s"
    return f"{number:,} {word if number == 1 else plural}"
