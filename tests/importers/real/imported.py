"""An input through `codegen import` and `codegen generate`, as a user runs them."""

from __future__ import annotations

import importlib
import io
import json
import os
import sys
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from codegen.cli.main import run
from codegen.cli.report import Lines, as_text
from codegen.diagnostics import Diagnostic, Diagnostics, Span
from codegen.importers.kinds import kind_of, read
from codegen.importers.options import Options
from codegen.ir.model import Schema
from codegen.ir.types import Object, Type, Union
from codegen.ir.values import encode
from codegen.language.adaptation import adapted
from codegen.project.importing import native_text
from codegen.runtime.model import Model
from codegen.runtime.schema import TableModels

from .documents import Place, places
from .places import Places, Pointer
from .reported import Report

NATIVE: Final = "schema/app.yaml"
"""The native schema in the folder of an import."""
_PACKAGE: Final = "imported_package"


class NotImported(Exception):
    """What codegen said when it refused an input."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import said."""

    schema: Schema
    reports: Sequence[Report]
    tables: Mapping[str, Place]
    """What each table was made of."""

    @property
    def losses(self) -> Counter[str]:
        """How many reports there are of each code."""
        return Counter(report.code for report in self.reports)


class Models:
    """What takes the documents of a table, of one kind or of several."""

    def __init__(self, models: TableModels, document: Type, schema: Schema) -> None:
        self._new: TypeAdapter[Model] = TypeAdapter(models.new)
        self._stored: TypeAdapter[Model] = TypeAdapter(models.document)
        self._own = {"_id": models.id("a"), "_creationTime": 0.0}
        self._type = document
        self._schema = schema
        arms = document.arms if isinstance(document, Union) else (document,)
        fields = [one for arm in arms if isinstance(arm, Object) for one in arm.fields]
        self._defaults = {one.name for one in fields if one.default is not None}

    def fault(self, document: Any) -> str | None:
        """Why a document of plain JSON is refused; None if it is taken, and kept as it is."""
        if self._defaults <= document.keys():
            return self._fault(self._new, document)
        # What makes a document fills in a default; what reads one asks for the field.
        return self._fault(self._stored, {**document, **self._own})

    def _fault(self, adapter: TypeAdapter[Model], document: Any) -> str | None:
        try:
            made = adapter.validate_python(document, by_alias=True, by_name=False)
        except ValidationError as error:
            return _first(error)
        lost = next(_missing(document, made.to_wire(), ()), None)
        # In Python, None is how an optional field is left out: only on the wire it is a null.
        return None if lost is None else self._fault_on_wire(adapter, document)

    def _fault_on_wire(self, adapter: TypeAdapter[Model], document: Any) -> str | None:
        wire = encode(adapted(document, self._type, self._schema))
        try:
            adapter.validate_json(json.dumps(wire), by_alias=True, by_name=False)
        except ValidationError as error:
            return _first(error)
        return None


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"


def _missing(given: Any, wire: Any, pointer: Pointer) -> Iterator[Pointer]:
    """The parts of a document that its wire form does not have; the form may have defaults, too."""
    if isinstance(given, dict) and isinstance(wire, dict):
        for key, value in given.items():
            if key not in wire:
                yield (*pointer, key)
            else:
                yield from _missing(value, wire[key], (*pointer, key))
    elif isinstance(given, list) and isinstance(wire, list):
        for position, (one, other) in enumerate(zip(given, wire, strict=True)):
            yield from _missing(one, other, (*pointer, position))
    elif given != _number(wire) or isinstance(given, bool) != isinstance(wire, bool):
        yield pointer


def _number(wire: Any) -> Any:
    """A number for the form that integers have on the wire."""
    if isinstance(wire, dict) and wire.keys() == {"$integer"}:
        return int.from_bytes(b64decode(wire["$integer"]), "little", signed=True)
    return wire


def imported(source: Path, options: Options, folder: Path) -> Imported:
    """Imports a file into `folder`/schema. Raises NotImported."""
    found = Diagnostics()
    kind = kind_of(str(source))
    assert kind is not None, source
    loaded = read(kind, str(source), options, found, [])
    text = native_text(loaded, found) if loaded else None
    if loaded is None or text is None:
        lines = Lines(lambda path: Path(path).read_bytes())
        raise NotImported("\n".join(as_text(one, lines) for one in found))
    (folder / NATIVE).parent.mkdir()
    (folder / NATIVE).write_text(text, "utf-8")
    known: dict[str, Places] = {}
    tables = {
        name: _place(loaded.locate(("tables", name)), known)
        for name in loaded.schema.tables
    }
    return Imported(loaded.schema, [_report(one, known) for one in found], tables)


def generated(schema: Schema, folder: Path) -> Mapping[str, Models]:
    """The models of each table of `folder`/schema, which says `schema`. Raises NotImported."""
    _codegen(folder, "generate", "--output", _PACKAGE, "--format", "json")
    for name in [name for name in sys.modules if name.startswith(_PACKAGE)]:
        del sys.modules[name]
    importlib.invalidate_caches()
    sys.path.insert(0, str(folder))
    try:
        package = importlib.import_module(f"{_PACKAGE}.server")
        tables = package.schema.tables
        return {
            name: Models(tables[name], table.document, schema)
            for name, table in schema.tables.items()
        }
    finally:
        sys.path.remove(str(folder))


def _codegen(folder: Path, *arguments: str) -> str:
    """Runs a command in a folder; gives what it says on standard error."""
    said, shown = io.StringIO(), io.StringIO()
    with chdir(folder), redirect_stderr(said), redirect_stdout(shown):
        code = run(arguments)
    if code:
        raise NotImported((said.getvalue() + shown.getvalue())[:2000])
    return said.getvalue()


def _report(one: Diagnostic, known: dict[str, Places]) -> Report:
    place = _place(one.span, known)
    return Report(one.code, one.message, place.file, place.pointer)


def _place(span: Span | None, known: dict[str, Places]) -> Place:
    """What stands at a span; every report has to have one."""
    assert span is not None
    file = os.path.normpath(span.file)
    if file not in known:
        known[file] = places(Path(file))
    return Place(file, known[file].at(span.line, span.column))
