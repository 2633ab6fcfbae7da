"""The methods of arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final, TypeAlias

from .iteration import OneTime, live
from .values import (
    CHARACTERS_A_STEP,
    UNDEFINED,
    JsArray,
    Origin,
    Unreadable,
    Value,
    known,
    same,
    strictly_equal,
    to_text,
    truthy,
)

if TYPE_CHECKING:
    from .evaluate import Evaluator

ArrayMethod: TypeAlias = "Callable[[Evaluator, JsArray, list[Value], Origin], Value]"


def _first(args: list[Value], origin: Origin) -> Value:
    if not args:
        raise Unreadable("a call without its argument", origin)
    return known(args[0])


def _each(
    evaluator: Evaluator, array: JsArray, args: list[Value], origin: Origin
) -> Iterator[tuple[Value, Value]]:
    """The items that there are at first, with what the function says of each."""
    function = _first(args, origin)
    count = len(array.items)
    for index, item in zip(range(count), live(array), strict=False):
        yield item, evaluator.call(function, [item, float(index), array], origin)


def _map(e: Evaluator, array: JsArray, args: list[Value], origin: Origin) -> Value:
    return JsArray([value for _, value in _each(e, array, args, origin)])


def _filter(e: Evaluator, array: JsArray, args: list[Value], origin: Origin) -> Value:
    return JsArray(
        [item for item, kept in _each(e, array, args, origin) if truthy(kept)]
    )


def _for_each(e: Evaluator, array: JsArray, args: list[Value], origin: Origin) -> Value:
    for _ in _each(e, array, args, origin):
        pass
    return UNDEFINED


def _flat_map(e: Evaluator, array: JsArray, args: list[Value], origin: Origin) -> Value:
    made: list[Value] = []
    for _, value in _each(e, array, args, origin):
        more = value.items if isinstance(value, JsArray) else [value]
        e.spend(len(more), origin)
        made += more
    return JsArray(made)


def _find(e: Evaluator, array: JsArray, args: list[Value], origin: Origin) -> Value:
    for item, found in _each(e, array, args, origin):
        if truthy(found):
            return known(item)
    return UNDEFINED


def _some(e: Evaluator, array: JsArray, args: list[Value], origin: Origin) -> Value:
    return any(truthy(value) for _, value in _each(e, array, args, origin))


def _every(e: Evaluator, array: JsArray, args: list[Value], origin: Origin) -> Value:
    return all(truthy(value) for _, value in _each(e, array, args, origin))


def _reduce(e: Evaluator, array: JsArray, args: list[Value], origin: Origin) -> Value:
    function = _first(args, origin)
    items = zip(range(len(array.items)), live(array), strict=False)
    if len(args) > 1:
        value = args[1]
    elif array.items:
        _, value = next(items)
    else:
        raise Unreadable("`reduce` of an empty array", origin)
    for index, item in items:
        value = e.call(function, [value, item, float(index), array], origin)
    return known(value)


def _concat(e: Evaluator, array: JsArray, args: list[Value], origin: Origin) -> Value:
    made = list(array.items)
    for value in args:
        value = known(value)
        more = value.items if isinstance(value, JsArray) else [value]
        e.spend(len(more), origin)
        made += more
    return JsArray(made)


def _slice(e: Evaluator, array: JsArray, args: list[Value], origin: Origin) -> Value:
    return JsArray(array.items[bounds(args, origin)])


def bounds(args: list[Value], origin: Origin) -> slice:
    """The stretch that the arguments of `slice` say."""
    ends: list[int | None] = []
    for value in args[:2]:
        if value is UNDEFINED:
            ends.append(None)
        elif isinstance(value, float) and value.is_integer():
            ends.append(int(value))
        else:
            raise Unreadable("`slice` with these arguments", origin)
    start, end = (*ends, None, None)[:2]
    return slice(start, end)


def _wanted(args: list[Value], origin: Origin) -> Value:
    if len(args) != 1:
        raise Unreadable("a search that begins elsewhere", origin)
    return known(args[0])


def _includes(e: Evaluator, array: JsArray, args: list[Value], origin: Origin) -> Value:
    wanted = _wanted(args, origin)
    return any(same(known(item), wanted) for item in array.items)


def _index(e: Evaluator, array: JsArray, args: list[Value], origin: Origin) -> Value:
    wanted = _wanted(args, origin)
    for index, item in enumerate(array.items):
        if strictly_equal(known(item), wanted):
            return float(index)
    return -1.0


def _join(e: Evaluator, array: JsArray, args: list[Value], origin: Origin) -> Value:
    separator = to_text(args[0], origin) if args and args[0] is not UNDEFINED else ","
    texts: list[str] = []
    for item in array.items:
        text = "" if item in (None, UNDEFINED) else to_text(known(item), origin)
        e.spend((len(text) + len(separator)) // CHARACTERS_A_STEP, origin)
        texts.append(text)
    return separator.join(texts)


def _flat(e: Evaluator, array: JsArray, args: list[Value], origin: Origin) -> Value:
    if args:
        raise Unreadable("`flat` with a depth", origin)
    made: list[Value] = []
    for item in map(known, array.items):
        more = item.items if isinstance(item, JsArray) else [item]
        e.spend(len(more), origin)
        made += more
    return JsArray(made)


def _at(e: Evaluator, array: JsArray, args: list[Value], origin: Origin) -> Value:
    index = _first(args, origin)
    if not isinstance(index, float) or not index.is_integer():
        raise Unreadable("`at` with this argument", origin)
    place = int(index)
    if not -len(array.items) <= place < len(array.items):
        return UNDEFINED
    return known(array.items[place])


def _push(e: Evaluator, array: JsArray, args: list[Value], origin: Origin) -> Value:
    array.items += args
    return float(len(array.items))


def _reverse(e: Evaluator, array: JsArray, args: list[Value], origin: Origin) -> Value:
    array.items.reverse()
    return array


def _sort(e: Evaluator, array: JsArray, args: list[Value], origin: Origin) -> Value:
    if args or not all(isinstance(item, str) for item in array.items):
        raise Unreadable("`sort` of this array", origin)
    array.items.sort(key=lambda item: str(item).encode("utf-16-be", "surrogatepass"))
    return array


def _entries(e: Evaluator, array: JsArray, args: list[Value], origin: Origin) -> Value:
    return OneTime(
        lambda: [JsArray([float(i), item]) for i, item in enumerate(array.items)]
    )


def _values(e: Evaluator, array: JsArray, args: list[Value], origin: Origin) -> Value:
    return OneTime(lambda: list(array.items))


ARRAY_METHODS: Final[dict[str, ArrayMethod]] = {
    "at": _at,
    "concat": _concat,
    "entries": _entries,
    "every": _every,
    "filter": _filter,
    "find": _find,
    "flat": _flat,
    "flatMap": _flat_map,
    "forEach": _for_each,
    "includes": _includes,
    "indexOf": _index,
    "join": _join,
    "map": _map,
    "push": _push,
    "reduce": _reduce,
    "reverse": _reverse,
    "slice": _slice,
    "some": _some,
    "sort": _sort,
    "values": _values,
}
