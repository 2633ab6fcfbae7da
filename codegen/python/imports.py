"""The imports of one generated module: exactly those that it uses."""

from __future__ import annotations

from collections.abc import Collection

from .code import Code, identifier
from .import_block import import_block

RUNTIME = "codegen.runtime"


class Imports:
    """Collects names as they are used; a name that the package took is imported under another."""

    def __init__(self, taken: Collection[str]) -> None:
        self._taken = taken
        self._used: dict[str, dict[str, str | None]] = {}
        self._type_checking: dict[str, dict[str, str | None]] = {}

    def use(self, module: str, name: str) -> Code:
        """The local name of something that is not ours: of typing or of the runtime."""
        alias = None
        if name in self._taken:
            alias = f"Runtime{name}"
            while alias in self._taken:
                alias = f"Runtime{alias}"
        self._used.setdefault(module, {})[name] = alias
        return identifier(alias or name)

    def runtime(self, name: str) -> Code:
        return self.use(RUNTIME, name)

    def own(self, module: str, name: str) -> Code:
        """A name of this package, by the relative path of its module."""
        self._used.setdefault(module, {})[name] = None
        return identifier(name)

    def module(self, name: str) -> None:
        """Imports a module of the standard library itself."""
        self._used.setdefault(name, {})

    def submodule(self, name: str) -> None:
        """Imports a module inside this package, and offers it to others."""
        self._used.setdefault(".", {})[name] = name

    def block(self) -> Code:
        return import_block(self._used)
