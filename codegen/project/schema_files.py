"""Reads the files of a schema, within bounds, and checks what they say."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from codegen.diagnostics import Diagnostic, Diagnostics, Span, locate_fault
from codegen.ir.checks import check
from codegen.language.load import load
from codegen.language.source import MAX_BYTES, Loaded, SourceFile
from codegen.output.tree import Tree

_SUFFIXES: Final = (".yaml", ".yml", ".json")
_REFUSED_BY_A_PUSH: Final = ("E202", "E210", "E311")
_MAX_JSON_BYTES: Final = 64 * 1024 * 1024


def read_schema(tree: Tree, path: str, diagnostics: Diagnostics) -> Loaded | None:
    """The schema of a file or a folder, with its checks done; None if there is none to use."""
    files = _read_files(tree, path, diagnostics)
    if diagnostics.failed:
        return None
    loaded = load(files, diagnostics)
    if loaded is None:
        return None
    for fault in check(loaded.schema):
        if loaded.exported and fault.code in _REFUSED_BY_A_PUSH:
            fault = replace(fault, code="W" + fault.code[1:])
        diagnostics.add(locate_fault(fault, loaded.locate))
    return None if diagnostics.failed else loaded


def _read_files(tree: Tree, path: str, diagnostics: Diagnostics) -> list[SourceFile]:
    if tree.size(path) is not None:
        paths = [path]
    else:
        found = tree.files(path)
        paths = [f"{path}/{name}" for name in found if name.endswith(_SUFFIXES)]
    if not paths:
        diagnostics.add(
            Diagnostic(
                "E001",
                f"there is no schema at `{path}`",
                hint="`codegen init` writes a first one; "
                "`schema` in [tool.codegen] of pyproject.toml, or --schema, says where it is",
            )
        )
    return [file for one in paths if (file := _read(tree, one, diagnostics))]


def _read(tree: Tree, path: str, diagnostics: Diagnostics) -> SourceFile | None:
    limit = _MAX_JSON_BYTES if path.endswith(".json") else MAX_BYTES
    size = tree.size(path)
    if size is not None and size > limit:
        message = f"the file has {size:,} bytes; at most {limit:,} are read"
        diagnostics.add(Diagnostic("E002", message, Span(path, 1, 1, 1, 1)))
        return None
    data = tree.read(path)
    return None if data is None else SourceFile(path, data)
