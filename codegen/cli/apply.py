"""`codegen apply`: brings a database to the schema."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from functools import partial
from typing import TYPE_CHECKING

from . import arguments
from .console import Console, Exit, counted, report_database_error

if TYPE_CHECKING:
    from codegen.engines.sql.backfill import Filled
    from codegen.engines.sql.catalog import Catalog
    from codegen.engines.sql.steps import Step
    from codegen.ir.model import Schema


def add_arguments(parser: ArgumentParser) -> None:
    arguments.add_database(parser)
    arguments.add_schema(parser)
    arguments.add_evaluate(parser)
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="say what would be done, and whether all documents fit; change nothing",
    )
    parser.add_argument(
        "--older-schema",
        action="store_true",
        help="go back to a schema that the database had before its present one",
    )
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="how steps are printed: for people, or as JSON lines",
    )


def run(given: Namespace) -> Exit:
    from codegen.engines.access import catalog_of
    from codegen.project.loading import load_schema
    from codegen.runtime.errors import DatabaseError, SchemaMismatch

    from .session import open_session

    session = open_session(given)
    console = session.console
    loaded = load_schema(session.project, session.diagnostics)
    console.report_aside(session.diagnostics)
    if loaded is None:
        return Exit.ERROR
    act = _try if given.dry_run else _apply
    changes = not given.dry_run
    try:
        opened = catalog_of(
            given.db, given.timeout_ms, changes=changes, may_be_missing=True
        )
        with opened as catalog:
            return act(console, catalog, loaded.schema, given.older_schema)
    except (ValueError, DatabaseError) as error:
        report_database_error(console, error)
        if isinstance(error, SchemaMismatch):
            console.note(
                "To see all that do not fit: codegen verify; how to get there: codegen diff --db"
            )
        return Exit.ERROR


def _try(console: Console, catalog: Catalog, schema: Schema, older: bool) -> Exit:
    """What would be done; everything is read at one moment."""
    from codegen.engines.digest import schema_digest
    from codegen.engines.sql.evolution import refuse_older
    from codegen.engines.sql.steps import steps
    from codegen.engines.sql.verification import verify

    from .verify import lines

    with catalog.dialect.snapshot():
        before = None if catalog.is_empty() else catalog.latest_schema()
        digest = schema_digest(schema)
        if before and not older:
            refuse_older(catalog, before, digest)
        to_do = list(steps(catalog, schema))
        _tell(console, to_do, "would be")
        if before and before.digest == digest and not to_do:
            console.result("Nothing to do: the database has this schema")
            return Exit.CLEAN
        checked = {step.table for step in to_do if step.kind in ("check", "unique")}
        found = verify(catalog, schema, checked) if checked else ()
        misfits = [table for table in found if table.misfits]
        for table in misfits:
            for line in lines(table):
                console.note(line)
        console.result("Nothing was changed")
    return Exit.ERROR if misfits else Exit.DRIFT


def _apply(console: Console, catalog: Catalog, schema: Schema, older: bool) -> Exit:
    from codegen.engines.digest import schema_digest
    from codegen.engines.sql.evolution import evolve
    from codegen.engines.sql.steps import steps
    from codegen.engines.table_rows import defined_tables

    from .progress import Progress

    digest = schema_digest(schema)
    with catalog.dialect.snapshot():
        before = None if catalog.is_empty() else catalog.latest_record()
        to_do = list(steps(catalog, schema))
    with Progress() as progress:

        def watch(filled: Filled) -> None:
            what = f"{filled.table}: {', '.join(filled.indexes)}"
            progress.say(what, filled.done, filled.documents)

        evolve(
            catalog,
            schema,
            digest,
            partial(defined_tables, schema),
            older_schema=older,
            staged=True,
            watch=watch,
        )
    _tell(console, to_do, "")
    if before and before[1] == digest and not to_do:
        console.result("Nothing to do: the database has this schema")
    else:
        console.result("The database has this schema now")
    return Exit.CLEAN


def _tell(console: Console, to_do: list[Step], tense: str) -> None:
    for step in to_do:
        if console.format == "json":
            console.out(json.dumps(step._asdict(), ensure_ascii=False))
        else:
            console.out(f"{step.table}: {_told(step, tense)}")


def _told(step: Step, tense: str) -> str:
    """A step in words: what is done, or `would be`."""
    be = f"{tense} " if tense else ""
    documents = counted(step.documents, "document")
    match step.kind:
        case "new table":
            return f"table {be}made"
        case "renamed table":
            return f"table {be}renamed from {step.name}, with its {documents}"
        case "table gone":
            return f"not in the schema any more: its {documents} {be}kept"
        case "check":
            return f"{documents} {be}checked"
        case "new index":
            return f"index {step.name} {be}built over {documents}"
        case "index gone":
            return f"index {step.name} {be}dropped"
        case "unique":
            return f"index {step.name}: values of {documents} {be}compared"
