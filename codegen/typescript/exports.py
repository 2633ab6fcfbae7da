"""Modules as others see them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol, TypeAlias

from .scopes import Binding
from .values import HostObject, Origin, Unreadable, Value


class Exports(Protocol):
    """A module as others see it."""

    def names(self, above: tuple[Exports, ...] = ()) -> Iterator[str]:
        """The names of its exports; `above` are modules that ask for theirs through this one."""
        ...

    def binding(self, name: str, origin: Origin) -> Binding:
        """An export; raises `Unreadable` where there is none, or two of the name."""
        ...


Importing: TypeAlias = Callable[[str, Origin], Exports]
"""The module that a specifier stands for; raises `Unreadable`."""


class NativeModule:
    """A module that is known without its source."""

    def __init__(
        self, exports: Mapping[str, Value], more: Callable[[], Exports] | None = None
    ) -> None:
        self._exports = {name: Binding(value) for name, value in exports.items()}
        self._more = more

    def names(self, above: tuple[Exports, ...] = ()) -> Iterator[str]:
        yield from self._exports
        if self._more:
            yield from self._more().names(above)

    def binding(self, name: str, origin: Origin) -> Binding:
        if name in self._exports:
            return self._exports[name]
        if self._more:
            return self._more().binding(name, origin)
        raise Unreadable(f"`{name}` of this module is not known", origin)


class Namespace(HostObject):
    """`import * as name`: the exports of a module as an object."""

    __slots__ = ("_module",)

    def __init__(self, module: Exports) -> None:
        self._module = module

    def names(self) -> list[str]:
        names = set(self._module.names())
        return sorted(names, key=lambda name: name.encode("utf-16-be"))

    def get(self, name: str, origin: Origin) -> Value:
        return self._module.binding(name, origin).get()
