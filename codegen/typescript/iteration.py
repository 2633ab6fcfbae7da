"""What `...`, `for … of` and the methods of arrays go through."""

from __future__ import annotations

from .values import HostObject, JsArray, Origin, Unreadable, Value, known


class Iterable(HostObject):
    """An object that can be iterated."""

    __slots__ = ()

    def items(self) -> list[Value]:
        """Its elements, in order."""
        raise NotImplementedError


def iterate(value: Value, origin: Origin) -> list[Value]:
    """The elements of an iterable value."""
    value = known(value)
    if isinstance(value, JsArray):
        return list(value.items)
    if isinstance(value, str):
        return list(value)
    if isinstance(value, Iterable):
        return value.items()
    raise Unreadable("what is no array is used as one", origin)
