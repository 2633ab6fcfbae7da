"""Pydantic models, dataclasses and TypedDicts of a Python module: `app.models:Order`."""

from __future__ import annotations

import os
import traceback
from typing import Final

from codegen.diagnostics import Diagnostic, Diagnostics, Span
from codegen.language.source import Loaded

from .json_schema.reader import load_document
from .models import Unreadable, schema_of_classes
from .options import Options
from .places import Document, NoText


def read_classes(
    name: str, options: Options, diagnostics: Diagnostics, notes: list[str]
) -> Loaded | None:
    """The schema of a class and of those that it uses; None after a report.

    Imports the module from the working directory or from what is installed.
    """
    try:
        schema = schema_of_classes(name)
    except Unreadable as error:
        diagnostics.add(_fault(name, error))
        return None
    return load_document(Document(name, schema, NoText()), options, diagnostics)


READERS: Final = {"python": read_classes}


def _fault(name: str, error: Unreadable) -> Diagnostic:
    """What went wrong, where it did if that is in the user's own code."""
    cause: BaseException = error
    while (inner := cause.__cause__ or cause.__context__) is not None:
        cause = inner
    message = f"`{name}` can't be imported: {type(cause).__name__}: {cause}"[:500]
    hint = "write `module:Name`; modules are looked for in the working directory first"
    if isinstance(cause, SyntaxError) and cause.filename and cause.lineno:
        column = cause.offset or 1
        path = os.path.relpath(cause.filename)
        span = Span(path, cause.lineno, column, cause.lineno, column + 1)
        return Diagnostic("E807", message, span)
    here = os.getcwd() + os.sep
    frames = [
        f
        for f in traceback.extract_tb(cause.__traceback__)
        if f.filename.startswith(here)
    ]
    own = [f for f in frames if "site-packages" not in f.filename and f.lineno]
    if not own:
        return Diagnostic("E807", message, hint=hint)
    line, column = own[-1].lineno or 1, (own[-1].colno or 0) + 1
    end = own[-1].end_colno
    last = end + 1 if end is not None and own[-1].end_lineno == line else column + 1
    path = os.path.relpath(own[-1].filename)
    return Diagnostic("E807", message, Span(path, line, column, line, last))
