"""Python source that is safe to print: `Code`, and the only functions that make it.

Whatever text a schema holds, what comes out of here is one token, one literal or one
expression, and never more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from keyword import iskeyword
from typing import Self, TypeAlias

from .characters import escaped


class Code(str):
    """Python source. Build it with the functions of this module, never from raw text."""

    __slots__ = ()


def only_code(value: object) -> Code:
    """`value` itself; what a template is allowed to print.

    Raises TypeError for anything that is not `Code`.
    """
    if isinstance(value, Code):
        return value
    # str() and not repr(): an undefined name of the template then says which one it is
    shown = str(value)[:80]
    raise TypeError(f"only Code can be printed, not {type(value).__name__} {shown!r}")


@lru_cache(maxsize=65536)  # a package says few names, and each of them many times
def identifier(name: str) -> Code:
    """A name. Raises ValueError unless it is an ASCII identifier and no keyword."""
    if name.isidentifier() and name.isascii() and not iskeyword(name):
        return Code(name)
    raise ValueError(f"{name!r} is not a usable Python identifier")


@lru_cache(maxsize=65536)
def dotted(name: str) -> Code:
    """A module or attribute path: `builtins.list`, `..types.artifact` or `.`.

    Raises ValueError unless every part is an identifier.
    """
    path = name.lstrip(".")
    if path or not name:
        for part in path.split("."):
            identifier(part)
    return Code(name)


class Group(Code):
    """Code that ends in brackets, and so can be broken inside them.

    Its text is the one-line form. `opening` runs to the opening bracket, inclusive.
    """

    __slots__ = ("closing", "items", "opening")

    opening: str
    items: tuple[Code, ...]
    closing: str

    def __new__(cls, opening: str, items: tuple[Code, ...], closing: str) -> Self:
        self = super().__new__(cls, opening + ", ".join(items) + closing)
        self.opening = opening
        self.items = items
        self.closing = closing
        return self


class Sub(Group):
    """A subscript: `head[args]`."""

    __slots__ = ()

    def __new__(cls, head: Code, args: Iterable[Code]) -> Self:
        return super().__new__(cls, head + "[", tuple(args), "]")


class Call(Group):
    """A call: `function(args)`; make an argument by name with `keyword`."""

    __slots__ = ()

    def __new__(cls, function: Code, args: Iterable[Code] = ()) -> Self:
        return super().__new__(cls, function + "(", tuple(args), ")")


class Display(Group):
    """A list, tuple or dict, as `literal` makes them."""

    __slots__ = ()


class Union(Code):
    """Types joined by `|`; unions among them are flattened."""

    __slots__ = ("arms",)

    arms: tuple[Code, ...]

    def __new__(cls, arms: Iterable[Code]) -> Self:
        flat: list[Code] = []
        for arm in arms:
            flat += arm.arms if isinstance(arm, Union) else (arm,)
        self = super().__new__(cls, " | ".join(flat))
        self.arms = tuple(flat)
        return self


class Labelled(Code):
    """A value behind a label that stays on its line: `name=value`, `"key": value`."""

    __slots__ = ("label", "value")

    label: str
    value: Code

    def __new__(cls, label: str, value: Code) -> Self:
        self = super().__new__(cls, label + value)
        self.label = label
        self.value = value
        return self


def keyword(name: Code, value: Code) -> Labelled:
    """An argument by name: `name=value`."""
    return Labelled(f"{name}=", value)


Value: TypeAlias = (
    "bool | int | float | str | bytes | Sequence[Value] | Mapping[str, Value] | None"
)


def literal(value: Value) -> Code:
    """The source of a value: lists, tuples and dicts (by text) of plain values.

    It evaluates to an equal value of the same type, sign of zero included; text is in
    the quotes that Black prefers. Raises TypeError for any other type.
    """
    if isinstance(value, str):
        return Code(_quoted(value, escaped(value)))
    if value is None or isinstance(value, bool):
        return Code(repr(value))
    if isinstance(value, int):
        return Code(int.__repr__(value))
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, bytes):
        return Code("b" + _quoted(value, _escaped_bytes(value)))
    if isinstance(value, list):
        return Display("[", tuple(map(literal, value)), "]")
    if isinstance(value, tuple):
        # the comma that makes a tuple of one
        return Display(
            "(", tuple(map(literal, value)), ",)" if len(value) == 1 else ")"
        )
    if isinstance(value, Mapping):
        pairs = [Labelled(f"{_key(k)}: ", literal(v)) for k, v in value.items()]
        return Display("{", tuple(pairs), "}")
    raise TypeError(f"a {type(value).__name__} has no literal")


def entries(values: Mapping[str, Code]) -> Code:
    """The source of a dict of values that are code already."""
    pairs = [Labelled(f"{_key(k)}: ", value) for k, value in values.items()]
    return Display("{", tuple(pairs), "}")


def _key(key: object) -> Code:
    if isinstance(key, str):
        return literal(key)
    raise TypeError(f"the key of a dict must be a str, not {type(key).__name__}")


def _number(value: float) -> Code:
    text = float.__repr__(value)
    if text[-1] in "nf":  # nan, inf, -inf
        return Call(Code("float"), (Code(f'"{text}"'),))
    return Code(text.replace("e+", "e"))  # Black's form of an exponent


def _quoted(value: str | bytes, escaped_text: str) -> str:
    """`escaped_text` in double quotes, unless single quotes need fewer backslashes."""
    if '"' not in escaped_text:
        return f'"{escaped_text}"'
    if escaped_text.count('"') > escaped_text.count("'"):
        return "'" + escaped_text.replace("'", "\\'") + "'"
    return '"' + escaped_text.replace('"', '\\"') + '"'


def _escaped_bytes(value: bytes) -> str:
    return "".join(
        chr(byte) if 0x20 <= byte < 0x7F and byte != 0x5C else f"\\x{byte:02x}"
        for byte in value
    )
