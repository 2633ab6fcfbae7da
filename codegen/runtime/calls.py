"""Calls of a deployment's functions: values that know their arguments and their result."""

from __future__ import annotations

import json
from functools import cache
from types import GenericAlias
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Literal,
    Protocol,
    TypeVar,
    cast,
    get_args,
)

from pydantic import JsonValue, ValidationError, create_model, model_validator

from .anything import AnyValue
from .client_values import from_client, to_client
from .errors import InvalidResult
from .model import Extra, Model
from .operations import Operation
from .wire import writable

R_co = TypeVar("R_co", covariant=True)


class Client(Protocol):
    """What runs functions: `convex.ConvexClient`, or anything with its three methods."""

    def query(self, name: str, args: dict[str, Any], /) -> Any: ...

    def mutation(self, name: str, args: dict[str, Any], /) -> Any: ...

    def action(self, name: str, args: dict[str, Any], /) -> Any: ...


class Call(Model, Operation[R_co]):
    """A call of the function `__function__`; its fields are the arguments, `R_co` the result.

    A subclass is a function: `class list(Call[list[Message]], query="messages:list")`.
    """

    __function__: ClassVar[str]
    __kind__: ClassVar[Literal["query", "mutation", "action"]]

    if TYPE_CHECKING:

        def __init_subclass__(
            cls, *, query: str = "", mutation: str = "", action: str = "", **kwargs: Any
        ) -> None: ...

    else:
        # A parametrised model costs as much as the class itself.
        __class_getitem__ = classmethod(GenericAlias)

        def __init_subclass__(
            cls, *, query="", mutation="", action="", init=True, **kwargs
        ):
            super().__init_subclass__(**kwargs)
            paths = {"query": query, "mutation": mutation, "action": action}
            for kind, path in paths.items():
                if path:
                    cls.__kind__, cls.__function__ = kind, path

    def run_on(self, client: Client, /, *, extra: Extra | None = None) -> R_co:
        """Runs the function on a client, and gives its result.

        `extra="ignore"` drops fields of the result that the function does not declare. What
        the client raises is passed on. Raises `InvalidResult` when what comes back is not what
        the function says that it returns.
        """
        run = getattr(client, self.__kind__)
        result = run(self.__function__, to_client(self.to_wire()))
        return self.result_from_wire(from_client(result), extra=extra)

    @classmethod
    def result_from_wire(cls, value: JsonValue, *, extra: Extra | None = None) -> R_co:
        """The result from Python's JSON values in the encoded form.

        `extra="ignore"` drops fields that the function does not declare. Raises
        `InvalidResult` when the value does not fit.
        """
        try:
            result = _result(cls).from_wire({"value": value}, extra=extra)
        except ValidationError as error:
            raise InvalidResult(cls.__function__, *_first(error, value)) from error
        return cast(R_co, result.value)


class OpenCall(Call[R_co], init=False):
    """A call of a function that takes any arguments, by their names on the wire.

    Checkers make a constructor out of fields, unless the class says `init=False`.
    """

    arguments: dict[str, AnyValue]

    if TYPE_CHECKING:

        def __init__(self, /, **arguments: Any) -> None: ...

    @model_validator(mode="before")
    @classmethod
    def _as_one_field(cls, arguments: object) -> object:
        return {"arguments": arguments}

    def to_wire_json(self) -> bytes:
        """The encoded form, as JSON text."""
        return writable(json.loads(super().to_wire_json())["arguments"])


class _Result(Model):
    """The result of a function as a field, for Pydantic's rules of fields to hold for it."""

    value: Any


@cache
def _result(cls: type[Call[Any]]) -> type[_Result]:
    (type_,) = get_args(cast(Any, cls).__orig_bases__[0])
    return create_model("Result", __base__=_Result, value=(type_, ...))


def _first(error: ValidationError, value: JsonValue) -> tuple[str, str]:
    """The way to the first fault in a value, such as `[0].body`, and what it is."""
    first = error.errors(include_url=False, include_input=False)[0]
    way, inside = "", value
    for step in first["loc"][1:]:
        # Between the steps stand Pydantic's names for the arms of unions.
        if isinstance(inside, list) and isinstance(step, int):
            way, inside = f"{way}[{step}]", inside[step]
        elif isinstance(inside, dict) and step in inside:
            way, inside = f"{way}.{step}", inside[str(step)]
    if first["type"] == "missing":
        way += f".{first['loc'][-1]}"
    return way, first["msg"]
