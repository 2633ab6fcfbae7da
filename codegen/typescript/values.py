"""The values of JavaScript that a schema is made of.

`None`, `bool`, `str`, `float` (number) and `int` (bigint) stand for themselves; the others
are here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from math import isnan
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from .syntax import Node, Source

if TYPE_CHECKING:
    from .evaluate import Evaluator
    from .scopes import Scope


class Undefined(Enum):
    """The type of `undefined`."""

    UNDEFINED = "undefined"


UNDEFINED: Final = Undefined.UNDEFINED
CHARACTERS_A_STEP: Final = 16
"""How many characters are copied in the time of a step of the evaluator."""
_MAX_BITS: Final = 4096


class Origin(NamedTuple):
    """Where in the source something was written."""

    source: Source
    node: Node


class Unreadable(Exception):
    """What can't be told without running the code: what it is, and where it is written."""

    code = "E702"

    def __init__(self, message: str, origin: Origin, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.origin = origin
        self.hint = hint
        self.callers: list[Origin] = []
        """The calls that led there, the innermost first."""


class NotTypeScript(Unreadable):
    """What the parser does not understand."""

    code = "E701"


class Refused(Unreadable):
    """What Convex, or JavaScript, refuses when the code runs."""

    code = "E704"


class NotFound(Unreadable):
    """A module that is not there."""

    code = "E705"


@dataclass(slots=True, eq=False)
class Unknown:
    """Stands inside an object or an array for a value that can't be told."""

    error: Unreadable


class Spoilable:
    """An object that can be changed."""

    spoiled: Unreadable | None = None
    """Why it is not known what it holds: code that can't be read may have changed it."""


@dataclass(slots=True, eq=False)
class JsArray(Spoilable):
    items: list[Value] = field(default_factory=list["Value"])


@dataclass(slots=True, eq=False)
class JsObject(Spoilable):
    """A plain object; `origins` are the places of the properties that were written out."""

    properties: dict[str, Value] = field(default_factory=dict[str, "Value"])
    origins: dict[str, Origin] = field(default_factory=dict[str, Origin])
    made_by: JsClass | None = None
    """The class that it is an instance of."""

    def names(self) -> list[str]:
        """The names of the properties in JavaScript's order: array indexes come first."""
        names = list(self.properties)
        indexes = [name for name in names if is_array_index(name)]
        if not indexes:
            return names
        others = [name for name in names if not is_array_index(name)]
        return [*sorted(indexes, key=int), *others]


def is_array_index(name: str) -> bool:
    """Whether a property's name is a whole number as JavaScript writes it, below 2^32 - 1."""
    if not (name.isascii() and name.isdigit()) or len(name) > 10:
        return False
    return (name == "0" or name[0] != "0") and int(name) < 2**32 - 1


@dataclass(slots=True, eq=False)
class Closure:
    """A function of the program."""

    parameters: Node | None
    body: Node
    scope: Scope
    callable: bool = True
    """Whether a call can be evaluated; that of an async function or a generator can't."""
    is_arrow: bool = False
    this: Value = None
    """The object of which it is a method."""


@dataclass(slots=True, eq=False)
class JsClass:
    """A class; its fields have no value until there is an object."""

    name: str
    scope: Scope
    parent: Node | None
    constructor: Closure | None = None
    methods: dict[str, Value] = field(default_factory=dict[str, "Value"])
    fields: list[tuple[str, Node | None]] = field(
        default_factory=list["tuple[str, Node | None]"]
    )
    statics: dict[str, Value] = field(default_factory=dict[str, "Value"])


NativeCall: TypeAlias = "Callable[[Evaluator, list[Value], Origin], Value]"


@dataclass(slots=True, eq=False)
class Native:
    """A function that is ours; `properties` are what it has besides."""

    name: str
    call: NativeCall
    properties: dict[str, Value] = field(default_factory=dict[str, "Value"])


class HostObject(Spoilable):
    """An object with behaviour of its own, such as a validator."""

    def get(self, name: str, origin: Origin) -> Value:
        """The property of a name; raises `Unreadable` where it can't be told."""
        raise NotImplementedError

    def names(self) -> list[str] | None:
        """The names that a spread copies; None where they can't be told."""
        return None


class Reference(HostObject):
    """Something that is only passed on, such as `internal.messages.list`."""

    __slots__ = ()

    def get(self, name: str, origin: Origin) -> Value:
        return self


Value: TypeAlias = (
    bool
    | str
    | float
    | int
    | Undefined
    | Unknown
    | JsArray
    | JsObject
    | Closure
    | JsClass
    | Native
    | HostObject
    | None
)


def known(value: Value) -> Value:
    """The value; raises what is known of one that can't be told."""
    if isinstance(value, Unknown):
        raise value.error
    if isinstance(value, Spoilable) and value.spoiled is not None:
        raise value.spoiled
    return value


def truthy(value: Value) -> bool:
    """Whether a condition with the value holds."""
    if value is UNDEFINED or value is None:
        return False
    if isinstance(value, float):
        return value not in (0.0, -0.0) and not isnan(value)
    if isinstance(value, (bool, int, str)):
        return bool(value)
    return True


def type_of(value: Value) -> str:
    """What `typeof` says."""
    if value is UNDEFINED:
        return "undefined"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    if isinstance(value, float):
        return "number"
    if isinstance(value, int):
        return "bigint"
    return "function" if isinstance(value, (Closure, JsClass, Native)) else "object"


def strictly_equal(left: Value, right: Value) -> bool:
    """What `===` says."""
    if type_of(left) != type_of(right):
        return False
    if isinstance(left, (str, bool, float, int)):
        return left == right
    return left is right


def same(left: Value, right: Value) -> bool:
    """What sets, maps and `includes` call the same: NaN, too, is equal to itself."""
    return strictly_equal(left, right) or (left != left and right != right)


def size_of(value: Value) -> int:
    """How much work it is to copy a value or to go through it, in steps."""
    if isinstance(value, str):
        return len(value) // CHARACTERS_A_STEP
    if isinstance(value, JsArray):
        return len(value.items)
    return len(value.properties) if isinstance(value, JsObject) else 0


def to_text(value: Value, origin: Origin) -> str:
    """The string that a template or a key makes of a value."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if value is UNDEFINED:
        return "undefined"
    if isinstance(value, float):
        return number_text(value, origin)
    if isinstance(value, int) and value.bit_length() <= _MAX_BITS:
        return str(value)
    raise Unreadable("such a value used as a string", origin)


def number_text(value: float, origin: Origin) -> str:
    """A number as JavaScript writes it."""
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    if value.is_integer() and abs(value) < 1e21:
        # The shortest digits that are this number, filled up with zeros.
        return format(Decimal(repr(value)).to_integral_value(), "f") if value else "0"
    if 1e-6 <= abs(value) < 1e21:
        return format(Decimal(repr(value)), "f")
    raise Unreadable("a number with an exponent used as a string", origin)
