"""`query`, `mutation` and `action`: functions of a deployment as values of the evaluator.

What they do is what `convex/server` does (`server/impl/registration_impl.ts` of the npm package
`convex`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from .validators import Validator, as_object
from .values import (
    UNDEFINED,
    Closure,
    HostObject,
    JsObject,
    Native,
    NativeCall,
    Origin,
    Unreadable,
    Value,
    known,
)

if TYPE_CHECKING:
    from .evaluate import Evaluator

Kind: TypeAlias = Literal["query", "mutation", "action"]
Visibility: TypeAlias = Literal["public", "internal"]


@dataclass(slots=True, eq=False)
class RegisteredFunction(HostObject):
    """A function as it was registered: `definition` is an object, or the handler alone."""

    kind: Kind
    visibility: Visibility
    definition: Value
    origin: Origin

    def get(self, name: str, origin: Origin) -> Value:
        raise Unreadable(f"the member `{name}` of a registered function", origin)

    def arguments(self) -> Validator | None:
        """The validator of the arguments, if there is one; raises `Unreadable`."""
        return self._validator("args")

    def returns(self) -> Validator | None:
        """The validator of the result, if there is one; raises `Unreadable`."""
        return self._validator("returns")

    def _validator(self, name: str) -> Validator | None:
        if not isinstance(self.definition, JsObject):
            return None
        value = known(self.definition.properties.get(name, UNDEFINED))
        origin = self.definition.origins.get(name, self.origin)
        return None if value is UNDEFINED else as_object(value, origin)


def registering(kind: Kind, visibility: Visibility) -> NativeCall:
    """The builder of a kind of functions."""

    def register(e: Evaluator, args: list[Value], origin: Origin) -> Value:
        definition = known(args[0]) if args else UNDEFINED
        if not isinstance(definition, (JsObject, Closure, Native)):
            raise Unreadable("the definition of a function can't be read", origin)
        return RegisteredFunction(kind, visibility, definition, origin)

    return register


def builders(suffix: str = "") -> dict[str, Value]:
    """The six builders, by name."""
    made: dict[str, Value] = {}
    kinds: tuple[Kind, ...] = ("query", "mutation", "action")
    for kind in kinds:
        names: tuple[tuple[Visibility, str], ...] = (
            ("public", kind),
            ("internal", f"internal{kind.capitalize()}"),
        )
        for visibility, name in names:
            call = registering(kind, visibility)
            made[f"{name}{suffix}"] = Native(f"{name}{suffix}", call)
    return made
