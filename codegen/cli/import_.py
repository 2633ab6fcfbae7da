"""`codegen import`: a schema of another language as a native schema file."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from dataclasses import replace

from codegen.diagnostics import Diagnostic, Diagnostics
from codegen.output.errors import OutputError

from . import arguments
from .console import Console, Exit

_ERRORS_OF_NATIVE_SCHEMAS = {"W202", "W210", "W311"}


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "schema",
        metavar="SOURCE",
        help="what to read: JSON Schema, OpenAPI, GraphQL, samples in .json or .jsonl, Python "
        "classes as `module:Name`, a file of SQLite, the URL of a PostgreSQL database, a convex "
        "folder, its schema.ts, a Convex .json export, or a native schema",
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        dest="file",
        help="the file to write (default: standard output)",
    )
    parser.add_argument(
        "--force", action="store_true", help="write over a file that is there already"
    )
    parser.add_argument(
        "--strict",
        action="store_true",
        help="write nothing if there is a warning",
    )
    arguments.add_evaluate(parser)
    arguments.add_format(parser)
    _add_foreign(parser)


def _add_foreign(parser: ArgumentParser) -> None:
    """What is about sources that no other command reads."""
    from codegen.importers.kinds import READERS

    group = parser.add_argument_group("other sources than schemas of Convex")
    group.add_argument(
        "--from",
        choices=READERS,
        dest="kind",
        help="what the source is (default: what it looks like)",
    )
    group.add_argument(
        "--table",
        metavar="NAME",
        dest="tables",
        action="append",
        default=[],
        help="make a table of this definition, or read this table of a database; may be "
        "repeated (default: what the source declares as its objects, all tables)",
    )
    group.add_argument(
        "--id-suffix",
        metavar="SUFFIX",
        dest="id_suffixes",
        action="append",
        default=[],
        help="`--id-suffix Id`: a text `ownerId` or `owner_id` is an id if there is a table of owners",
    )
    group.add_argument(
        "--integers",
        choices=("int", "float"),
        help="what whole numbers become: an exact 64-bit integer, or Convex's number (default: int)",
    )
    group.add_argument(
        "--cycles",
        choices=("error", "any"),
        help="what a type that contains itself becomes (default: error)",
    )
    group.add_argument(
        "--references",
        choices=("embed", "id"),
        help="what a reference to a table's definition becomes: its fields, or an id "
        "(default: embed; of GraphQL: id)",
    )
    group.add_argument(
        "--allow-remote",
        action="store_true",
        help="fetch what a `$ref` names on other machines",
    )
    group.add_argument(
        "--sql-schema",
        metavar="NAME",
        help="the schema of a PostgreSQL database (default: the first of the search path)",
    )


def run(given: Namespace) -> Exit:
    from codegen.importers.kinds import kind_of

    kind = given.kind or kind_of(given.schema)
    refused = _refused_source(kind, given) or _refused_option(kind, given)
    if refused is not None:
        found = Diagnostics()
        found.add(refused)
        return _finish(given, None, Console(given.format), found)
    return _run_native(given) if kind is None else _run_foreign(kind, given)


def _refused_source(kind: str | None, given: Namespace) -> Diagnostic | None:
    """The fault of a pipe, or of a URL that is none of a database or is to be read as more."""
    from codegen.importers.kinds import kind_of
    from codegen.importers.urls import KNOWN, is_url, without_password

    own = kind_of(given.schema)
    if os.path.exists(given.schema) and not (
        os.path.isfile(given.schema) or os.path.isdir(given.schema)
    ):
        return Diagnostic("E801", f"`{given.schema}` is no regular file")
    if not is_url(given.schema) or (own is not None and own == kind):
        return None
    shown = without_password(given.schema)
    if own is None:
        return Diagnostic("E801", f"`{shown}` can't be read", hint=KNOWN)
    message = f"`{shown}` is the URL of a database of {own}, and is not read as {kind}"
    return Diagnostic("E801", message, hint=f"leave --from {kind} out")


def _refused_option(kind: str | None, given: Namespace) -> Diagnostic | None:
    """The fault of an option that says nothing to this kind of source."""
    from codegen.importers.options import TAKEN_BY

    values = {
        "--table": given.tables,
        "--integers": given.integers,
        "--id-suffix": given.id_suffixes,
        "--cycles": given.cycles,
        "--references": given.references,
        "--allow-remote": given.allow_remote,
        "--sql-schema": given.sql_schema is not None,
        "--evaluate": given.evaluate,
    }
    for option, value in values.items():
        if value and kind not in TAKEN_BY[option]:
            what = "a schema that other commands read" if kind is None else kind
            kinds = [one for one in TAKEN_BY[option] if one is not None]
            hint = f"it is for {', '.join(kinds) or 'schemas in TypeScript'}"
            message = f"{option} has no meaning for {what}"
            return Diagnostic("E502", message, hint=hint)
    return None


def _run_native(given: Namespace) -> Exit:
    """Imports a schema that other commands read, too, by the rules of its project."""
    from codegen.project.importing import native_text
    from codegen.project.loading import load_schema

    from .session import open_session

    session = open_session(given)
    _refuse_other_file(given, session.diagnostics)
    text = None
    if not session.diagnostics.failed:
        loaded = load_schema(session.project, session.diagnostics)
        text = native_text(loaded, session.diagnostics) if loaded else None
    found = Diagnostics()
    found.extend(map(_with_kinds, session.diagnostics))
    return _finish(given, text, session.console, found)


def _with_kinds(found: Diagnostic) -> Diagnostic:
    """With `--from` as a way out, where a file is of no kind that its name tells."""
    if found.code != "E001" or found.span is None:
        return found
    hint = f"{found.hint}; " if found.hint else ""
    return replace(found, hint=f"{hint}--from says what another source is")


def _run_foreign(kind: str, given: Namespace) -> Exit:
    from codegen.importers.options import Options
    from codegen.project.importing import foreign_text

    options = Options(
        tables=tuple(given.tables),
        id_suffixes=tuple(given.id_suffixes),
        integers=given.integers or "int",
        cycles=given.cycles or "error",
        references=given.references,
        allow_remote=given.allow_remote,
        sql_schema=given.sql_schema,
    )
    found, notes = Diagnostics(), list[str]()
    console = Console(given.format, read=_read)
    _refuse_other_file(given, found)
    text = None
    if not found.failed:
        text = foreign_text(kind, given.schema, options, found, notes)
    done = _finish(given, text, console, found)
    for note in notes:
        console.note(note)
    return done


def _read(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None


def _refuse_other_file(given: Namespace, found: Diagnostics) -> None:
    if given.file and not given.force and os.path.lexists(given.file):
        message = f"{os.path.relpath(given.file)} is there already"
        found.add(Diagnostic("E551", message, hint="--force writes over it"))


def _finish(
    given: Namespace, text: str | None, console: Console, found: Diagnostics
) -> Exit:
    if text is None or (given.strict and len(found)):
        console.report_aside(found)
        if not found.failed:
            console.note("nothing is written: --strict takes warnings for errors")
        return Exit.ERROR
    if given.file is None:
        sys.stdout.write(text)
    else:
        _write(given.file, text, "w" if given.force else "x")
        console.note(f"wrote {given.file}")
    console.report_aside(found)
    if mended := sorted(_ERRORS_OF_NATIVE_SCHEMAS.intersection(d.code for d in found)):
        console.note(f"to mend: {', '.join(mended)} is an error in a native schema")
    return Exit.CLEAN


def _write(path: str, text: str, mode: str) -> None:
    try:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        with open(path, mode, encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        reason = f"cannot be written: {error.strerror or error}"
        raise OutputError(path, reason) from error
