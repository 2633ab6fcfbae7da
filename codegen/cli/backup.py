"""`codegen backup`: all of a database in one file, while programs use it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from . import arguments, data
from .console import Exit


def add_arguments(parser: ArgumentParser) -> None:
    arguments.add_database(parser)
    parser.add_argument(
        "file",
        metavar="FILE",
        help="what to write: a copy of the file of SQLite, or of a server's database a .zip file",
    )
    data.add_format(parser)


def run(given: Namespace) -> Exit:
    from codegen.engines.url import is_postgres, shown
    from codegen.transfer.backups import back_up_file
    from codegen.transfer.databases import DatabaseSource
    from codegen.transfer.exporting import export_archive

    def work(mover: data.Mover) -> data.Counts:
        with mover.opened_at_one_moment(given.db) as database:
            source = DatabaseSource(shown(given.db), database)
            if is_postgres(given.db):
                mover.note(source.notes)
                return export_archive(source, given.file, (), mover.progress)
            counts = source.counts()
            back_up_file(database.catalog, given.file)
            return counts

    return data.move(given, work)
