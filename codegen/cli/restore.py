"""`codegen restore`: a database from a backup."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from contextlib import ExitStack

from . import arguments, data
from .console import Exit


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="FILE", help="what `codegen backup` has written"
    )
    arguments.add_database(parser)
    parser.add_argument(
        "--replace",
        action="store_true",
        help="put the backup in the place of all that the database has",
    )
    data.add_format(parser)


def run(given: Namespace) -> Exit:
    from codegen.engines.url import is_postgres, sqlite_url
    from codegen.transfer.archives import open_archive
    from codegen.transfer.backups import check_copy, is_sqlite, restore_file
    from codegen.transfer.databases import DatabaseSource
    from codegen.transfer.faults import TransferError
    from codegen.transfer.importing import import_documents
    from codegen.transfer.sources import Source

    def work(mover: data.Mover) -> data.Counts:
        of_sqlite = is_sqlite(given.file)
        if of_sqlite and not is_postgres(given.db):
            return restore_file(
                given.file, given.db, mover.timeout_ms, replace=given.replace
            )
        with ExitStack() as stack:
            if of_sqlite:
                check_copy(given.file)
                url = sqlite_url(given.file)
                backup = stack.enter_context(mover.opened_at_one_moment(url))
                source: Source = DatabaseSource(given.file, backup)
            else:
                source = stack.enter_context(open_archive(given.file))
            if source.schema is None:
                raise TransferError(
                    f"{given.file} is no backup, because it has no schema: codegen import-data"
                    " reads it"
                )
            database = stack.enter_context(mover.opened(given.db, changes=True))
            return import_documents(
                database,
                source,
                schema=source.schema,
                anew=True,
                replace=given.replace,
                progress=mover.progress,
            )

    return data.move(given, work)
