"""A project on disk: its root, its configuration, and what the command line changed of it."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from codegen.diagnostics import Diagnostic, Diagnostics
from codegen.output.recorded import RecordedTree
from codegen.output.tree import DiskTree, Tree

from .config import PYPROJECT, Config, find_root, read_config


@dataclass(frozen=True, slots=True)
class Project:
    """`tree` is where the schema is read from and the package compared with.

    `configuration` is the text of the pyproject.toml that `config` is from, if there is one.
    """

    root: str
    config: Config
    configuration: bytes
    tree: RecordedTree

    @property
    def output_folder(self) -> str:
        return os.path.join(self.root, *self.config.output.split("/"))


def open_project(
    diagnostics: Diagnostics,
    *,
    schema: str | None = None,
    output: str | None = None,
    evaluate: bool = False,
    staged: bool = False,
) -> Project:
    """The project of the working directory; `schema` and `output` are paths from there.

    Where no pyproject.toml speaks for the working directory, one above a given path does.
    If both are given, the one nearest to the schema does, and paths outside of the project make
    their nearest common folder the root: then what is generated does not depend on the
    directory that the command runs in.
    """
    given = [os.path.abspath(path) for path in (schema, output) if path is not None]
    if len(given) == 2:
        starts, other = [os.path.dirname(given[0])], _common(given)
    else:
        starts = [os.getcwd(), *(os.path.dirname(path) for path in given)]
        other = starts[0]
    root = home = next(filter(None, map(find_root, starts)), other)
    configuration = _tree(home, staged).read(PYPROJECT)
    config = read_config(configuration, os.path.join(home, PYPROJECT), diagnostics)
    schema_path = os.path.abspath(os.path.join(home, config.schema))
    schema_path = os.path.abspath(schema) if schema else schema_path
    output_path = os.path.abspath(os.path.join(home, config.output))
    output_path = os.path.abspath(output) if output else output_path
    paths = [schema_path, output_path]
    if config.functions:
        paths.append(os.path.abspath(os.path.join(home, config.functions)))
    if not all(_inside(path, root) for path in paths):
        root = _common(paths)
    fault = _fault_of_output(output_path, schema_path, home)
    if not fault and any(_inside(output_path, path) for path in paths[2:]):
        shown = os.path.relpath(output_path).replace(os.sep, "/")
        fault = f"the output folder can't lie inside the folder of functions: {shown}"
    if fault:
        span = None if output else config.places.get("output")
        hint = (
            "the output folder is codegen's own: give it a place where nothing else is"
        )
        diagnostics.add(Diagnostic("E502", fault, span, hint))
    config = replace(
        config,
        schema=_relative(schema_path, root),
        output=_relative(output_path, root),
        functions=_relative(paths[2], root) if config.functions else None,
        evaluate=evaluate or config.evaluate,
        given=schema is not None,
    )
    tree = RecordedTree(_tree(root, staged))
    return Project(root, config, configuration or b"", tree)


def _fault_of_output(output: str, schema: str, home: str) -> str:
    """Why the output folder can't be where it is, or nothing."""
    output, schema, home = map(os.path.realpath, (output, schema, home))
    shown = os.path.relpath(output).replace(os.sep, "/")
    if output == home:
        return f"the output folder can't be the project itself: {shown}"
    if output == schema:
        return f"the output folder can't be the schema: {shown}"
    if _inside(home, output):
        return f"the output folder can't hold the project: {shown}"
    if _inside(schema, output):
        return f"the output folder can't hold the schema: {shown}"
    if _inside(output, schema):
        return f"the output folder can't lie inside the schema folder: {shown}"
    return ""


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
