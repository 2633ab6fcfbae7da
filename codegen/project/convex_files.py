"""The files that a push puts into a Convex app: the schema, and the functions for documents."""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from codegen.diagnostics import Diagnostic, Diagnostics, locate_fault
from codegen.interop import convex_helper, convex_json, convex_typescript
from codegen.ir.delta import compare
from codegen.ir.model import Schema
from codegen.language.source import Loaded
from codegen.output.compare import same, unified_diff
from codegen.output.disk import lf
from codegen.output.errors import Refused
from codegen.output.put import put
from codegen.output.tree import DiskTree, Tree
from codegen.typescript.discovery import SCHEMA_FILES

from .convex_app import is_convex, read_convex
from .convex_folder import functions_folder
from .deployed import as_deployed
from .project import Project

_MARK: Final = (
    "// Written by `codegen push`: change the schema that it is of, and push again.\n"
)
_DIGEST: Final = "// sha256 "


@dataclass(frozen=True, slots=True)
class ConvexFile:
    """A file: its path in the project, what is there, what should be, and who wrote it.

    `kept` is for one of somebody else's that says the same; `foreign` for one that does not.
    """

    path: str
    before: bytes | None
    after: bytes
    kept: bool = False
    foreign: bool = False

    @property
    def differs(self) -> bool:
        """Whether it is to be written."""
        return not self.kept and (
            self.before is None or not same(self.before, self.after)
        )

    def diff(self, shown: str) -> str:
        """What writing it changes, as git prints it, under the path as people see it."""
        return unified_diff(shown, self.before, self.after)


@dataclass(frozen=True, slots=True)
class ConvexApp:
    """A Convex app: the folder of its package.json, and the files that a push puts there."""

    root: str
    files: tuple[ConvexFile, ...]


def convex_app(
    project: Project, folder: str | None, loaded: Loaded, diagnostics: Diagnostics
) -> ConvexApp | None:
    """The app of a project, in a folder or where it is; None, after a report, without one.

    Where the app itself is the project's schema, that is left as it is.
    """
    schema = project.config.schema
    if is_convex(project.tree, schema):
        is_file = project.tree.size(schema) is not None
        functions = os.path.join(
            project.root, os.path.dirname(schema) if is_file else schema
        )
        root = folder or _package_above(functions, project.root)
        path = os.path.relpath(functions, root).replace(os.sep, "/")
        return ConvexApp(root, (_helper_file(DiskTree(root), path),))
    root = folder or project.root
    tree = DiskTree(root)
    found = functions_folder(tree)
    if found is None:
        message = "the folder of functions that convex.json names is not inside the app"
        diagnostics.add(Diagnostic("E502", message))
        return None
    for fault in convex_json.warnings(loaded.schema):
        diagnostics.add(locate_fault(fault, loaded.locate))
    file = _schema_file(tree, root, found, loaded.schema)
    return ConvexApp(root, (file, _helper_file(tree, found)))


def refuse_foreign(app: ConvexApp, *, force: bool) -> None:
    """Raises `Refused` where a file is somebody else's, unless that is to be forced."""
    reason = "says something else, and push did not write it"
    faults = tuple(
        (os.path.join(app.root, file.path), reason)
        for file in app.files
        if file.foreign and file.differs
    )
    if faults and not force:
        raise Refused(faults)


def write(app: ConvexApp, *, force: bool) -> list[str]:
    """Writes the files that differ, and tells their paths.

    Raises `Refused`, with nothing written, where `refuse_foreign` does; an `OutputError` for a
    file that can't be written.
    """
    refuse_foreign(app, force=force)
    differing = [file for file in app.files if file.differs]
    for file in differing:
        put(os.path.join(app.root, file.path), file.after)
    return [file.path for file in differing]


def _package_above(folder: str, root: str) -> str:
    """The nearest folder with a package.json, from a folder upwards; else the root."""
    while not os.path.isfile(os.path.join(folder, "package.json")):
        if os.path.realpath(folder) == os.path.realpath(root):
            return root
        above = os.path.dirname(folder)
        if above == folder:
            return root
        folder = above
    return folder


def _helper_file(tree: Tree, folder: str) -> ConvexFile:
    path = f"{folder}/{convex_helper.FILE}"
    before, after = tree.read(path), convex_helper.dumps().encode()
    foreign = before is not None and not convex_helper.is_helper(before)
    return ConvexFile(path, before, after, foreign=foreign)


def _schema_file(tree: Tree, root: str, folder: str, schema: Schema) -> ConvexFile:
    text = convex_typescript.dumps(schema)
    path, *others = [f"{folder}/{name}" for name in SCHEMA_FILES]
    after = f"{_MARK}{_DIGEST}{_digest(text)}\n{text}".encode()
    for there in (path, *others):
        before = tree.read(there)
        if before is None:
            continue
        if _is_ours(before):
            return ConvexFile(path, before, after)
        if _says(tree, root, there, schema):
            return ConvexFile(there, before, after, kept=True)
        return ConvexFile(there, before, after, foreign=True)
    return ConvexFile(path, None, after)


def _is_ours(data: bytes) -> bool:
    """Whether push wrote it, and nobody has changed it since."""
    head, _, rest = lf(data).partition(b"\n" + _DIGEST.encode())
    digest, _, text = rest.partition(b"\n")
    return f"{head.decode('utf-8', 'replace')}\n" == _MARK and (
        digest.decode("utf-8", "replace") == _digest(text.decode("utf-8", "replace"))
    )


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _says(tree: Tree, root: str, path: str, schema: Schema) -> bool:
    """Whether a module is the schema in other words."""
    found = read_convex(tree, path, Diagnostics(), root, evaluate=False)
    return found is not None and not compare(
        as_deployed(found.schema), as_deployed(schema)
    )
