"""JSON Schema, OpenAPI and whatever was made JSON Schema before."""

from __future__ import annotations

import posixpath
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Final

from codegen.diagnostics import Diagnostic, Diagnostics, closest
from codegen.ir.types import BIGINT, NUMBER
from codegen.language.source import Loaded

from ..models import Unreadable, model_names
from ..options import Options
from ..places import Document, Json, Place
from ..reading import parse, read_text
from ..table_names import title_or
from .definitions import (
    Definition,
    default_tables,
    definitions,
    is_object,
    says_something,
)
from .shapes import Shapes, TooLarge
from .sources import LATEST, OPENAPI_30, Sources
from .tables import Tables
from .type_names import TypeNames

_MOST_NAMES: Final = 3000
"""For so many definitions the library is asked for names: it takes a millisecond for each."""
_FRAMES: Final = 12_000
"""Frames of Python that a deeply nested source may take: some ten for each of its levels."""


def read_schema_file(
    path: str, options: Options, diagnostics: Diagnostics, notes: list[str]
) -> Loaded | None:
    """The schema of a file of JSON Schema or OpenAPI; None after a report."""
    text = read_text(path, diagnostics)
    read = None if text is None else parse(path, text, diagnostics)
    return None if read is None else load_document(read, options, diagnostics)


def load_document(
    document: Document,
    options: Options,
    diagnostics: Diagnostics,
    table: str | None = None,
    declared: Sequence[str] = (),
) -> Loaded | None:
    """The schema of a document; None after a report.

    `table` is the name of its only table; `declared` are the definitions that are its tables if
    the user names none, or else the document says itself which they are.
    """
    value = document.value
    if not isinstance(value, dict):
        hint = "a schema is an object; for samples: --from json"
        span = document.positions.value(())
        message = "this is not a JSON Schema"
        diagnostics.add(Diagnostic("E801", message, span, hint))
        return None
    documents = {document.name: document}
    draft = OPENAPI_30 if _is_openapi_30(value) else LATEST
    sources = Sources(
        document.name, documents, diagnostics, options.allow_remote, draft
    )
    integers = NUMBER if options.integers == "float" else BIGINT
    names = TypeNames(_chosen(sources, value))
    shapes = Shapes(sources, names, options.cycles, integers)
    if diagnostics.failed:
        return None
    with _room():
        try:
            return _load(shapes, options, diagnostics, table, declared)
        except (TooLarge, RecursionError) as error:
            why = (
                "nested too deeply"
                if isinstance(error, RecursionError)
                else "too large"
            )
            message = f"this source is {why} once its references are written out"
            hint = "import a part of it: --table NAME"
            diagnostics.add(Diagnostic("E806", message, hint=hint))
            return None


def _load(
    shapes: Shapes,
    options: Options,
    diagnostics: Diagnostics,
    table: str | None,
    declared: Sequence[str],
) -> Loaded | None:
    sources = shapes.sources
    value = sources.documents[sources.root].value
    known = definitions(sources.root, value)
    stem = posixpath.basename(sources.root).split(".")[0]
    title = value.get("title") if isinstance(value, dict) else None
    root = Definition(title_or(title, stem), Place(sources.root))
    shapes.names.chosen = {root.place: root.name} | {**shapes.names.chosen}
    for definition in known.values():
        shapes.malformed.check_named(definition.place)
    tables = Tables(shapes, options.id_suffixes)
    if options.tables:
        chosen = _asked(options.tables, known, root, diagnostics)
    elif table is not None:
        chosen = [Definition(stem, root.place)]
    elif declared:
        chosen = [known[name] for name in declared]
    else:
        chosen = _declared(sources, known, root)
        if not chosen and not diagnostics.failed:
            _refuse(diagnostics, sources, known)
    if not chosen:
        return None
    name = table if chosen[0].place == root.place else None
    tables.add(chosen, name, as_ids=options.references == "id")
    loaded = tables.loaded()
    return None if diagnostics.failed else loaded


def _declared(
    sources: Sources, known: dict[str, Definition], root: Definition
) -> list[Definition]:
    """What a document declares as its objects: itself, or else what it defines."""
    value = sources.documents[sources.root].value
    if says_something(value):
        place = _documents(sources, root.place)
        if place is not None:
            named = next((d for d in known.values() if d.place == place), None)
            return [named or Definition(root.name, place)]
    return default_tables(sources, known)


def _documents(sources: Sources, place: Place) -> Place | None:
    """The schema of the documents that a schema is about: its own, or of its items."""
    for _ in range(8):
        schema = sources.schema(place)
        if not isinstance(schema, dict):
            return None
        if sources.is_plain_reference(place):
            target = sources.reference(place)
            if target is None:
                return None
            place = target
        elif is_object(sources, place):
            return place
        elif schema.get("type") == "array" and isinstance(schema.get("items"), dict):
            place = place.inside("items")
        else:
            return None
    return None


def _asked(
    asked: tuple[str, ...],
    known: dict[str, Definition],
    root: Definition,
    diagnostics: Diagnostics,
) -> list[Definition]:
    chosen: list[Definition] = []
    for name in asked:
        found = known.get(name) or (root if name == root.name else None)
        if found is None:
            message = f"there is no definition `{name}` to make a table of"
            hint = closest(name, [*known, root.name])
            diagnostics.add(Diagnostic("E805", message, hint=hint))
        elif found not in chosen:
            chosen.append(found)
    return chosen if len(chosen) == len({*asked}) else []


def _refuse(
    diagnostics: Diagnostics, sources: Sources, known: dict[str, Definition]
) -> None:
    message = "there is no object with fields here that could be a table"
    hint = "--table NAME makes a table of any definition" if known else ""
    span = sources.losses.span(Place(sources.root))
    diagnostics.add(Diagnostic("E805", message, span, hint))


def _chosen(sources: Sources, value: dict[str, Json]) -> dict[Place, str]:
    """The names that the document's models have; none where the library can't read it in time."""
    known = definitions(sources.root, value)
    if len(known) > _MOST_NAMES:
        return {}
    try:
        names = model_names(
            {d.name: _outline(sources.schema(d.place)) for d in known.values()}
        )
    except Unreadable:
        return {}
    return {
        known[name].place: chosen for name, chosen in names.items() if name in known
    }


def _outline(schema: Json) -> Json:
    """What the name of a schema's model depends on: parsing the rest may take minutes."""
    if not isinstance(schema, dict):
        return {"type": "string", "minLength": 1}
    kept: dict[str, Json] = {"type": "object", "properties": {"a": {"type": "string"}}}
    return kept | {
        k: v for k, v in schema.items() if k == "title" and isinstance(v, str)
    }


def _is_openapi_30(value: dict[str, Json]) -> bool:
    said = value.get("openapi", value.get("swagger"))
    # Without quotes, a version of YAML or JSON is a number.
    return str(said).startswith(("3.0", "2.")) or said in (2, 3)


READERS: Final = {"json-schema": read_schema_file, "openapi": read_schema_file}


@contextmanager
def _room() -> Generator[None]:
    """Lets Python call deeper, as sources are nested; its own objects need no more stack."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
