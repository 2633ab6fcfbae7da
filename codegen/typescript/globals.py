"""What every module finds without importing it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import TYPE_CHECKING, Final

from .iteration import Iterable, OneTime, iterate
from .literals import spread
from .registered import RegisteredFunction
from .values import (
    UNDEFINED,
    HostObject,
    JsArray,
    JsObject,
    Native,
    NativeCall,
    Origin,
    Unreadable,
    Value,
    known,
    to_text,
    truthy,
    type_of,
)

if TYPE_CHECKING:
    from .evaluate import Evaluator


def _key(value: Value) -> Hashable:
    """Equal for what sets and maps call the same: NaN, too, is equal to itself."""
    value = known(value)
    if isinstance(value, (str, bool, float, int)):
        return type_of(value), "NaN" if value != value else value
    return id(value)


class _Set(Iterable):
    """A `Set`."""

    def __init__(self, items: list[Value]) -> None:
        self._items: dict[Hashable, Value] = {}
        for item in items:
            self._items.setdefault(_key(item), item)

    def items(self) -> list[Value]:
        return list(self._items.values())

    def get(self, name: str, origin: Origin) -> Value:
        if name == "size":
            return float(len(self._items))
        method = _SET_METHODS.get(name)
        if method is None:
            raise Unreadable(f"the member `{name}` of a set", origin)
        return Native(name, lambda _, args, at: method(self, args, at))

    def has(self, args: list[Value], origin: Origin) -> Value:
        return _key(_argument(args, origin)) in self._items

    def add(self, args: list[Value], origin: Origin) -> Value:
        item = _argument(args, origin)
        self._items.setdefault(_key(item), item)
        return self

    def values(self, args: list[Value], origin: Origin) -> Value:
        return OneTime(self.items)


_SET_METHODS: Final[dict[str, Callable[[_Set, list[Value], Origin], Value]]] = {
    "add": _Set.add,
    "has": _Set.has,
    "keys": _Set.values,
    "values": _Set.values,
}


class _Map(Iterable):
    """A `Map`."""

    def __init__(self, pairs: list[tuple[Value, Value]]) -> None:
        self._pairs: dict[Hashable, tuple[Value, Value]] = {}
        for key, value in pairs:
            self._set(key, value)

    def items(self) -> list[Value]:
        return [JsArray([key, value]) for key, value in self._pairs.values()]

    def get(self, name: str, origin: Origin) -> Value:
        if name == "size":
            return float(len(self._pairs))
        method = _MAP_METHODS.get(name)
        if method is None:
            raise Unreadable(f"the member `{name}` of a map", origin)
        return Native(name, lambda _, args, at: method(self, args, at))

    def value(self, args: list[Value], origin: Origin) -> Value:
        pair = self._pairs.get(_key(_argument(args, origin)))
        return UNDEFINED if pair is None else known(pair[1])

    def has(self, args: list[Value], origin: Origin) -> Value:
        return _key(_argument(args, origin)) in self._pairs

    def put(self, args: list[Value], origin: Origin) -> Value:
        self._set(_argument(args, origin), args[1] if len(args) > 1 else UNDEFINED)
        return self

    def keys(self, args: list[Value], origin: Origin) -> Value:
        return OneTime(lambda: [key for key, _ in self._pairs.values()])

    def values(self, args: list[Value], origin: Origin) -> Value:
        return OneTime(lambda: [value for _, value in self._pairs.values()])

    def entries(self, args: list[Value], origin: Origin) -> Value:
        return OneTime(self.items)

    def _set(self, key: Value, value: Value) -> None:
        first, _ = self._pairs.get(_key(key), (key, None))
        self._pairs[_key(key)] = first, value


_MAP_METHODS: Final[dict[str, Callable[[_Map, list[Value], Origin], Value]]] = {
    "get": _Map.value,
    "has": _Map.has,
    "set": _Map.put,
    "keys": _Map.keys,
    "values": _Map.values,
    "entries": _Map.entries,
}


def _argument(args: list[Value], origin: Origin) -> Value:
    if not args:
        raise Unreadable("a call without its argument", origin)
    return known(args[0])


def _own(value: Value, origin: Origin) -> JsObject:
    """A copy of an object's own properties."""
    if not isinstance(value, (JsObject, JsArray, HostObject)):
        raise Unreadable("the properties of what is no object", origin)
    copy = JsObject()
    spread(value, copy, origin)
    return copy


def _keys(e: Evaluator, args: list[Value], origin: Origin) -> Value:
    return JsArray([*_own(_argument(args, origin), origin).names()])


def _values(e: Evaluator, args: list[Value], origin: Origin) -> Value:
    own = _own(_argument(args, origin), origin)
    return JsArray([own.properties[name] for name in own.names()])


def _entries(e: Evaluator, args: list[Value], origin: Origin) -> Value:
    own = _own(_argument(args, origin), origin)
    return JsArray([JsArray([name, own.properties[name]]) for name in own.names()])


def _from_entries(e: Evaluator, args: list[Value], origin: Origin) -> Value:
    made = JsObject()
    for entry in iterate(_argument(args, origin), origin):
        pair = iterate(entry, origin)
        if len(pair) < 2:
            raise Unreadable("`fromEntries` of what is no pair", origin)
        made.properties[to_text(known(pair[0]), origin)] = pair[1]
    return made


