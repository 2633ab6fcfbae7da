"""From validators to types of the IR, with the place of each part."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, cast

from codegen.diagnostics import Diagnostic, Diagnostics, Note, Path
from codegen.ir.model import NamedType
from codegen.ir.types import (
    ANY,
    Array,
    Field,
    Id,
    Literal,
    Named,
    Object,
    Record,
    Scalar,
    Type,
    Union,
)

from .declared import DeclaredType
from .syntax import children
from .type_names import type_name
from .validators import SCALARS, Constant, Validator
from .values import Origin, Refused, Unknown, Unreadable, Value

MAX_LEVELS: Final = 64
"""How deeply validators may be nested; the server refuses more."""
_MAX_PARTS: Final = 200_000


@dataclass
class Types:
    """Makes types, and remembers where each part of them was written."""

    diagnostics: Diagnostics
    taken: set[str]
    """Names that a type can't have."""
    named: dict[str, NamedType] = field(default_factory=dict[str, NamedType])
    places: dict[Path, Origin] = field(default_factory=dict[Path, Origin])
    _names: dict[int, str] = field(default_factory=dict[int, str])
    _reported: set[int] = field(default_factory=set[int])
    _parts: int = 0
    _folded: set[str] = field(default_factory=set[str])

    def __post_init__(self) -> None:
        self._folded.update(name.lower() for name in self.taken)

    def report(self, error: Unreadable) -> None:
        """Reports what could not be read, once."""
        if id(error) not in self._reported:
            self._reported.add(id(error))
            self.diagnostics.add(diagnostic(error))

    def document(self, validator: Validator, path: Path) -> Type:
        """The type of the documents of a table: an object is written out there."""
        made = self._written_out(validator, path, 0)
        if isinstance(made, Object):
            kept = (field for field in made.fields if not field.name.startswith("_"))
            return Object(tuple(kept))
        return made

    def written_out(self, validator: Validator, path: Path) -> Type:
        """The type of a validator, without a name for it as a whole."""
        return self._written_out(validator, path, 0)

    def type(self, value: Value, path: Path, level: int = 0) -> Type:
        """The type of a validator: a name where a constant of the program has it."""
        if isinstance(value, Unknown):
            self.report(value.error)
            return ANY
        validator = cast(Validator, value)
        constant = validator.constant
        if constant is None or not _is_worth_a_name(validator):
            return self._written_out(validator, path, level)
        self.places.setdefault(path, validator.origin)
        return Named(self._name(validator, constant, level))

    def _name(self, validator: Validator, constant: Constant, level: int) -> str:
        key = id(constant)
        if key not in self._names:
            name = type_name(constant.name, self._folded)
            self._names[key] = name
            self._folded.add(name.lower())
            self.places["types", name] = constant.origin
            path = ("types", name, "type")
            try:
                made = self._written_out(validator, path, level)
            except Unreadable:
                del self._names[key]
                raise
            self.named[name] = NamedType(name, made, validator.description)
        return self._names[key]

    def _written_out(self, validator: Validator, path: Path, level: int) -> Type:
        self._parts += 1
        if level > MAX_LEVELS or self._parts > _MAX_PARTS:
            what = "nested too deeply" if level > MAX_LEVELS else "too large"
            raise Refused(f"this validator is {what}", validator.origin)
        self.places.setdefault(path, validator.origin)
        kind, parts = validator.kind, validator.parts
        if parts and isinstance(parts[0], DeclaredType):
            return parts[0].type
        if kind in SCALARS:
            return Scalar(SCALARS[kind])
        inner = level + 1
        if kind == "object":
            return Object(tuple(self._fields(validator, path, inner)))
        if kind == "union":
            arms = enumerate(validator.members.items)
            return Union(
                tuple(self.type(arm, (*path, "arm", i), inner) for i, arm in arms)
            )
        if kind == "array":
            return Array(self.type(parts[0], (*path, "element"), inner))
        if kind == "record":
            key = self.type(parts[0], (*path, "key"), inner)
            return Record(key, self.type(parts[1], (*path, "value"), inner))
        if kind == "id":
            self.places[*path, "table"] = argument_of(validator.origin, 0)
            return Id(cast(str, parts[0]))
        return Literal.of(cast("str | float | int | bool", parts[0]))

    def _fields(self, validator: Validator, path: Path, level: int) -> list[Field]:
        fields = validator.fields
        made: list[Field] = []
        for name in fields.names():
            value, origin = fields.properties[name], fields.origins.get(name)
            inner = (*path, "field", name)
            if origin is not None:
                self.places[inner] = key_of(origin)
            made.append(
                Field(
                    name,
                    self.type(value, inner, level),
                    isinstance(value, Validator) and value.optional,
                    description=description_of(origin),
                )
            )
        return made


def _is_worth_a_name(validator: Validator) -> bool:
    """Whether a type of its own makes the generated code better to read."""
    if validator.kind == "object":
        return True
    return validator.kind == "union" and any(
        isinstance(member, Validator) and member.kind in ("object", "literal")
        for member in validator.members.items
    )


def key_of(origin: Origin) -> Origin:
    """The key of a pair, or the node itself."""
    key = origin.node.child_by_field_name("key")
    return Origin(origin.source, key) if key is not None else origin


def value_of(origin: Origin) -> Origin:
    """The value of a pair, or the node itself."""
    value = origin.node.child_by_field_name("value")
    return Origin(origin.source, value) if value is not None else origin


def argument_of(origin: Origin, position: int) -> Origin:
    """An argument of a call, or the call itself."""
    arguments = origin.node.child_by_field_name("arguments")
    written = children(arguments) if arguments is not None else []
    return (
        Origin(origin.source, written[position]) if position < len(written) else origin
    )


def description_of(origin: Origin | None) -> str:
    """What the comments beside a property say."""
    if origin is None:
        return ""
    comments = origin.source.comments
    return comments.before(origin.node) or comments.after(origin.node)


_SHOWN_CALLERS: Final = 3
_WAYS_OUT: Final = (
    "say the type in a comment above, such as `// codegen: list[str]`; or run the code with "
    "--evaluate; or read the JSON that Convex exports"
)


def diagnostic(error: Unreadable) -> Diagnostic:
    """What could not be read, at its place, or at the call of a package that has it."""
    places = [error.origin, *error.callers]
    own = [place for place in places if not place.source.is_package] or places
    span, *outer = dict.fromkeys(place.source.span(place.node) for place in own)
    message, hint = error.message, error.hint
    if error.code == "E702":
        message = f"this can't be read without running it: {message}"
        hint = hint or _WAYS_OUT
    if own[0] is not error.origin:
        inner = error.origin.source.span(error.origin.node)
        message += f" (in {inner.file}:{inner.line})"
    notes = tuple(Note("called here", caller) for caller in outer[:_SHOWN_CALLERS])
    return Diagnostic(error.code, message, span, hint, notes)
