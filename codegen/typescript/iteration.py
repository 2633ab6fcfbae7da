"""What `...`, `for … of` and the methods of arrays go through."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .values import HostObject, JsArray, Origin, Unreadable, Value, known


class Iterable(HostObject):
    """An object that can be iterated."""

    __slots__ = ()

    def items(self) -> list[Value]:
        """Its elements, in order."""
        raise NotImplementedError

    def names(self) -> list[str]:
        return []


def elements(value: Value, origin: Origin) -> Iterator[Value]:
    """The elements of an iterable value, one after the other: an array may grow meanwhile."""
    value = known(value)
    if isinstance(value, JsArray):
        return live(value)
    return iter(iterate(value, origin))


def live(array: JsArray) -> Iterator[Value]:
    """The items of an array as they are when it is their turn."""
    index = 0
    while index < len(array.items):
        yield array.items[index]
        index += 1


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


class OneTime(Iterable):
    """An iterator: it gives its elements once."""

    __slots__ = ("_elements",)

    def __init__(self, elements: Callable[[], list[Value]]) -> None:
        self._elements: Callable[[], list[Value]] | None = elements

    def items(self) -> list[Value]:
        elements, self._elements = self._elements, None
        return elements() if elements is not None else []

    def get(self, name: str, origin: Origin) -> Value:
        raise Unreadable(f"the member `{name}` of an iterator", origin)