def _assign(e: Evaluator, args: list[Value], origin: Origin) -> Value:
    target = _argument(args, origin)
    if isinstance(target, RegisteredFunction):
        return target
    if not isinstance(target, JsObject):
        raise Unreadable("`Object.assign` to what is no plain object", origin)
    for source in args[1:]:
        spread(source, target, origin)
    return target


def _first(e: Evaluator, args: list[Value], origin: Origin) -> Value:
    """What `Object.freeze` gives."""
    return _argument(args, origin)


def _is_array(e: Evaluator, args: list[Value], origin: Origin) -> Value:
    return isinstance(_argument(args, origin), JsArray)


def _array_from(e: Evaluator, args: list[Value], origin: Origin) -> Value:
    source = _argument(args, origin)
    if isinstance(source, JsObject) and set(source.properties) == {"length"}:
        length = known(source.properties["length"])
        if not isinstance(length, float) or not 0 <= length <= 10_000:
            raise Unreadable("`Array.from` of this length", origin)
        items: list[Value] = [UNDEFINED] * int(length)
    else:
        items = iterate(source, origin)
    if len(args) > 1:
        items = [
            e.call(args[1], [item, float(index)], origin)
            for index, item in enumerate(items)
        ]
    return JsArray(items)


def _array_of(e: Evaluator, args: list[Value], origin: Origin) -> Value:
    return JsArray(args)


def _string(e: Evaluator, args: list[Value], origin: Origin) -> Value:
    return to_text(known(args[0]), origin) if args else ""


def _boolean(e: Evaluator, args: list[Value], origin: Origin) -> Value:
    return truthy(known(args[0])) if args else False


def _bigint(e: Evaluator, args: list[Value], origin: Origin) -> Value:
    value = _argument(args, origin)
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return int(value)
    raise Unreadable("`BigInt` of this value", origin)


def _number(e: Evaluator, args: list[Value], origin: Origin) -> Value:
    value = _argument(args, origin)
    if isinstance(value, float):
        return value
    raise Unreadable(f"`Number` of a {type_of(value)}", origin)


def _set(e: Evaluator, args: list[Value], origin: Origin) -> Value:
    return _Set(iterate(args[0], origin) if args else [])


def _map(e: Evaluator, args: list[Value], origin: Origin) -> Value:
    pairs: list[tuple[Value, Value]] = []
    for entry in iterate(args[0], origin) if args else []:
        key, value = (*iterate(entry, origin), UNDEFINED, UNDEFINED)[:2]
        pairs.append((key, value))
    return _Map(pairs)


def _nothing(e: Evaluator, args: list[Value], origin: Origin) -> Value:
    return UNDEFINED


def _refused(e: Evaluator, args: list[Value], origin: Origin) -> Value:
    raise Unreadable("a call without `new`", origin)


class _Process(HostObject):
    """`process`, whose members depend on where the code runs."""

    __slots__ = ()

    def get(self, name: str, origin: Origin) -> Value:
        if name == "env":
            return _Environment()
        raise Unreadable(f"`process.{name}` depends on the environment", origin)


class _Environment(HostObject):
    """`process.env`.

    Convex's bundler sets one of its variables (`define` in `bundler/index.ts` of the npm package).
    """

    __slots__ = ()

    def get(self, name: str, origin: Origin) -> Value:
        if name == "NODE_ENV":
            return "production"
        raise Unreadable(f"`{name}` depends on the environment", origin)


class _Console(HostObject):
    """`console`, which nobody listens to."""

    def get(self, name: str, origin: Origin) -> Value:
        if name not in _CONSOLE:
            raise Unreadable(f"`console.{name}`", origin)
        return Native(name, _nothing)


def global_names() -> dict[str, Value]:
    """What the global names stand for at the start of a program."""
    members: dict[str, Value] = {
        name: Native(name, call) for name, call in _OBJECT.items()
    }
    return {
        **_CONSTANT,
        "Object": Native("Object", _refused, members),
        "console": _Console(),
    }


_OBJECT: Final[Mapping[str, NativeCall]] = {
    "keys": _keys,
    "values": _values,
    "entries": _entries,
    "fromEntries": _from_entries,
    "assign": _assign,
    "freeze": _first,
}
_CONSOLE: Final = frozenset(
    (
        *("debug", "dir", "error", "group", "groupEnd", "info", "log"),
        *("table", "time", "timeEnd", "trace", "warn"),
    )
)
_CONSTANT: Final[Mapping[str, Value]] = {
    "Array": Native(
        "Array",
        _refused,
        {
            "isArray": Native("isArray", _is_array),
            "from": Native("from", _array_from),
            "of": Native("of", _array_of),
        },
    ),
    "String": Native("String", _string),
    "Boolean": Native("Boolean", _boolean),
    "BigInt": Native("BigInt", _bigint),
    "Number": Native(
        "Number",
        _number,
        {
            "MAX_SAFE_INTEGER": float(2**53 - 1),
            "MIN_SAFE_INTEGER": -float(2**53 - 1),
            "POSITIVE_INFINITY": float("inf"),
            "NEGATIVE_INFINITY": float("-inf"),
            "NaN": float("nan"),
        },
    ),
    "Set": Native("Set", _refused, {"new": Native("Set", _set)}),
    "Map": Native("Map", _refused, {"new": Native("Map", _map)}),
    "NaN": float("nan"),
    "Infinity": float("inf"),
    "process": _Process(),
}
