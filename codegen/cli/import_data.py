"""`codegen import-data`: documents from files into a database."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from . import arguments, data
from .console import Exit

if TYPE_CHECKING:
    from codegen.engines.bare import BareDatabase
    from codegen.ir.model import Schema
    from codegen.transfer.sources import Source


def add_arguments(parser: ArgumentParser) -> None:
    arguments.add_database(parser)
    parser.add_argument(
        "path",
        metavar="PATH",
        help="what to read: a .zip file, also one of `npx convex export`, a .jsonl or .json file, "
        "a folder of these, or - for standard input",
    )
    data.add_tables(
        parser,
        "a table to import; can be given again (default: all, and for a file the table of its name)",
    )
    data.add_mode(parser)
    data.add_format(parser)


def run(given: Namespace) -> Exit:
    from codegen.transfer.importing import import_documents

    def work(mover: data.Mover) -> data.Counts:
        opened = mover.opened(given.db, changes=True)
        with _source(given) as source, opened as database:
            mover.note(source.notes)
            return import_documents(
                database,
                source,
                schema=_schema(given, database, source),
                tables=given.table,
                mode=given.mode,
                progress=mover.progress,
            )

    return data.move(given, work)


@contextmanager
def _source(given: Namespace) -> Generator[Source]:
    from codegen.transfer.archives import open_archive
    from codegen.transfer.faults import TransferError
    from codegen.transfer.files import StreamSource, file_source, folder_source

    path: str = given.path
    if os.path.isdir(path):
        yield folder_source(path)
    elif path.endswith(".zip"):
        with open_archive(path) as archive:
            yield archive
    elif path == "-":
        if len(given.table) != 1:
            raise TransferError("standard input has one table: name it with --table")
        yield StreamSource(sys.stdin.buffer, given.table[0])
    elif len(given.table) > 1:
        raise TransferError(f"{path} has one table: name it with one --table")
    else:
        yield file_source(path, *given.table)


def _schema(given: Namespace, database: BareDatabase, source: Source) -> Schema | None:
    """What to make a new database with: the schema of the project, else that of the source."""
    if not database.catalog.is_empty():
        return None
    from codegen.project.config import find_root

    if find_root(os.getcwd()) is None and source.schema is not None:
        return source.schema
    from codegen.project.loading import load_schema
    from codegen.transfer.faults import TransferError

    from .session import open_session

    session = open_session(given)
    loaded = load_schema(session.project, session.diagnostics)
    if loaded is None:
        session.console.report(session.diagnostics)
        raise TransferError(
            "the database is empty, and the schema to make it with can't be read: run this in the"
            " folder of the project"
        )
    return loaded.schema
