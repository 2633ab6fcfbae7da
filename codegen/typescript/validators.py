"""Convex's validators as values of the evaluator.

What each does and refuses is what `convex/values` does (`values/validator.ts` and
`values/validators.ts` of the npm package `convex`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias

from .members import INHERITED
from .values import (
    UNDEFINED,
    HostObject,
    JsArray,
    JsObject,
    Native,
    Origin,
    Refused,
    Unknown,
    Unreadable,
    Value,
    known,
    size_of,
)

if TYPE_CHECKING:
    from .evaluate import Evaluator

_Method: TypeAlias = "Callable[[Validator, list[Value], Origin], Value]"

SCALARS: Final = {
    "string": "string",
    "float64": "number",
    "int64": "bigint",
    "boolean": "boolean",
    "null": "null",
    "bytes": "bytes",
    "any": "any",
    "commitTs": "commitTs",
}
"""The kinds without parts, and what each is called in Convex's JSON."""


@dataclass(slots=True, eq=False)
class Constant:
    """The name that a validator was given by a declaration."""

    name: str
    origin: Origin


@dataclass(slots=True, eq=False)
class Validator(HostObject):
    """A validator; which parts it has depends on its kind.

    `parts` are: an object's fields, a union's members, an array's element, a record's key and
    value, a literal's value, an id's table.
    """

    kind: str
    origin: Origin
    parts: tuple[Value, ...] = ()
    optional: bool = False
    constant: Constant | None = None
    description: str = ""

    def get(self, name: str, origin: Origin) -> Value:
        if name == "isConvexValidator":
            return True
        if name == "kind":
            return self.kind
        if name == "isOptional":
            return "optional" if self.optional else "required"
        part = _PARTS.get((self.kind, name))
        if part is not None:
            return self.parts[part]
        if name in ("optional", "asOptional"):
            return Native(name, lambda _, __, ___: self.as_optional())
        method = _METHODS.get(name) if self.kind == "object" else None
        if method is not None:
            return Native(name, lambda e, args, at: self._call(e, method, args, at))
        if name == "json":
            return ValidatorJson(self)
        if name in INHERITED:
            raise Unreadable(f"the member `{name}` of a validator", origin)
        return UNDEFINED

    def _call(
        self, e: Evaluator, method: _Method, args: list[Value], origin: Origin
    ) -> Value:
        e.spend(size_of(self.fields), origin)
        return method(self, args, origin)

    def as_optional(self) -> Validator:
        """The same, optional."""
        return self if self.optional else replace(self, optional=True)

    @property
    def fields(self) -> JsObject:
        """The fields of an object, which the program may still change; raises `Unreadable`."""
        fields = self.parts[0]
        assert isinstance(fields, JsObject)
        known(fields)
        return fields

    @property
    def members(self) -> JsArray:
        """The members of a union, which the program may still change; raises `Unreadable`."""
        members = self.parts[0]
        assert isinstance(members, JsArray)
        known(members)
        return members


class ValidatorJson(HostObject):
    """What `validator.json` gives: libraries pass it on to the export of a table."""

    __slots__ = ("validator",)

    def __init__(self, validator: Validator) -> None:
        self.validator = validator

    def get(self, name: str, origin: Origin) -> Value:
        raise Unreadable("a part of the JSON of a validator", origin)


_PARTS: Final = {
    ("object", "fields"): 0,
    ("union", "members"): 0,
    ("array", "element"): 0,
    ("record", "key"): 0,
    ("record", "value"): 1,
    ("literal", "value"): 0,
    ("id", "tableName"): 0,
}


def expect(value: Value, origin: Origin, what: str) -> Validator:
    """The value as a validator; raises `Unreadable` if it is none."""
    value = known(value)
    if isinstance(value, Validator):
        return value
    if value is UNDEFINED:
        raise Refused(f"{what} is undefined", origin)
    hint = ""
    if isinstance(value, Native) and value.name.startswith("v."):
        hint = f"call it: `{value.name}()`"
    elif isinstance(value, JsObject):
        hint = "an object inside is written `v.object({…})`"
    elif isinstance(value, JsArray):
        hint = "validators are given one by one, without brackets"
    raise Refused(f"{what} is not a validator", origin, hint)


def object_of(fields: Value, origin: Origin) -> Validator:
    """`v.object(fields)`."""
    fields = known(fields)
    if not isinstance(fields, JsObject):
        raise Refused("the fields of an object are not a plain object", origin)
    for name, value in list(fields.properties.items()):
        place = fields.origins.get(name, origin)
        fields.properties[name] = _part(value, place, f"the field `{name}`")
    return Validator("object", origin, (fields,))


def as_object(value: Value, origin: Origin) -> Validator:
    """A validator as it is, or the object of some fields (`asObjectValidator`)."""
    value = known(value)
    return value if isinstance(value, Validator) else object_of(value, origin)


def union_of(members: list[Value], origin: Origin) -> Validator:
    """`v.union(...members)`."""
    parts = [
        _part(member, origin, f"member {number} of the union")
        for number, member in enumerate(members, 1)
    ]
    return Validator("union", origin, (JsArray(parts),))


def _part(value: Value, origin: Origin, what: str) -> Value:
    """A validator, or what is wrong with it: that is reported where the whole is used."""
    try:
        return expect(value, origin, what)
    except Unreadable as error:
        return Unknown(error)


def _changed(validator: Validator, fields: JsObject, origin: Origin) -> Validator:
    made = object_of(fields, origin)
    made.optional = validator.optional
    return made


def _names(args: list[Value], origin: Origin) -> list[str]:
    names = [value for value in map(known, args) if isinstance(value, str)]
    if len(names) != len(args):
        raise Refused("the name of a field is not a string", origin)
    return names


def _omit(validator: Validator, args: list[Value], origin: Origin) -> Value:
    fields = copy(validator.fields)
    for name in _names(args, origin):
        fields.properties.pop(name, None)
        fields.origins.pop(name, None)
    return _changed(validator, fields, origin)


def _pick(validator: Validator, args: list[Value], origin: Origin) -> Value:
    fields = JsObject()
    for name in _names(args, origin):
        fields.properties[name] = validator.fields.properties.get(name, UNDEFINED)
        if name in validator.fields.origins:
            fields.origins[name] = validator.fields.origins[name]
    return _changed(validator, fields, origin)


def _partial(validator: Validator, args: list[Value], origin: Origin) -> Value:
    fields = copy(validator.fields)
    for name, value in fields.properties.items():
        if isinstance(value, Validator):
            fields.properties[name] = value.as_optional()
    return _changed(validator, fields, origin)


def _extend(validator: Validator, args: list[Value], origin: Origin) -> Value:
    more = known(args[0]) if args else UNDEFINED
    if not isinstance(more, JsObject):
        raise Refused("`extend` with what is no plain object", origin)
    fields = copy(validator.fields)
    fields.properties.update(more.properties)
    fields.origins.update(more.origins)
    return _changed(validator, fields, origin)


_METHODS: Final = {
    "omit": _omit,
    "pick": _pick,
    "partial": _partial,
    "extend": _extend,
}


def copy(fields: JsObject) -> JsObject:
    """A plain object with the same properties."""
    return JsObject(dict(fields.properties), dict(fields.origins))
