"""Members of values: `a.b`, `a[b]`, and assignments to them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from .array_methods import ARRAY_METHODS
from .string_methods import STRING_METHODS
from .syntax import text_of
from .values import (
    UNDEFINED,
    Closure,
    HostObject,
    JsArray,
    JsClass,
    JsObject,
    Native,
    Origin,
    Unreadable,
    Value,
    is_array_index,
    known,
    number_text,
    size_of,
    to_text,
)

if TYPE_CHECKING:
    from .evaluate import Evaluator

# What every object has without having been given it.
INHERITED: Final = frozenset(
    {
        "__defineGetter__",
        "__defineSetter__",
        "__lookupGetter__",
        "__lookupSetter__",
        "__proto__",
        "constructor",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "toLocaleString",
        "toString",
        "valueOf",
    }
)

_FUNCTIONS_OWN: Final = INHERITED | {
    "apply",
    "arguments",
    "bind",
    "call",
    "caller",
    "length",
    "name",
    "prototype",
}


def get_member(target: Value, name: str, origin: Origin) -> Value:
    """The member of a value; raises `Unreadable`, also if there can't be one."""
    target = known(target)
    if isinstance(target, JsObject):
        if name in target.properties:
            return _of(target, known(target.properties[name]))
        method = find_method(target.made_by, name)
        if method is not None:
            return _of(target, known(method))
        if name == "hasOwnProperty":
            return Native(name, lambda _, args, at: _has_own(target, args, at))
        if name not in INHERITED:
            return UNDEFINED
    elif isinstance(target, HostObject):
        return known(target.get(name, origin))
    elif isinstance(target, JsArray):
        return _array_member(target, name, origin)
    elif isinstance(target, str):
        return _string_member(target, name, origin)
    elif isinstance(target, Native):
        if name in target.properties and name != "new":
            return known(target.properties[name])
    elif isinstance(target, JsClass):
        if name in target.statics:
            return known(target.statics[name])
    elif isinstance(target, Closure):
        if name not in _FUNCTIONS_OWN:
            return UNDEFINED
    elif target is UNDEFINED or target is None:
        empty = "null" if target is None else "undefined"
        raise Unreadable(f"the member `{name}` of {empty}", origin)
    elif name == "toString" and isinstance(target, float):
        return Native(name, lambda _, args, at: _number_text(target, args, at))
    raise Unreadable(f"the member `{name}` of this value", origin)


def _has_own(target: JsObject, args: list[Value], origin: Origin) -> Value:
    if not args:
        raise Unreadable("a call without its argument", origin)
    return to_text(known(args[0]), origin) in target.properties


def _number_text(number: float, args: list[Value], origin: Origin) -> Value:
    if args and args[0] is not UNDEFINED:
        raise Unreadable("the digits of a number to another base", origin)
    return number_text(number, origin)


def _of(target: JsObject, value: Value) -> Value:
    """A function as the method of an object."""
    if isinstance(value, Closure) and not value.is_arrow:
        return replace(value, this=target)
    return value


def find_method(made_by: JsClass | None, name: str) -> Value:
    """The method that a class or one of those that it extends has; None if none does."""
    while made_by is not None:
        if name in made_by.methods:
            return made_by.methods[name]
        parent = made_by.parent
        found = made_by.scope.find(text_of(parent)) if parent is not None else None
        above = found.get() if found is not None else None
        made_by = above if isinstance(above, JsClass) else None
    return None


def _array_member(array: JsArray, name: str, origin: Origin) -> Value:
    if is_array_index(name):
        index = int(name)
        return known(array.items[index]) if index < len(array.items) else UNDEFINED
    if name == "length":
        return float(len(array.items))
    method = ARRAY_METHODS.get(name)
    if method is None:
        raise Unreadable(f"the member `{name}` of an array", origin)

    def call(evaluator: Evaluator, args: list[Value], at: Origin) -> Value:
        known(array)
        evaluator.spend(size_of(array), at)
        return method(evaluator, array, args, at)

    return Native(name, call)


def _string_member(text: str, name: str, origin: Origin) -> Value:
    if any(ord(character) > 0xFFFF for character in text):
        raise Unreadable("a part of a text with such characters", origin)
    if is_array_index(name):
        return text[int(name)] if int(name) < len(text) else UNDEFINED
    if name == "length":
        return float(len(text))
    method = STRING_METHODS.get(name)
    if method is None:
        raise Unreadable(f"the member `{name}` of a string", origin)

    def call(evaluator: Evaluator, args: list[Value], at: Origin) -> Value:
        evaluator.spend(size_of(text), at)
        return method(evaluator, text, args, at)

    return Native(name, call)


def assign_member(target: Value, name: str, value: Value, origin: Origin) -> None:
    """Does `target[name] = value`."""
    if isinstance(target, JsObject) and name not in INHERITED:
        target.properties[name] = value
        target.origins[name] = origin
    elif isinstance(target, JsArray) and is_array_index(name):
        index = int(name)
        if index > len(target.items):
            raise Unreadable("a hole in an array", origin)
        target.items[index : index + 1] = [value]
    else:
        raise Unreadable(f"an assignment to the member `{name}`", origin)


def delete_member(target: Value, name: str, origin: Origin) -> None:
    """Does `delete target[name]`."""
    if not isinstance(target, JsObject):
        raise Unreadable("`delete` in this value", origin)
    target.properties.pop(name, None)
    target.origins.pop(name, None)
