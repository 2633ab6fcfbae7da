"""Pydantic models, dataclasses and TypedDicts of a Python module: `app.models:Order`."""

from __future__ import annotations

import os
import traceback
from typing import Final

from codegen.diagnostics import Diagnostic, Diagnostics, Span
from codegen.language.source import Loaded

from .class_loading import NoClass, load_class, modules_of_the_user
from .class_places import MEMBER, ClassPlaces, Sources
from .class_schemas import losses_of_class, schema_of
from .json_schema.reader import load_document
from .losses import KEYWORD, Losses
from .options import Options
from .places import Document, Place


def read_classes(
    name: str, options: Options, diagnostics: Diagnostics, notes: list[str]
) -> Loaded | None:
    """The schema of a class and of those that it uses; None after a report.

    Imports the module from the working directory or from what is installed.
    """
    document = _document(name, diagnostics)
    return None if document is None else load_document(document, options, diagnostics)


READERS: Final = {"python": read_classes}


def _document(name: str, diagnostics: Diagnostics) -> Document | None:
    place: Span | None = None
    with modules_of_the_user():
        try:
            made = load_class(name)
            sources = Sources()
            place = sources.of(made).span
            found = schema_of(made)
        except NoClass as error:
            diagnostics.add(Diagnostic("E807", str(error), hint=error.hint))
            return None
        except (Exception, SystemExit) as error:
            diagnostics.add(_fault(name, error, place))
            return None
        places = ClassPlaces({way: sources.of(c) for way, c in found.classes.items()})
    document = Document(name, found.schema, places, places.words)
    losses = Losses({name: document}, diagnostics)
    for way, code, message in found.lost:
        losses.lost(code, Place(name, way), message)
    for way, one in found.classes.items():
        for member, message in losses_of_class(one):
            losses.lost(KEYWORD, Place(name, (*way, MEMBER, member)), message)
    return document


def _fault(name: str, error: BaseException, place: Span | None) -> Diagnostic:
    """What went wrong, where it did if that is in the user's own code, or else at `place`."""
    cause = error
    while (inner := cause.__cause__ or cause.__context__) is not None:
        cause = inner
    told = str(cause).partition("\n\nFor further information")[0]
    message = f"`{name}` can't be imported: {type(cause).__name__}: {told}"[:500]
    if isinstance(cause, SystemExit):
        message = f"`{name}` can't be imported: its module ends the program"
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
        return Diagnostic("E807", message, place)
    line, column = own[-1].lineno or 1, (own[-1].colno or 0) + 1
    end = own[-1].end_colno
    last = end + 1 if end is not None and own[-1].end_lineno == line else column + 1
    path = os.path.relpath(own[-1].filename)
    return Diagnostic("E807", message, Span(path, line, column, line, last))
