"""The JSON Schema of Python classes, and what Pydantic checks of them that it has no words for."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar, Final, TypeAlias, cast

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import PydanticSerializationError, core_schema

from .json_schema.keywords import PYTHON_TYPE
from .json_schema.sources import subschemas
from .losses import DEFAULT, KEYWORD
from .places import Json, Place, Steps

_CLASS: Final = "x-class"
_LOST: Final = "x-lost"
_Loss: TypeAlias = "tuple[Steps, str, str]"
"""Steps into the schema, a code and a message."""
_CHANGES: Final = ("strip_whitespace", "to_lower", "to_upper")


@dataclass
class ClassSchema:
    """The schema of a class; the steps to each class that it uses, and what is lost where."""

    schema: dict[str, Json]
    classes: dict[Steps, type] = field(default_factory=dict[Steps, type])
    lost: list[_Loss] = field(default_factory=list[_Loss])


def schema_of(made: type[object]) -> ClassSchema:
    """The JSON Schema of a Pydantic model, a dataclass or a TypedDict.

    Raises whatever Pydantic does of a class that it can't read.
    """
    collected = _Collected()

    class Collecting(_Schemas):
        found = collected

    if issubclass(made, BaseModel):
        made.model_rebuild()  # says which name a class that isn't complete lacks
    written = TypeAdapter(made).json_schema(schema_generator=Collecting)
    found = ClassSchema(cast("dict[str, Json]", json.loads(json.dumps(written))))
    todo: list[tuple[Place, Json]] = [(Place(""), found.schema)]
    while todo:
        place, schema = todo.pop()
        if not isinstance(schema, dict):
            continue
        index = schema.pop(_CLASS, None)
        if isinstance(index, int):
            found.classes[place.steps] = collected.classes[index]
        marks = schema.pop(_LOST, None)
        for mark in marks if isinstance(marks, list) else ():
            loss = collected.losses[mark] if isinstance(mark, int) else None
            if loss is not None and loss[2] not in collected.methods:
                found.lost.append((place.steps, loss[0], loss[1]))
        todo += subschemas(place, schema)
    return found


@dataclass
class _Collected:
    """Classes and losses by the numbers that stand for them in the schema.

    A loss is a code, a message and the validator that it is about; `methods` are validators
    that the classes themselves are asked for.
    """

    classes: list[type] = field(default_factory=list[type])
    losses: list[tuple[str, str, object]] = field(
        default_factory=list[tuple[str, str, object]]
    )
    methods: set[object] = field(default_factory=set[object])


class _Schemas(GenerateJsonSchema):
    """Pydantic's own generator, which marks what it leaves out."""

    found: ClassVar[_Collected]
    _refused: str = ""
    """Why the last default can't be written."""

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        return self._of_class(super().model_schema(schema), schema["cls"])

    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> JsonSchemaValue:
        return self._of_class(super().dataclass_schema(schema), schema["cls"])

    def typed_dict_schema(self, schema: core_schema.TypedDictSchema) -> JsonSchemaValue:
        made = super().typed_dict_schema(schema)
        cls = schema.get("cls")
        return made if cls is None else self._of_class(made, cls)

    def bytes_schema(self, schema: core_schema.BytesSchema) -> JsonSchemaValue:
        made = super().bytes_schema(schema)
        del made["format"]
        return made | {PYTHON_TYPE: "bytes"}

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        number = super().decimal_schema(schema)["anyOf"][0]
        message = "`Decimal` is written as `float`, which keeps about 15 digits"
        return self._lost(number, KEYWORD, message)

    def encode_default(self, dft: Any) -> Any:
        if hasattr(dft, "get_secret_value"):
            raise PydanticSerializationError("what JSON shows of it is another value")
        return super().encode_default(float(dft) if isinstance(dft, Decimal) else dft)

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        made = super().str_schema(schema)
        for change in _CHANGES:
            if schema.get(change):
                self._lost(made, KEYWORD, f"texts stay as they are: no `{change}`")
        return made

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        made = super().dict_schema(schema)
        keys = schema.get("keys_schema")
        written = {} if keys is None else self.generate_inner(keys)
        if "$ref" in written:
            written = self.resolve_ref_schema(written)
        arms = [written, *written.get("anyOf", ())]
        kinds = dict.fromkeys(str(arm["type"]) for arm in arms if "type" in arm)
        kinds.pop("string", None)
        if kinds:
            told = f"keys that are `{'`, `'.join(kinds)}` are texts here, of any form"
            self._lost(made, KEYWORD, told)
        return made

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        self._refused = ""
        made = super().default_schema(schema)
        factory: Callable[..., Any] | None = schema.get("default_factory")
        if self._refused:
            self._lost(made, DEFAULT, "the default is left out: JSON can't say it")
        elif factory in (list, dict):
            made["default"] = [] if factory is list else {}
        elif factory is not None:
            message = f"the default is left out: `{_name(factory)}` makes it"
            self._lost(made, DEFAULT, message)
        self._refused = ""
        return made

    def emit_warning(self, kind: Any, detail: str) -> None:
        if kind == "non-serializable-default":
            self._refused = detail
        else:
            super().emit_warning(kind, detail)

    def handle_invalid_for_json_schema(
        self, schema: Any, error_info: str
    ) -> JsonSchemaValue:
        """Any value, where JSON has no type of this kind."""
        name = schema["type"]
        if "cls" in schema:
            name = schema["cls"].__qualname__
        elif name == "callable":
            name = "Callable"
        elif "function" in schema:
            name = _name(schema["function"]["function"])
        return self._lost({}, KEYWORD, f"`{name}` has no type here: any value is taken")

    def function_before_schema(
        self, schema: core_schema.BeforeValidatorFunctionSchema
    ) -> JsonSchemaValue:
        return self._validated(super().function_before_schema(schema), schema)

    def function_after_schema(
        self, schema: core_schema.AfterValidatorFunctionSchema
    ) -> JsonSchemaValue:
        return self._validated(super().function_after_schema(schema), schema)

    def function_wrap_schema(
        self, schema: core_schema.WrapValidatorFunctionSchema
    ) -> JsonSchemaValue:
        return self._validated(super().function_wrap_schema(schema), schema)

    def function_plain_schema(
        self, schema: core_schema.PlainValidatorFunctionSchema
    ) -> JsonSchemaValue:
        return self._validated(super().function_plain_schema(schema), schema)

    def _validated(self, made: JsonSchemaValue, schema: Any) -> JsonSchemaValue:
        function: Any = schema["function"]["function"]
        plain: Any = function
        while isinstance(plain, functools.partial):
            plain = plain.func
        module = getattr(plain, "__module__", None) or ""
        if module.partition(".")[0] in ("pydantic", "pydantic_core"):
            return made
        message = f"1 validator is not carried over: {_name(plain)}"
        return self._lost(made, KEYWORD, message, _function(plain))

    def _of_class(self, made: JsonSchemaValue, cls: type) -> JsonSchemaValue:
        self.found.classes.append(cls)
        for one in _decorated(cls, *_VALIDATORS).values():
            self.found.methods.add(_function(one.func))
        made[_CLASS] = len(self.found.classes) - 1
        return made

    def _lost(
        self, made: JsonSchemaValue, code: str, message: str, about: object = None
    ) -> JsonSchemaValue:
        self.found.losses.append((code, message, about))
        made[_LOST] = [*made.get(_LOST, ()), len(self.found.losses) - 1]
        return made


