"""A program: its modules, found and read when they are needed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Final, cast

from codegen.diagnostics import closest

from .convex_server import convex_server, generated_api, generated_server
from .convex_values import convex_values
from .evaluate import Evaluator
from .exports import Exports, NativeModule
from .globals import global_names
from .modules import Module
from .resolution import Files, Found, Resolution
from .scopes import Binding, Scope
from .syntax import MAX_BYTES, Source, parse
from .values import Closure, JsArray, JsObject, NotFound, Origin, Unreadable, Value

_PACKAGES: Final = os.path.join(os.path.dirname(__file__), "packages")
_OURS: Final = "codegen:"
"""What the names of the modules begin with that are known without being installed."""
_GENERATED: Final = "_generated/"
_NATIVE: Final[dict[str, Callable[[], dict[str, Value]]]] = {
    "convex/values": convex_values,
    "convex/server": convex_server,
    "_generated/server": generated_server,
    "_generated/api": generated_api,
}
_SUFFIXES: Final = (".js", ".ts", ".d.ts")
_MAX_PACKAGE_BYTES: Final = 512 * 1024


@dataclass
class Program:
    """The modules of a project, each of which is read once."""

    files: Files
    evaluator: Evaluator = field(default_factory=Evaluator)
    _modules: dict[str, Exports] = field(default_factory=dict[str, Exports])
    _names: dict[str, Binding] | None = None

    def __post_init__(self) -> None:
        self._resolution = Resolution(self.files)

    def module(self, path: str) -> Module | None:
        """The module of a file of the project; None if there is no such file."""
        found = self._resolution.file(path)
        if found is None:
            return None
        module = self._load(found)
        return module if isinstance(module, Module) else None

    def own_sources(self) -> list[Source]:
        """The modules of the project that were run."""
        return [
            module.source
            for module in self._modules.values()
            if isinstance(module, Module)
            and module.is_started
            and not module.source.is_package
        ]

    @property
    def has_read_packages(self) -> bool:
        """Whether what is installed had a part in it."""
        return any(
            isinstance(module, Module)
            and module.source.is_package
            and not name.startswith(_OURS)
            for name, module in self._modules.items()
        )

    def _import(self, importer: str, specifier: str, origin: Origin) -> Exports:
        native = self._native(specifier)
        if native is not None:
            return native
        found = self._resolution.find(specifier, importer)
        shipped = self._shipped(specifier)
        if found is None and shipped is not None:
            return shipped
        if found is None:
            raise NotFound(f'"{specifier}" is not found', origin, _hint(specifier))
        limit = _MAX_PACKAGE_BYTES if found.is_package else MAX_BYTES
        if len(found.data) > limit:
            message = f"{found.path} is too large to be read"
            raise Unreadable(message, origin)
        module = self._load(found)
        return _Either(module, shipped) if shipped is not None else module

    def _native(self, specifier: str) -> Exports | None:
        name = specifier
        for suffix in _SUFFIXES:
            name = name.removesuffix(suffix)
        start = name.rfind(_GENERATED)
        if start >= 0:
            name = name[start:]
        exports = _NATIVE.get(name)
        if exports is None:
            return None
        if name not in self._modules:
            more = (
                partial(self._shipped_module, name) if name == "convex/server" else None
            )
            self._modules[name] = NativeModule(exports(), more)
        return self._modules[name]

    def _shipped(self, specifier: str) -> Exports | None:
        """What is known of a package without having it."""
        if specifier not in SHIPPED:
            return None
        return self._shipped_module(specifier)

    def _shipped_module(self, name: str) -> Exports:
        path = f"{name}.ts"
        key = f"{_OURS}{path}"
        if key not in self._modules:
            with open(os.path.join(_PACKAGES, path), "rb") as file:
                found = Found(path, file.read(), True)
            self._modules[key] = self._typescript(found)
        return self._modules[key]

    def _load(self, found: Found) -> Exports:
        if found.path not in self._modules:
            read = self._json if found.path.endswith(".json") else self._typescript
            self._modules[found.path] = read(found)
        return self._modules[found.path]

    def _typescript(self, found: Found) -> Module:
        data = found.data.removeprefix(b"\xef\xbb\xbf")
        source = parse(found.path, data, is_package=found.is_package)
        scope = Scope(source, Scope(source, names=self._globals()))
        importing = partial(self._import, found.path)
        linking = partial(self._linked, found)
        return Module(source, self.evaluator, importing, linking, scope)

    def _linked(self, importer: Found, specifier: str) -> Module | None:
        """The module of the project that an import runs."""
        if importer.is_package or self._native(specifier):
            return None
        found = self._resolution.find(specifier, importer.path)
        if found is None or found.is_package or len(found.data) > MAX_BYTES:
            return None
        module = self._load(found)
        return module if isinstance(module, Module) else None

    def _globals(self) -> dict[str, Binding]:
        if self._names is None:
            values = global_names()
            self._names = {name: Binding(value) for name, value in values.items()}
        return self._names

    def _json(self, found: Found) -> Exports:
        try:
            value = _value(json.loads(found.data))
        except (ValueError, OverflowError, RecursionError):
            return NativeModule({})
        named = dict(value.properties) if isinstance(value, JsObject) else {}
        return NativeModule({**named, "default": value})


@dataclass(frozen=True, eq=False)
class _Either:
    """An installed package that is also known without being read."""

    installed: Exports
    shipped: Exports

    def names(self, above: tuple[Exports, ...] = ()) -> Iterator[str]:
        return self.installed.names(above)

    def binding(self, name: str, origin: Origin) -> Binding:
        known = None
        if name in set(self.shipped.names()):
            known = self.shipped.binding(name, origin)
            # What functions make is known better than what they do on the way.
            if isinstance(known.get(), Closure):
                return known
        try:
            found = self.installed.binding(name, origin)
            found.get()
        except Unreadable:
            if known is None:
                raise
            return known
        return found


def _value(data: object) -> Value:
    """A value of JSON as one of JavaScript."""
    if isinstance(data, list):
        return JsArray([_value(item) for item in cast("list[object]", data)])
    if isinstance(data, dict):
        items = cast("dict[str, object]", data).items()
        return JsObject({name: _value(inner) for name, inner in items})
    if isinstance(data, int) and not isinstance(data, bool):
        return float(data)
    return cast("Value", data)


def _hint(specifier: str) -> str:
    if specifier.startswith("."):
        return "is the file there?"
    if specifier.startswith("convex/"):
        return closest(specifier, (*_NATIVE, *SHIPPED))
    return "install the packages of the project, so that node_modules has it"


SHIPPED: Final = frozenset(
    {
        "convex-helpers",
        "convex-helpers/validators",
        "convex-helpers/server",
        "convex-helpers/server/customFunctions",
        "@convex-dev/auth/server",
    }
)
"""The packages that are known, by the files in `packages`."""
