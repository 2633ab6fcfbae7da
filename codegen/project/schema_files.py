"""Reads the files of a schema, within bounds, and checks what they say."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Final

from codegen.diagnostics import Diagnostic, Diagnostics, Path, Span, locate_fault
from codegen.ir.checks import check
from codegen.ir.whole_documents import with_documents
from codegen.language.load import load
from codegen.language.source import MAX_BYTES, Loaded, SourceFile, warnings
from codegen.output.tree import Tree

from .convex_app import is_convex, read_convex

_JSON: Final = ".json"
_YAML: Final = (".yaml", ".yml")
_SUFFIXES: Final = (*_YAML, _JSON)
_REFUSED_BY_A_PUSH: Final = ("E202", "E210", "E311")
_MAX_JSON_BYTES: Final = 64 * 1024 * 1024


def read_schema(
    tree: Tree,
    path: str,
    diagnostics: Diagnostics,
    root: str = ".",
    functions: str | None = None,
    *,
    evaluate: bool = False,
    given: bool = False,
) -> Loaded | None:
    """The schema of a file or a folder, with its checks done; None if there is none to use.

    `root` is the folder that `path` starts from, for messages that name the path; `functions`
    is a file or a folder that tells of its functions; `given` if the command line has the path. To `evaluate` is to run TypeScript in a sandbox.
    """
    if is_convex(tree, path):
        loaded = read_convex(tree, path, diagnostics, root, evaluate=evaluate)
    else:
        files = _read_files(tree, path, diagnostics, functions)
        if not files and not diagnostics.failed:
            shown = os.path.relpath(os.path.join(root, path)).replace(os.sep, "/")
            if ":/" in shown:  # a URL, which may hold a password
                from codegen.importers.urls import without_password

                shown = without_password(shown)
            message = f"there is no schema at `{shown}`"
            hint = _where_it_may_be(tree, given=given)
            diagnostics.add(Diagnostic("E001", message, hint=hint))
        loaded = None if diagnostics.failed else load(files, diagnostics)
    if loaded is not None and functions is not None:
        loaded = _with_functions(tree, functions, loaded, diagnostics, root)
    if loaded is None:
        return None
    diagnostics.extend(warnings(loaded.unread))
    for fault in check(loaded.schema):
        if fault.code in _REFUSED_BY_A_PUSH and _is_exported(fault.path, loaded):
            fault = replace(fault, code="W" + fault.code[1:])
        diagnostics.add(locate_fault(fault, loaded.locate))
    if diagnostics.failed:
        return None
    return replace(loaded, schema=with_documents(loaded.schema))


def _is_exported(path: Path, loaded: Loaded) -> bool:
    """Whether Convex has already taken what the path leads to."""
    if path[:2] in loaded.said or path[:3] in loaded.said:
        return False
    told = loaded.exported_functions or frozenset[str]()
    return loaded.exported or (path[0] == "functions" and path[1] in told)


def _with_functions(
    tree: Tree, path: str, loaded: Loaded, diagnostics: Diagnostics, root: str
) -> Loaded | None:
    """The schema with what a file or a folder says of its functions: native files come first."""
    paths = _function_files(tree, path)
    if not paths:
        shown = os.path.relpath(os.path.join(root, path)).replace(os.sep, "/")
        message = f"there is no file of functions at `{shown}`"
        hint = "`functions` in [tool.codegen] of pyproject.toml says where it is"
        if _suffix(path) == _JSON:
            hint = f"`npx convex function-spec > {shown}` writes it; {hint}"
        diagnostics.add(Diagnostic("E001", message, hint=hint))
        return None
    files = [file for one in paths if (file := _read(tree, one, diagnostics))]
    native = [file for file in files if _suffix(file.path) in _YAML]
    specs = [file for file in files if file not in native]
    for file in specs[1:]:
        message = "a second file of what `npx convex function-spec` printed"
        place = Span(file.path, 1, 1, 1, 1)
        hint = "a deployment tells of all of its functions in one"
        diagnostics.add(Diagnostic("E001", message, place, hint))
    if native and not loaded.exported:
        message = "a native schema has its functions in its own files"
        hint = "put this one beside them; or name an app of Convex as `schema`"
        place = Span(native[0].path, 1, 1, 1, 1)
        diagnostics.add(Diagnostic("E502", message, place, hint))
    if diagnostics.failed:
        return None
    if specs:
        from codegen.language.function_spec import load_functions, with_functions

        spec = load_functions(specs[0], diagnostics)
        if spec is None:
            return None
        loaded = with_functions(loaded, spec, diagnostics)
    if not native:
        return loaded
    from codegen.language.native_functions_file import with_native_functions

    return with_native_functions(loaded, native, diagnostics)


def _function_files(tree: Tree, path: str) -> list[str]:
    if tree.size(path) is not None:
        return [path]
    names = (name for name in tree.files(path) if _suffix(name) in _SUFFIXES)
    return [f"{path}/{name}" for name in names]


def _read_files(
    tree: Tree,
    path: str,
    diagnostics: Diagnostics,
    functions: str | None,
) -> list[SourceFile]:
    if tree.size(path) is not None:
        paths = [path]
    else:
        found = tree.files(path)
        paths = [f"{path}/{name}" for name in found if _suffix(name) in _SUFFIXES]
        paths = [one for one in paths if not _belongs_to(one, functions)]
    if len(paths) > 1:
        _refuse_json(paths, diagnostics)
    return [file for one in paths if (file := _read(tree, one, diagnostics))]


def _where_it_may_be(tree: Tree, *, given: bool) -> str:
    """The way out where there is no schema; `given` if the command line says where it is."""
    from .convex_folder import find_convex_folder

    folder = find_convex_folder(tree)
    if given:
        return (
            f"did you mean `{folder}`?"
            if folder
            else "is the path right? it starts from the working directory"
        )
    if folder:
        return (
            f'`{folder}` has one: write `schema = "{folder}"` under [tool.codegen] in '
            "pyproject.toml, as `codegen init` does"
        )
    return (
        "`codegen init` writes a first one; `schema` in [tool.codegen] of pyproject.toml, "
        "or --schema, says where it is"
    )


def _belongs_to(path: str, functions: str | None) -> bool:
    """Whether a file is that of the functions, or in their folder."""
    return functions is not None and (
        path == functions or path.startswith(f"{functions}/")
    )


def _refuse_json(paths: list[str], diagnostics: Diagnostics) -> None:
    """Reports each JSON file of several files: it would be a whole schema."""
    for path in paths:
        if _suffix(path) == _JSON:
            message = "a JSON file is a whole schema: it cannot stand beside others"
            hint = (
                "move it out of the folder; if it is the schema, "
                "name the file itself as `schema`"
            )
            place = Span(path, 1, 1, 1, 1)
            diagnostics.add(Diagnostic("E001", message, place, hint))


def _read(tree: Tree, path: str, diagnostics: Diagnostics) -> SourceFile | None:
    limit = _MAX_JSON_BYTES if _suffix(path) == _JSON else MAX_BYTES
    size = tree.size(path)
    place = Span(path, 1, 1, 1, 1)
    if size is None:
        message = "this is not a file: a broken link, a link to a folder, or a device"
        hint = "put the file itself here, or remove the name"
        diagnostics.add(Diagnostic("E001", message, place, hint))
        return None
    if size > limit:
        message = f"the file has {size:,} bytes; at most {limit:,} are read"
        diagnostics.add(Diagnostic("E002", message, place))
        return None
    data = tree.read(path)
    return None if data is None else SourceFile(path, data)


def _suffix(path: str) -> str:
    return os.path.splitext(path)[1].lower()
