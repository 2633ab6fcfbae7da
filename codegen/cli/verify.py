"""`codegen verify`: do the documents of a database, or of a deployment, fit the schema?"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING

from codegen.diagnostics import Diagnostic

from . import arguments, deployment
from .console import Console, Exit, counted, report_database_error

if TYPE_CHECKING:
    from codegen.engines.sql.verification import Verified


def add_arguments(parser: ArgumentParser) -> None:
    arguments.add_database(parser, required=False)
    arguments.add_schema(parser)
    arguments.add_evaluate(parser)
    parser.add_argument(
        "--applied",
        action="store_true",
        help="the schema that the database or the deployment has, not that of the project",
    )
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="how findings are printed: for people, or as JSON lines, one per table",
    )
    parser.add_argument(
        "--deployed", action="store_true", help="look at a deployment of Convex"
    )
    deployment.add_arguments(
        parser, "With --deployed, the environment names the deployment, or --url."
    )


def run(given: Namespace) -> Exit:
    from codegen.engines.access import applied_schema, catalog_of
    from codegen.engines.sql.verification import verify
    from codegen.project.loading import load_schema
    from codegen.runtime.errors import DatabaseError

    from . import verify_deployment
    from .session import open_session

    session = open_session(given)
    console = session.console
    if (given.db is not None) == given.deployed:
        message = "one of --db and --deployed says what to look at"
        session.diagnostics.add(Diagnostic("E502", message))
        console.report_aside(session.diagnostics)
        return Exit.ERROR
    schema = None
    if not given.applied:
        loaded = load_schema(session.project, session.diagnostics)
        console.report_aside(session.diagnostics)
        if loaded is None:
            return Exit.ERROR
        schema = loaded.schema
    if given.deployed:
        return verify_deployment.run(console, given, schema)
    fit = True
    try:
        opened = catalog_of(given.db, given.timeout_ms)
        with opened as catalog, catalog.dialect.snapshot():
            applied = applied_schema(catalog).schema
            for table in verify(catalog, schema or applied):
                fit = fit and not table.misfits
                tell(console, table)
                sys.stdout.flush()
    except (ValueError, DatabaseError) as error:
        return report_database_error(console, error)
    return Exit.CLEAN if fit else Exit.DRIFT


def tell(console: Console, table: Verified) -> None:
    """What was found in a table, in the format of the console."""
    if console.format == "json":
        console.out(json.dumps(_as_json(table), ensure_ascii=False))
    else:
        for line in lines(table):
            console.out(line)


def lines(table: Verified) -> Iterator[str]:
    """What was found in a table, for people."""
    documents = counted(table.documents, "document")
    if not table.known:
        yield f"{table.table}: {documents}, not in the schema"
    elif not table.misfits:
        yield f"{table.table}: {documents}, all fit"
    else:
        verb = "does" if table.misfits == 1 else "do"
        yield f"{table.table}: {documents}, {table.misfits:,} {verb} not fit"
    for misfit in table.named:
        place = f"{misfit.path}: " if misfit.path else ""
        yield f"  {misfit.id}: {place}{misfit.reason}"
    more = table.misfits - len(table.named)
    if more:
        yield f"  … and {more:,} more"


def _as_json(table: Verified) -> dict[str, object]:
    return {
        "table": table.table,
        "known": table.known,
        "documents": table.documents,
        "misfits": table.misfits,
        "named": [misfit._asdict() for misfit in table.named],
    }
