"""Options that several commands share."""

from __future__ import annotations

import argparse
from contextlib import suppress


def add_schema(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--schema",
        metavar="PATH",
        help="the schema: a .yaml file, a folder of them, a convex folder, its schema.ts, "
        "or a Convex .json export "
        "(default: what [tool.codegen] says, else `schema`)",
    )


def add_evaluate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--evaluate",
        action="store_true",
        help="run a schema in TypeScript, without access to files and network, rather than read it "
        '(needs `pip install "tablewright[evaluate]"`)',
    )


def add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--output",
        metavar="DIR",
        help="the folder of the package "
        "(default: what [tool.codegen] says, else `generated`)",
    )


def add_database(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    parser.add_argument(
        "--db",
        required=required,
        metavar="URL",
        help="the database: sqlite:///file.db or postgresql://user@host/name",
    )
    add_timeout(parser)


def add_timeout(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--timeout-ms",
        type=milliseconds,
        default=30_000,
        metavar="MS",
        help="how long to wait for a busy database (default: 30000)",
    )


def milliseconds(text: str) -> float:
    """A time of a command line; what is none, or for ever, is refused."""
    with suppress(ValueError):
        if 0 <= (given := float(text)) < float("inf"):
            return given
    raise argparse.ArgumentTypeError(f"{text!r} is no time in milliseconds")


def add_strict(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--strict",
        action="store_true",
        help="refuse functions of which nobody says what they return",
    )


def add_format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format",
        choices=("text", "json", "github"),
        default="text",
        help="how faults are printed: for people, as JSON lines, "
        "or as annotations of a GitHub workflow",
    )
