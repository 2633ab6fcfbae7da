"""Where the functions of a deployment live: `api/` and `internal/`, a module for each of theirs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from codegen.diagnostics import Fault
from codegen.ir.model import Function

from .names import function_module_names, function_names

FOLDERS: Final = {"public": "api", "internal": "internal"}


@dataclass(frozen=True, slots=True)
class FunctionModule:
    """One Python module of functions, or a folder of such modules, or both.

    `name` is the dotted path of the module in the package, and `wire_name` the deployment's
    (empty for `api` and `internal` themselves). `functions` have their classes by path, and
    `modules` are the names of those inside.
    """

    name: str
    wire_name: str
    functions: Mapping[str, str]
    modules: tuple[str, ...]

    @property
    def path(self) -> str:
        """The file of the module."""
        path = self.name.replace(".", "/")
        return f"{path}/__init__.py" if self._is_package else f"{path}.py"

    @property
    def package(self) -> str:
        """The way from this module to the package, in dots."""
        return "." * (self.name.count(".") + 1 + self._is_package)

    @property
    def _is_package(self) -> bool:
        return bool(self.modules) or "." not in self.name


@dataclass(slots=True)
class _Node:
    functions: list[str] = field(default_factory=list[str])
    inside: dict[str, _Node] = field(default_factory=dict[str, "_Node"])


def function_modules(functions: Iterable[Function]) -> Iterator[FunctionModule]:
    """Every module, after those inside it; none where there are no functions."""
    roots: dict[str, _Node] = {}
    for function in sorted(functions, key=lambda one: one.path):
        node = roots.setdefault(FOLDERS[function.visibility], _Node())
        for component in function.path.rpartition(":")[0].split("/"):
            node = node.inside.setdefault(component, _Node())
        node.functions.append(function.path)
    for name, root in sorted(roots.items()):
        yield from _modules(root, name, "")


def _modules(node: _Node, name: str, wire_name: str) -> Iterator[FunctionModule]:
    modules = function_module_names(node.inside)
    for component, module in sorted(modules.items()):
        inside = f"{wire_name}/{component}" if wire_name else component
        yield from _modules(node.inside[component], f"{name}.{module}", inside)
    exports = {path.rpartition(":")[2]: path for path in node.functions}
    names = function_names(exports, modules.values())
    yield FunctionModule(
        name,
        wire_name,
        {exports[export]: own for export, own in names.items()},
        tuple(sorted(modules.values())),
    )


def renumbered(modules: Iterable[FunctionModule]) -> Iterator[Fault]:
    """A warning for each function that has a number because another has its name in Python."""
    for module in modules:
        paths = {name: path for path, name in module.functions.items()}
        for name, path in paths.items():
            export = path.rpartition(":")[2]
            (natural,) = function_names([export], module.modules).values()
            if name != natural:
                message = f"function `{path}` is called `{name}` in Python"
                other = f"`{natural}` is the name of this one"
                related = ((("functions", paths[natural]), other),)
                yield Fault("W230", ("functions", path), message, related=related)
