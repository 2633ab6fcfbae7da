"""The files of a project that say what a deployment does, before and after they are brought to it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from codegen.diagnostics import Diagnostic, Diagnostics, Path, locate_fault
from codegen.interop import convex_json, function_spec
from codegen.ir.checks import check
from codegen.ir.delta import compare
from codegen.ir.model import Schema
from codegen.ir.types import JsonValue
from codegen.ir.whole_documents import with_documents
from codegen.language.load import load
from codegen.language.native_writer import dumps
from codegen.language.plain_unions import with_plain_unions
from codegen.language.source import Loaded, SourceFile
from codegen.output.compare import unified_diff
from codegen.output.put import put
from codegen.output.tree import DiskTree

from .convex_app import is_convex
from .deployed import deployed_tables
from .named_objects import with_named_objects
from .project import Project
from .pulled import app_functions, pulled
from .schema_files import read_schema

_TABLES: Final = "app.yaml"
_FUNCTIONS: Final = "functions.yaml"
_JSON: Final = ".json"
_YAML: Final = (".yaml", ".yml")
# Convex takes what only a push would refuse; the native language does not.
_TAKEN_BY_CONVEX: Final = ("E202", "E210", "E311")

_VALIDATION: Final = re.compile(rb"^schemaValidation\s*:", re.MULTILINE)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PulledFile:
    """A file of the project: what is there, and what should be; None where there is no file."""

    path: str
    before: bytes | None
    after: bytes | None

    def diff(self, shown: str) -> str:
        """What writing it changes, as git prints it, under the path as people see it."""
        return unified_diff(shown, self.before, self.after)

    def write(self, root: str) -> None:
        """Puts it in its place, or removes it. Raises an `OutputError`."""
        path = os.path.join(root, self.path)
        if self.after is not None:
            put(path, self.after)
        else:
            os.unlink(path)


def native_file(
    project: Project,
    path: str,
    tables: str,
    functions: JsonValue,
    diagnostics: Diagnostics,
) -> list[PulledFile] | None:
    """One native file that says what a deployment does, unless it does; None after a report.

    `path` is one from the working directory. Raises an `UnreadableSchema`.
    """
    schema = _native(pulled(Schema(), tables, functions), diagnostics)
    if schema is None:
        return None
    text = _read_again({"schema.yaml": dumps(schema)}, schema).encode()
    place = os.path.relpath(path, project.root).replace(os.sep, "/")
    before = DiskTree(project.root).read(place)
    return [] if before == text else [PulledFile(place, before, text)]


def own_schema(project: Project, diagnostics: Diagnostics) -> Loaded | None:
    """The project's schema where it is in native files; reports the faults that it has.

    Functions that a `.json` file tells of are none of it.
    """
    tree, path = project.tree, project.config.schema
    place = os.path.join(project.root, path)
    is_there = os.path.isfile(place) or (os.path.isdir(place) and os.listdir(place))
    if not is_there or path.endswith(_JSON) or is_convex(tree, path):
        return None
    functions = None if _spec_path(project) else project.config.functions
    return read_schema(tree, path, diagnostics, project.root, functions)


def pulled_files(
    project: Project,
    loaded: Loaded | None,
    tables: str,
    functions: JsonValue,
    diagnostics: Diagnostics,
) -> list[PulledFile] | None:
    """The files to write where the project says something else; None after a report.

    `loaded` is what `own_schema` gives. What is the same stays as it is, down to the comments of
    its file. Raises an `UnreadableSchema`.
    """
    tree, path = project.tree, project.config.schema
    spec = _spec_path(project)
    told = [] if spec is None else [*_spec(tree.read(spec), spec, functions)]
    if is_convex(tree, path):
        if spec is not None:
            return told
        message = f"`{path}`, an app of Convex, is the schema: there is nothing to pull"
        hint = "`codegen diff --deployed` compares; --output writes a native schema"
        diagnostics.add(Diagnostic("E502", message, hint=hint))
        return None
    if path.endswith(_JSON):
        return [*_convex_json(tree.read(path), path, tables), *told]
    own = Schema() if loaded is None else loaded.schema
    found = pulled(own, tables, functions)
    if spec is not None:
        known = {p: one for p, one in found.functions.items() if p in own.functions}
        found = replace(found, functions=known)
    schema = _native(found, diagnostics)
    if schema is None:
        return None
    if loaded is None:
        return [*_first_files(path, schema), *told]
    before = with_named_objects(with_plain_unions(own)[0])
    return [*_changed_files(project, loaded, before, schema), *told]


def _spec_path(project: Project) -> str | None:
    """The file that has what `npx convex function-spec` prints, if the project names one."""
    functions = project.config.functions
    if functions is None or functions.endswith(_JSON):
        return functions
    names = [name for name in project.tree.files(functions) if name.endswith(_JSON)]
    return f"{functions}/{names[0]}" if names else None


def _native(schema: Schema, diagnostics: Diagnostics) -> Schema | None:
    """A schema as the native language can say it; None, after a report, where it can't."""
    if not schema.tables:
        hint = "push a schema first: `codegen push`, or `npx convex deploy`"
        message = "the deployment has no tables in its schema"
        diagnostics.add(Diagnostic("E115", message, hint=hint))
        return None
    for fault in check(schema):
        if fault.code in _TAKEN_BY_CONVEX:
            fault = replace(fault, code="W" + fault.code[1:])
        diagnostics.add(locate_fault(fault, _nowhere))
    if diagnostics.failed:
        return None
    plain, faults = with_plain_unions(schema)
    diagnostics.extend(locate_fault(fault, _nowhere) for fault in faults)
    return with_named_objects(plain)


