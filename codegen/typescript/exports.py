"""Modules as others see them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from .values import HostObject, Origin, Unreadable, Value


class Exports(Protocol):
    """A module as others see it."""

    def names(self, above: tuple[Exports, ...] = ()) -> Iterator[str]:
        """The names of its exports; `above` are modules that ask for theirs through this one."""
        ...

    def get(self, name: str, origin: Origin) -> Value:
        """An export; raises `Unreadable`."""
        ...


Importing: TypeAlias = Callable[[str, Origin], Exports]
"""The module that a specifier stands for; raises `Unreadable`."""


@dataclass(frozen=True, eq=False)
class NativeModule:
    """A module that is known without its source."""

    exports: dict[str, Value]
    more: Callable[[], Exports] | None = None

    def names(self, above: tuple[Exports, ...] = ()) -> Iterator[str]:
        yield from self.exports
        if self.more:
            yield from self.more().names(above)

    def get(self, name: str, origin: Origin) -> Value:
        if name in self.exports:
            return self.exports[name]
        if self.more:
            return self.more().get(name, origin)
        raise Unreadable(f"`{name}` of this module is not known", origin)


class Namespace(HostObject):
    """`import * as name`: the exports of a module as an object."""

    __slots__ = ("_module", "_origin")

    def __init__(self, module: Exports, origin: Origin) -> None:
        self._module = module
        self._origin = origin

    def names(self) -> list[str]:
        names = set(self._module.names())
        return sorted(names, key=lambda name: name.encode("utf-16-be"))

    def get(self, name: str, origin: Origin) -> Value:
        return self._module.get(name, origin)
