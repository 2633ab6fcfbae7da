"""`codegen doctor`: is everything in a database, or with a deployment, as it must be?"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from . import arguments, deployment, doctor_deployment
from .console import Console, Exit, counted, report_database_error

if TYPE_CHECKING:
    from codegen.engines.sql.examination import Fault

_SHOWN = 20


def add_arguments(parser: ArgumentParser) -> None:
    arguments.add_database(parser, required=False)
    arguments.add_schema(parser)
    deployment.add_arguments(
        parser,
        "Without --db, the deployment is looked at that the environment names.",
    )
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="how findings are printed: for people, or as JSON lines",
    )


def run(given: Namespace) -> Exit:
    if given.db is None:
        return doctor_deployment.run(given)
    return _examine(given)


def _examine(given: Namespace) -> Exit:
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
                documents = counted(table.documents, "document")
                indexes = counted(table.indexes, "index", "indexes")
                if table.unbuilt:
                    indexes += f" (not built yet: {', '.join(table.unbuilt)})"
                console.result(f"{table.table}: {documents}, {indexes}: {verdict}")
                report(table.faults, table.table)
                sys.stdout.flush()
    except (ValueError, DatabaseError) as error:
        return report_database_error(console, error)
    return Exit.CLEAN if sound else Exit.DRIFT


def _lines(faults: Sequence[Fault]) -> Iterator[str]:
    for fault in faults[:_SHOWN]:
        yield f"{fault.id}: {fault.reason}" if fault.id else fault.reason
    if len(faults) > _SHOWN:
        yield f"… and {len(faults) - _SHOWN:,} more"


def _verdict(faults: Sequence[Fault]) -> str:
    return counted(len(faults), "fault") if faults else "sound"
