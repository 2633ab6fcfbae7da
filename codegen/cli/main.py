"""The command line: its words, and which command runs."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Collection, Sequence
from errno import ENOSPC
from importlib import import_module
from keyword import iskeyword
from typing import Any

from codegen.diagnostics import Diagnostic, Diagnostics
from codegen.output.errors import OutputError, Refused

from .console import Console, Exit

COMMANDS = {
    "init": "write a first schema, its package and its configuration",
    "generate": "write the package of the schema",
    "check": "say whether the package is what the schema says",
    "diff": "show what generate would change, in the schema's words and in the files",
    "describe": "list tables, fields, indexes, types and functions",
    "export": "print the schema in another language",
    "import": "write a schema of another language as a native schema file",
    "apply": "bring a database to the schema",
    "verify": "count the documents of a database or a deployment that do not fit the schema",
    "migrate": "change the documents of a database by functions of yours",
    "doctor": "look at every document of a database, or at a deployment",
    "pull": "bring the schema to what a deployment has",
    "push": "put the schema into a Convex app, and deploy it",
    "export-data": "write the documents of a database into files",
    "import-data": "put documents from files into a database",
    "copy": "copy the documents of a database or a deployment into another",
    "backup": "write all of a database into one file",
    "restore": "make a database from a backup",
    "admin-key": "make an admin key for a Convex server of one's own",
}

# What a production install does without, and the extra that brings it.
_LIBRARIES = {
    "cryptography": "self-hosted",
    "datamodel_code_generator": "import",
    "dotenv": "convex",
    "httpx": "convex",
    "jinja2": "generate",
    "nacl": "self-hosted",
    "psycopg": "postgres",
    "tree_sitter": "generate",
    "tree_sitter_typescript": "generate",
    "yaml": "generate",
}


def run(argv: Sequence[str]) -> int:
    """Runs one command; returns 0 (clean), 1 (drift) or 2 (error)."""
    arguments = _parser(argv).parse_args(argv)
    command = _module(arguments.command)
    try:
        code = int(command.run(arguments))
        sys.stdout.flush()
        return code
    except OutputError as error:
        return _files_in_the_way(error, getattr(arguments, "format", "text"))
    except BrokenPipeError:
        _discard_output()
        return Exit.ERROR
    except OSError as error:
        if error.filename is not None or error.errno != ENOSPC:
            return _our_fault()
        _discard_output()
        sys.stderr.write("error[E550]: standard output has no room: the disk is full\n")
        return Exit.ERROR
    except KeyboardInterrupt:
        return 130
    except ModuleNotFoundError as error:
        name = (error.name or "").partition(".")[0]
        if name not in _LIBRARIES:
            return _our_fault()
        extra = _LIBRARIES[name]
        brought = "the generator" if extra == "generate" else "it"
        sys.stderr.write(
            f"error[E503]: this command needs `{name}`, which is not installed\n"
            f'  help: install {brought}: pip install "tablewright[{extra}]"\n'
        )
        return Exit.ERROR
    except Exception:
        return _our_fault()


def _discard_output() -> None:
    """What could not be written would be tried again at Python's end, with a message of its own."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _files_in_the_way(error: OutputError, format_: str) -> int:
    """Files that can't be read or written: each is named, none was changed."""
    diagnostics = Diagnostics()
    if isinstance(error, Refused):
        hint = "take what you want to keep into the schema; --force writes over it"
        for path, reason in error.faults:
            message = f"{os.path.relpath(path)} {reason}"
            diagnostics.add(Diagnostic(error.code, message, hint=hint))
    else:
        path = os.path.relpath(error.path) if os.path.isabs(error.path) else error.path
        diagnostics.add(Diagnostic(error.code, f"{path} {error.reason}"))
    Console(format_).report(diagnostics)
    return Exit.ERROR


def _our_fault() -> int:
    sys.stderr.write(
        f"{traceback.format_exc()}\n"
        "error[E900]: this is a fault of codegen, not of your schema; no file was changed.\n"
        "  help: please report it with the lines above and, if you can, the schema.\n"
    )
    return Exit.ERROR


def _parser(named: Collection[str] = COMMANDS) -> argparse.ArgumentParser:
    """The parser of all commands, with the arguments of those that are named."""
    parser = argparse.ArgumentParser(
        prog="codegen",
        description="Typed Python packages from one declarative schema.",
        epilog="Exit codes: 0 clean, 1 drift, 2 error.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, about in COMMANDS.items():
        command = commands.add_parser(
            name, help=about, description=about.capitalize() + "."
        )
        if name in named:
            _module(name).add_arguments(command)
    return parser


def _module(command: str) -> Any:
    """The module of a command; a word of Python's has a `_` behind it."""
    name = command.replace("-", "_")
    return import_module(f"codegen.cli.{name}{'_' * iskeyword(name)}")


class _Version(argparse.Action):
    """Prints the version, which is looked up only then."""

    def __call__(
        self, parser: argparse.ArgumentParser, *given: object, **named: object
    ) -> None:
        from codegen.project.version import DISTRIBUTION, VERSION

        parser.exit(message=f"{DISTRIBUTION} {VERSION}\n")
