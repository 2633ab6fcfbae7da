"""Values that are written out: numbers, strings, templates, arrays and objects."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .declared import declared
from .iteration import iterate
from .names import undeclared
from .scopes import Scope
from .syntax import Node, children, text_of
from .values import (
    UNDEFINED,
    Closure,
    HostObject,
    JsArray,
    JsClass,
    JsObject,
    Native,
    Origin,
    Unknown,
    Unreadable,
    Value,
    known,
    size_of,
    to_text,
)

if TYPE_CHECKING:
    from .evaluate import Evaluator

_ESCAPE: Final = re.compile(
    r"\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|.))", re.DOTALL
)
_LETTERS: Final = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "b": "\b",
    "f": "\f",
    "v": "\v",
    "\n": "",
    "\r": "",
    "\r\n": "",
    "\u2028": "",
    "\u2029": "",
}


def number(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
    """A number, or a bigint where it ends with `n`."""
    text = text_of(node).replace("_", "").lower()
    try:
        if text.endswith("n"):
            return int(text[:-1], 0)
        if text[:2] in ("0x", "0o", "0b"):
            return float(int(text, 0))
        if len(text) > 1 and text[0] == "0" and text.isdigit():
            raise ValueError
        return float(text)
    except (ValueError, OverflowError):
        raise Unreadable(f"the number `{text}`", scope.origin(node)) from None


def string(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
    """The characters of a string."""
    return unescape(text_of(node)[1:-1], scope.origin(node))


def unescape(text: str, origin: Origin) -> str:
    """The characters that a text with escapes stands for."""
    if "\\" not in text:
        return text

    def replaced(match: re.Match[str]) -> str:
        point, four, two, letter = match.groups()
        if letter is not None:
            if letter.isdigit() and not (letter == "0"):
                raise Unreadable("an octal escape", origin)
            return "\0" if letter == "0" else _LETTERS.get(letter, letter)
        return chr(int(point or four or two, 16))

    try:
        characters = _ESCAPE.sub(replaced, text)
        # Two escapes may be the halves of one character.
        return characters.encode("utf-16", "surrogatepass").decode("utf-16")
    except (ValueError, OverflowError):
        raise Unreadable("an escape that is no character", origin) from None


def template(evaluator: Evaluator, node: Node, scope: Scope) -> Value:
    """The string of a template with its substitutions."""
    parts: list[str] = []
    for child in node.children[1:-1]:
        origin = scope.origin(child)
        if child.type == "template_substitution":
            value = evaluator.evaluate(children(child)[0], scope)
            parts.append(to_text(value, origin))
            evaluator.spend(size_of(parts[-1]), origin)
        else:
            parts.append(unescape(text_of(child).replace("\r\n", "\n"), origin))
    return "".join(parts)


def array(evaluator: Evaluator, node: Node, scope: Scope) -> JsArray:
    """The elements, `Unknown` where one can't be told; also the arguments of a call."""
    values: list[Value] = []
    holes = 0
    for child in node.children:
        if child.type == "," and holes == len(values):
            raise Unreadable("a hole in an array", scope.origin(node))
        if child.type == ",":
            holes = len(values)
        if not child.is_named or child.type == "comment":
            continue
        if child.type == "spread_element":
            inner = evaluator.evaluate(children(child)[0], scope)
            more = iterate(inner, scope.origin(child))
            evaluator.spend(len(more), scope.origin(child))
            values += more
            holes = min(holes, len(values) - 1)
        else:
            values.append(evaluator.attempt(child, scope))
    return JsArray(values)


def object_(evaluator: Evaluator, node: Node, scope: Scope) -> JsObject:
    """The properties, `Unknown` where one can't be told."""
    made = JsObject()
    written: dict[str, Node] = {}
    for child in children(node):
        if child.type == "spread_element":
            inner = children(child)[0]
            copied = evaluator.evaluate(inner, scope)
            evaluator.spend(size_of(copied), scope.origin(inner))
            spread(copied, made, scope.origin(inner))
            continue
        origin = scope.origin(child)
        if child.type == "shorthand_property_identifier":
            name = text_of(child)
            binding = scope.find(name)
            value: Value
            if binding is None:
                value = Unknown(undeclared(name, scope, child))
            else:
                try:
                    value = binding.get()
                except Unreadable as error:
                    value = Unknown(error)
        elif child.type == "pair":
            key, right = child.child_by_field_name("key"), child.child_by_field_name(
                "value"
            )
            assert key is not None and right is not None
            name = property_name(evaluator, key, scope)
            if name == "__proto__" and key.type != "computed_property_name":
                raise Unreadable("an object with a prototype", origin)
            value = evaluator.attempt(right, scope)
        elif child.type == "method_definition":
            key = child.child_by_field_name("name")
            assert key is not None
            name = property_name(evaluator, key, scope)
            value = method(child, scope)
        else:
            raise Unreadable("an object with such a member", origin)
        if isinstance(value, Unknown):
            value = _declared(origin) or value
        key = child.child_by_field_name("key") or child
        first = written.setdefault(name, key)
        if first is not key and scope.source.is_typescript:
            scope.source.repeated_keys[key.start_byte] = (name, first, key)
        made.properties[name] = value
        made.origins[name] = origin
    return made


def _declared(origin: Origin) -> Value:
    try:
        return declared(origin)
    except Unreadable as error:
        return Unknown(error)


def method(node: Node, scope: Scope) -> Value:
    """The function of a method in an object or a class."""
    kinds = {child.type for child in node.children}
    if kinds & {"get", "set"}:
        return Unknown(Unreadable("a getter or a setter", scope.origin(node)))
    body = node.child_by_field_name("body")
    assert body is not None
    parameters = node.child_by_field_name("parameters")
    return Closure(parameters, body, scope, not kinds & {"async", "*"})


def property_name(evaluator: Evaluator, key: Node, scope: Scope) -> str:
    """The name that a key in an object or a pattern stands for."""
    if key.type == "property_identifier":
        return text_of(key)
    if key.type == "computed_property_name":
        key = children(key)[0]
    return to_text(evaluator.evaluate(key, scope), scope.origin(key))


def spread(value: Value, into: JsObject, origin: Origin) -> None:
    """Copies the properties of a value, as `{...value}` does."""
    value = known(value)
    if isinstance(value, JsObject):
        for name in value.names():
            into.properties[name] = value.properties[name]
            if name in value.origins:
                into.origins[name] = value.origins[name]
            else:
                into.origins.pop(name, None)
    elif isinstance(value, HostObject):
        names = value.names()
        if names is None:
            raise Unreadable("the properties of such an object", origin)
        for name in names:
            try:
                into.properties[name] = value.get(name, origin)
            except Unreadable as error:
                into.properties[name] = Unknown(error)
            into.origins.pop(name, None)
    elif isinstance(value, JsArray):
        for index, item in enumerate(value.items):
            into.properties[str(index)] = item
    elif isinstance(value, Closure):
        return
    elif isinstance(value, (JsClass, Native, str)):
        raise Unreadable("a spread of what is no object", origin)
    else:
        assert value in (UNDEFINED, None) or isinstance(value, (bool, float, int))
