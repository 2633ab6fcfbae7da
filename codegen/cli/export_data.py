"""`codegen export-data`: the documents of a database as files."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace

from . import arguments, data
from .console import Exit


def add_arguments(parser: ArgumentParser) -> None:
    arguments.add_database(parser)
    parser.add_argument(
        "path",
        metavar="PATH",
        help="what to write: a .zip file, a .jsonl file of one table, a folder of such files, "
        "or - for standard output",
    )
    data.add_tables(parser, "a table to export; can be given again (default: all)")
    data.add_format(parser)


def run(given: Namespace) -> Exit:
    from codegen.transfer import exporting
    from codegen.transfer.faults import TransferError

    path: str = given.path
    ending = os.path.splitext(path)[1]
    is_file = ending in (".jsonl", ".ndjson")

    def work(mover: data.Mover) -> data.Counts:
        if (is_file or path == "-") and len(given.table) != 1:
            raise TransferError(f"{path} has one table: name it with --table")
        with mover.source(given.db) as source:
            if path == "-":
                lines = sys.stdout.buffer
                exporting.export_lines(source, lines, given.table[0], mover.progress)
                lines.flush()
                return {}
            if is_file:
                table: str = given.table[0]
                return exporting.export_file(source, path, table, mover.progress)
            is_zip = ending == ".zip"
            export = exporting.export_archive if is_zip else exporting.export_folder
            return export(source, path, given.table, mover.progress)

    return data.move(given, work)
