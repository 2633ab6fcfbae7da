"""`codegen migrate`: runs functions that change documents on a database."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from codegen.diagnostics import Diagnostic, Diagnostics, closest

from . import arguments
from .console import Console, Exit, counted, report_database_error

if TYPE_CHECKING:
    from codegen.engines.bare import BareDatabase
    from codegen.engines.sql.catalog import Migrated, Recorded
    from codegen.engines.sql.layout import Layout
    from codegen.engines.table_rows import DefinedTable
    from codegen.ir.model import Schema
    from codegen.migrations import Upgrade

    from .session import Session


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file",
        metavar="FILE",
        help="the Python file with the functions; its name is the migration's",
    )
    arguments.add_database(parser)
    arguments.add_schema(parser)
    arguments.add_evaluate(parser)
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="say what would be changed, and whether it would fit; change nothing",
    )
    parser.add_argument(
        "--batch",
        type=int,
        default=1000,
        metavar="N",
        help="so many documents are changed in one transaction (default: 1000)",
    )
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="how results are printed: for people, or as JSON lines, one per table",
    )


_GOES_ON: Final = "batches that were finished are kept: run it again to go on"


@dataclass(slots=True)
class _Work:
    """A migration, and the database that it is for; `batches`: those finished by this run."""

    console: Console
    database: BareDatabase
    applied: Recorded
    layouts: dict[str, Layout]
    tables: dict[str, DefinedTable]
    name: str
    upgrades: list[Upgrade]
    batches: int = 0


def run(given: Namespace) -> Exit:
    from codegen.engines.access import applied_schema
    from codegen.engines.bare import open_bare
    from codegen.engines.migration import UpgradeFailed
    from codegen.engines.sql.evolution import layouts_of
    from codegen.engines.table_rows import defined_tables
    from codegen.runtime.errors import DatabaseError

    from .migration_file import BrokenMigration, load, own_traceback
    from .session import open_session

    session = open_session(given)
    console = session.console
    if given.batch < 1:
        return _refuse(console, f"--batch takes a number from 1, not {given.batch}")
    work = None
    try:
        upgrades = load(given.file)
        with open_bare(given.db, given.timeout_ms) as database:
            catalog = database.catalog
            with catalog.dialect.snapshot():
                applied = applied_schema(catalog)
                layouts = layouts_of(catalog, applied.schema)
            tables = defined_tables(applied.schema, layouts)
            for upgrade in upgrades:
                if upgrade.table not in tables:
                    return _refuse(
                        console,
                        f"the database has no table `{upgrade.table}`",
                        closest(upgrade.table, tables) or "",
                    )
            name = os.path.splitext(os.path.basename(given.file))[0]
            work = _Work(console, database, applied, layouts, tables, name, upgrades)
            if given.dry_run:
                return _rehearse(work, _schema_of_project(session))
            return _migrate(work, given.batch)
    except BrokenMigration as error:
        return _refuse(console, str(error))
    except UpgradeFailed as error:
        if told := own_traceback(error, given.file):
            console.note(told)
        return _refuse(console, str(error), _what_now(given.dry_run, work))
    except (ValueError, DatabaseError) as error:
        hint = _GOES_ON if work and work.batches else ""
        return report_database_error(console, error, hint)


def _what_now(dry_run: bool, work: _Work | None) -> str:
    if dry_run:
        return "nothing was changed"
    kept = ", those before it are kept" if work and work.batches else ""
    return f"its batch was undone{kept}: mend it and run it again"


def _refuse(console: Console, message: str, hint: str = "") -> Exit:
    diagnostics = Diagnostics()
    diagnostics.add(Diagnostic("E604", message, hint=hint))
    console.report(diagnostics)
    return Exit.ERROR


def _migrate(work: _Work, batch: int) -> Exit:
    from codegen.engines.migration import migrate
    from codegen.engines.sql.documents import count

    from .progress import Progress

    catalog, run = work.database.catalog, work.database.runner(work.layouts)
    with Progress() as progress:
        for table, function in work.upgrades:
            rows = work.tables[table]
            before = catalog.migrated(work.name, rows.number)
            if before.done_at is None:
                total = count(catalog, work.layouts[table])

                def watch(
                    migrated: Migrated, table: str = table, total: int = total
                ) -> None:
                    work.batches += 1
                    done = min(migrated.documents, total)
                    progress.say(f"{table}: {work.name}", done, total)

                after = migrate(
                    catalog,
                    run,
                    work.applied,
                    rows,
                    work.name,
                    function,
                    batch=batch,
                    watch=watch,
                )
                _tell(work.console, table, after, "", 0)
            else:
                _tell_done(work, table, before)
    return Exit.CLEAN


def _rehearse(work: _Work, schema: Schema | None) -> Exit:
    from codegen.engines.rehearsal import rehearse
    from codegen.engines.sql.evolution import planned
    from codegen.engines.sql.verification import verify
    from codegen.engines.table_rows import defined_tables

    from .verify import lines

    console, catalog = work.console, work.database.catalog
    changes = misfits = 0
    left: list[str] = []
    with catalog.dialect.snapshot():
        later = defined_tables(schema, planned(catalog, schema)) if schema else {}
        by_number = {table.number: table for table in later.values()}
        met: set[str] = set()
        for table, function in work.upgrades:
            rows = work.tables[table]
            then = by_number.get(rows.number)
            before = catalog.migrated(work.name, rows.number)
            if before.done_at is not None:
                _tell_done(work, table, before)
                continue
            found = rehearse(catalog, work.layouts[table], rows, then, function, before)
            changes += found.migrated.changed + found.migrated.deleted
            misfits += found.applied.misfits
            _tell(console, table, found.migrated, "would be ", found.applied.misfits)
            if found.applied.misfits:
                for line in lines(found.applied):
                    console.note(line)
            if found.later and then:
                met.add(then.name)
                left += lines(found.later) if found.later.misfits else ()
        if schema:
            for verified in verify(catalog, schema, schema.tables.keys() - met):
                left += lines(verified) if verified.misfits else ()
    if misfits:
        return _refuse(
            console, "documents would not fit the schema that the database has"
        )
    if schema and console.format == "text":
        if left:
            console.out("After it these would not fit the schema of the project:")
        else:
            console.out("After it all would fit the schema of the project")
        for line in left:
            console.out(line)
    return Exit.DRIFT if changes else Exit.CLEAN


def _schema_of_project(session: Session) -> Schema | None:
    """None where there is no project, or its schema has faults: then nothing is said of it."""
    from codegen.project.loading import load_schema

    loaded = load_schema(session.project, Diagnostics())
    return loaded.schema if loaded else None


def _tell(
    console: Console, table: str, migrated: Migrated, tense: str, misfits: int
) -> None:
    if console.format == "json":
        line = {
            "table": table,
            "documents": migrated.documents,
            "changed": migrated.changed,
            "deleted": migrated.deleted,
            "misfits": misfits,
        }
        console.out(json.dumps(line, ensure_ascii=False))
    else:
        changed, deleted = migrated.changed, migrated.deleted
        console.out(
            f"{table}: of {counted(migrated.documents, 'document')}"
            f" {changed:,} {tense}changed, {deleted:,} deleted"
        )


def _tell_done(work: _Work, table: str, migrated: Migrated) -> None:
    if work.console.format == "json":
        _tell(work.console, table, migrated, "", 0)
    else:
        at = datetime.fromtimestamp((migrated.done_at or 0) / 1000, UTC)
        work.console.out(
            f"{table}: {work.name} was done on {at:%Y-%m-%d %H:%M} UTC, and is not done again"
        )
