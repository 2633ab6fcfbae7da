"""`codegen copy`: the documents of a database into another, of another kind or the same."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from . import arguments, data
from .console import Exit


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "source", metavar="FROM", help="the URL of the database to copy"
    )
    parser.add_argument(
        "target",
        metavar="TO",
        help="the URL of the one to copy into; an empty one gets the schema of the other",
    )
    data.add_tables(parser, "a table to copy; can be given again (default: all)")
    data.add_mode(parser)
    arguments.add_timeout(parser)
    data.add_format(parser)


def run(given: Namespace) -> Exit:
    from codegen.engines.url import shown
    from codegen.transfer.databases import DatabaseSource
    from codegen.transfer.importing import import_documents

    def work(mover: data.Mover) -> data.Counts:
        with mover.opened_at_one_moment(given.source) as database:
            source = DatabaseSource(shown(given.source), database)
            mover.note(source.notes)
            with mover.opened(given.target, changes=True) as target:
                return import_documents(
                    target,
                    source,
                    schema=source.schema,
                    tables=given.table,
                    mode=given.mode,
                    progress=mover.progress,
                )

    return data.move(given, work)