_VALIDATORS: Final = (
    *("validators", "field_validators", "root_validators", "model_validators"),
)
_SERIALIZERS: Final = ("field_serializers", "model_serializers")
_COMPUTED: Final = ("computed_fields",)


def losses_of_class(made: type[object]) -> Iterator[tuple[str, str]]:
    """What a class does besides having fields: the first name of it there, and a message."""
    for what, groups in (
        ("validator", _VALIDATORS),
        ("serializer", _SERIALIZERS),
        ("computed field", _COMPUTED),
    ):
        names = [*_decorated(made, *groups)]
        if names:
            told = f"{len(names)} {what}{'s are' if names[1:] else ' is'}"
            yield names[0], f"{told} not carried over: {', '.join(names)}"
    if not issubclass(made, BaseModel) and hasattr(made, "__post_init__"):
        yield "__post_init__", "`__post_init__` is not carried over"
    after = getattr(made, "model_post_init", None)
    if _name(after) in ("model_post_init", "wrapped_model_post_init") and (
        after is not BaseModel.model_post_init
    ):
        yield "model_post_init", "`model_post_init` is not carried over"
    config: dict[str, Any] = getattr(made, "model_config", {})
    for change in _CHANGES:
        if config.get(f"str_{change}"):
            yield "model_config", f"texts stay as they are: no `str_{change}`"


def _decorated(made: type, *groups: str) -> dict[str, Any]:
    """The decorated methods of a class by name, those of its bases included."""
    decorators: Any = getattr(made, "__pydantic_decorators__", None)
    found: dict[str, Any] = {}
    for group in groups:
        found |= getattr(decorators, group, {})
    return found


def _function(method: Any) -> object:
    return getattr(method, "__func__", method)


def _name(function: object) -> str:
    return str(getattr(function, "__name__", None) or type(function).__name__)