def _nowhere(path: Path) -> None:
    """A deployment has no lines."""


def _first_files(path: str, schema: Schema) -> list[PulledFile]:
    """The files of a project that has none yet."""
    if path.endswith(_YAML):
        texts = {path: dumps(schema)}
    else:
        parts = {f"{path}/{_TABLES}": replace(schema, functions={})}
        if schema.functions:
            functions = replace(Schema(), functions=schema.functions)
            parts[f"{path}/{_FUNCTIONS}"] = functions
        texts = {path: dumps(schema, part) for path, part in parts.items()}
    _read_again(texts, schema)
    return [PulledFile(path, None, text.encode()) for path, text in texts.items()]


def _changed_files(
    project: Project, loaded: Loaded, before: Schema, schema: Schema
) -> list[PulledFile]:
    """The files in which something changes; what is new goes to the first that has its like."""
    tree, path = project.tree, project.config.schema
    names = [path] if tree.size(path) is not None else sorted(tree.files(path))
    paths = names if names == [path] else [f"{path}/{name}" for name in names]
    there = {one: tree.read(one) for one in paths if one.endswith(_YAML)}
    homes = _Homes(loaded, there, path if names == [path] else f"{path}/{_FUNCTIONS}")
    found: list[PulledFile] = []
    texts: dict[str, str] = {}
    for path, data in {homes.of_functions: None, **there}.items():
        old, new = homes.part(before, path), homes.part(schema, path)
        if _items(old) == _items(new):
            texts |= {} if data is None else {path: data.decode("utf-8-sig")}
        elif not _has_items(new):
            found.append(PulledFile(path, data, None))
        else:
            texts[path] = dumps(schema, new)
            found.append(PulledFile(path, data, texts[path].encode()))
    _read_again(texts, schema)
    return found


def _has_items(part: Schema) -> bool:
    return bool(part.tables or part.types or part.functions)


def _items(part: Schema) -> tuple[object, ...]:
    """What a file has, in its order, which dictionaries would not compare."""
    return (
        [*part.tables.values()],
        [*part.types.values()],
        [*part.functions.values()],
        part.schema_validation,
    )


class _Homes:
    """Which file each table, type and function is in."""

    def __init__(
        self, loaded: Loaded, files: Mapping[str, bytes | None], functions: str
    ) -> None:
        schema = loaded.schema
        self._homes: dict[Path, str] = {
            path: span.file
            for path in (
                *(("tables", name) for name in schema.tables),
                *(("types", name) for name in schema.types),
                *(("functions", name) for name in schema.functions),
            )
            if (span := loaded.locate(path))
        }
        self._of_tables = self._first("tables", "")
        self._of_types = self._first("types", self._of_tables)
        self.of_functions = self._first("functions", functions)
        says = [file for file, data in files.items() if _VALIDATION.search(data or b"")]
        self._validation = says[0] if says else self._of_tables

    def part(self, schema: Schema, file: str) -> Schema:
        """What of a schema is, or belongs, in a file."""
        is_here = file == self._validation
        return Schema(
            self._in("tables", schema.tables, file, self._of_tables),
            self._in("types", schema.types, file, self._of_types),
            schema.schema_validation or not is_here,
            self._in("functions", schema.functions, file, self.of_functions),
        )

    def _in(
        self, section: str, named: Mapping[str, T], file: str, new: str
    ) -> dict[str, T]:
        """What is in a file, or is new and belongs there."""
        return {
            name: one
            for name, one in named.items()
            if self._homes.get((section, name), new) == file
        }

    def _first(self, section: str, other: str) -> str:
        """The first file that has such a thing."""
        return next(
            (file for path, file in self._homes.items() if path[0] == section), other
        )


def _convex_json(before: bytes | None, path: str, tables: str) -> Iterator[PulledFile]:
    after = convex_json.dumps(deployed_tables(tables))
    return _unless_same(PulledFile(path, before, after.encode()), deployed_tables)


def _spec(
    before: bytes | None, path: str, functions: JsonValue
) -> Iterator[PulledFile]:
    def read(text: str) -> Schema:
        return Schema(functions=app_functions(json.loads(text)["functions"]))

    after = function_spec.dumps(Schema(functions=app_functions(functions)))
    return _unless_same(PulledFile(path, before, after.encode()), read)


def _unless_same(
    file: PulledFile, read: Callable[[str], Schema]
) -> Iterator[PulledFile]:
    before, after = file.before, file.after
    assert after is not None
    try:
        same = before is not None and not compare(
            read(before.decode("utf-8-sig")), read(after.decode())
        )
    except (ValueError, KeyError, TypeError):
        same = False
    if not same:
        yield file


def _read_again(texts: Mapping[str, str], schema: Schema) -> str:
    """The texts together, which must be read as the schema."""
    found = Diagnostics()
    files = [SourceFile(path, text.encode()) for path, text in texts.items()]
    again = load(files, found)
    if again is None or _canonical(again.schema) != _canonical(schema):
        raise AssertionError(f"the text is not read as the schema: {list(found)[:5]}")
    return "".join(texts.values())


def _canonical(schema: Schema) -> str:
    """A text that is the same for schemas that differ in the order of their parts alone."""
    whole = with_named_objects(with_plain_unions(with_documents(schema))[0])
    return dumps(
        replace(
            whole,
            tables=dict(sorted(whole.tables.items())),
            types=dict(sorted(whole.types.items())),
            functions=dict(sorted(whole.functions.items())),
        )
    )
