"""A project on disk: its root, its configuration, and what the command line changed of it."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from codegen.diagnostics import Diagnostics
from codegen.output.recorded import RecordedTree
from codegen.output.tree import DiskTree, Tree

from .config import Config, find_root, read_config


@dataclass(frozen=True, slots=True)
class Project:
    """`tree` is where the schema is read from and the package compared with."""

    root: str
    config: Config
    tree: RecordedTree

    @property
    def output_folder(self) -> str:
        return os.path.join(self.root, *self.config.output.split("/"))


def open_project(
    diagnostics: Diagnostics,
    *,
    schema: str | None = None,
    output: str | None = None,
    staged: bool = False,
) -> Project:
    """The project of the working directory; `schema` and `output` are paths from there.

    Where no pyproject.toml speaks for the working directory, one above a given path does.
    Paths outside of the project make their nearest common folder the root, so that what is
    generated does not depend on the directory that the command runs in.
    """
    given = [os.path.abspath(path) for path in (schema, output) if path is not None]
    if len(given) == 2:
        starts = [_common(given)]
    else:
        starts = [os.getcwd(), *(os.path.dirname(path) for path in given)]
    root = next(filter(None, map(find_root, starts)), starts[0])
    config = read_config(_tree(root, staged), diagnostics)
    schema_path = (
        os.path.abspath(schema) if schema else os.path.join(root, config.schema)
    )
    output_path = (
        os.path.abspath(output) if output else os.path.join(root, config.output)
    )
    if not (_inside(schema_path, root) and _inside(output_path, root)):
        root = _common([schema_path, output_path])
    config = replace(
        config, schema=_relative(schema_path, root), output=_relative(output_path, root)
    )
    return Project(root, config, RecordedTree(_tree(root, staged)))


def _tree(root: str, staged: bool) -> Tree:
    if not staged:
        return DiskTree(root)
    from codegen.output.git_index import GitIndexTree

    return GitIndexTree(root)


def _common(paths: list[str]) -> str:
    return os.path.commonpath([os.path.dirname(path) for path in paths])


def _inside(path: str, root: str) -> bool:
    return os.path.commonpath([path, root]) == root and path != root


def _relative(path: str, root: str) -> str:
    return os.path.relpath(path, root).replace(os.sep, "/")
