"""GraphQL: object types are tables, and what a field of one refers to is a document's id."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from codegen.diagnostics import Diagnostic, Diagnostics, Span
from codegen.language.source import Loaded

from .json_schema.reader import load_document
from .losses import ARGUMENTS, ASSUMED, BITS, OWN_ID, Losses
from .models import (
    GraphqlField,
    GraphqlModel,
    GraphqlType,
    Unreadable,
    graphql_models,
)
from .options import Options
from .places import Document, Json, Place, Steps
from .reading import read_text

_SCALARS: Final[dict[str, dict[str, Json]]] = {
    "Int": {"type": "integer"},
    "Float": {"type": "number"},
    "String": {"type": "string"},
    "ID": {"type": "string"},
    "Boolean": {"type": "boolean"},
}
_TEXTS: Final = frozenset(
    (
        *(
            "Date",
            "DateTime",
            "DateTimeTz",
            "Duration",
            "Email",
            "EmailAddress",
            "GitObjectID",
        ),
        *("HTML", "HexColorCode", "IPv4", "IPv6", "ISO8601Date", "ISO8601DateTime"),
        *("LocalDate", "LocalTime", "Time", "Timestamp", "URI", "URL", "UUID"),
    )
)
"""Scalars that are texts wherever people use these names; GraphQL itself does not say."""
_QUOTED: Final = re.compile(r"[\"'`](@?\w+)[\"'`]")


def read_graphql(
    path: str, options: Options, diagnostics: Diagnostics, notes: list[str]
) -> Loaded | None:
    """The schema of a file of GraphQL's schema language; None after a report."""
    text = read_text(path, diagnostics)
    if text is None:
        return None
    try:
        models = graphql_models(text)
    except Unreadable as error:
        diagnostics.add(_fault(path, text, error))
        return None
    options = replace(options, references=options.references or "id")
    made = _Schema(path, models, diagnostics, options)
    document = Document(path, made.document(), made.positions)
    objects = [model.name for model in models if model.kind == "object"]
    if not objects and not options.tables:
        message = "there is no object type here that could be a table"
        diagnostics.add(Diagnostic("E805", message, Span(path, 1, 1, 1, 2)))
        return None
    return load_document(document, options, diagnostics, declared=objects)


READERS: Final = {"graphql": read_graphql}


@dataclass
class _Places:
    """Where the types and the fields stand that parts of the document were made from."""

    file: str
    known: dict[Steps, Span] = field(default_factory=dict[Steps, Span])

    def add(self, steps: Steps, name: str, line: int, column: int) -> None:
        self.known[steps] = Span(self.file, line, column, line, column + len(name))

    def value(self, steps: Iterable[str | int]) -> Span | None:
        way = tuple(steps)
        while way and way not in self.known:
            way = way[:-1]
        return self.known.get(way, Span(self.file, 1, 1, 1, 2))

    def key(self, steps: Iterable[str | int], name: str) -> Span | None:
        return self.value((*steps, name))


@dataclass
class _Schema:
    """Makes a JSON Schema of the types; what that leaves out is reported."""

    path: str
    models: Sequence[GraphqlModel]
    diagnostics: Diagnostics
    options: Options

    def __post_init__(self) -> None:
        self.positions = _Places(self.path)
        self.losses = Losses(
            {self.path: Document(self.path, None, self.positions)}, self.diagnostics
        )
        chosen = self.options.tables
        self.tables = {
            model.name
            for model in self.models
            if model.kind == "object" and (not chosen or model.name in chosen)
        }

    def document(self) -> Json:
        made: dict[str, Json] = {}
        for model in self.models:
            if model.name not in _SCALARS:
                steps = ("$defs", model.name)
                self.positions.add(steps, model.name, model.line, model.column)
                made[model.name] = self._definition(model, steps)
        self.losses.say_counted()
        return {"$defs": made}

    def _definition(self, model: GraphqlModel, steps: Steps) -> dict[str, Json]:
        schema = self._shape(model, steps)
        if model.description and model.description.strip() != model.name:
            schema["description"] = model.description
        return schema

    def _shape(self, model: GraphqlModel, steps: Steps) -> dict[str, Json]:
        if model.kind == "scalar":
            if model.name not in _TEXTS:
                return {"description": "GraphQL leaves it open"}
            message = f"the scalar `{model.name}` is taken for a text"
            self.losses.lost(ASSUMED, Place(self.path, steps), message)
            return {"type": "string", "description": "a scalar of the source"}
        if model.kind == "enum":
            return {"enum": [*model.members]}
        if model.kind in ("union", "interface") and model.members:
            return {"anyOf": [{"$ref": f"#/$defs/{name}"} for name in model.members]}
        fields = {one.name: one for one in model.fields}
        as_ids = self.options.references == "id" and model.name in self.tables
        own = fields.get("id")
        if as_ids and own is not None and own.type.name == "ID":
            self._count(OWN_ID, own, steps)
            del fields["id"]
        required: list[Json] = [
            name
            for name, one in fields.items()
            if not (one.type.is_nullable or one.has_default)
        ]
        return {
            "type": "object",
            "properties": {n: self._field(one, steps) for n, one in fields.items()},
            "required": required,
            "additionalProperties": False,
        }

    def _field(self, one: GraphqlField, steps: Steps) -> dict[str, Json]:
        place = (*steps, "properties", one.name)
        self.positions.add(place, one.name, one.line, one.column)
        if one.has_arguments:
            self._count(ARGUMENTS, one, steps)
        schema = self._type(one.type, one, steps)
        if one.description:
            schema = {"description": one.description, **schema}
        return {**schema, "default": one.default} if one.has_default else schema

    def _type(
        self, said: GraphqlType, one: GraphqlField, steps: Steps
    ) -> dict[str, Json]:
        if said.item is not None:
            schema: dict[str, Json] = {
                "type": "array",
                "items": self._type(said.item, one, steps),
            }
        elif said.name in _SCALARS:
            if said.name == "Int":
                self._count(BITS, one, steps)
            schema = _SCALARS[said.name]
        else:
            schema = {"$ref": f"#/$defs/{said.name}"} if said.name else {}
        return {"anyOf": [schema, {"type": "null"}]} if said.is_nullable else schema

    def _count(self, what: str, one: GraphqlField, steps: Steps) -> None:
        place = (*steps, "properties", one.name)
        self.positions.add(place, one.name, one.line, one.column)
        self.losses.count(what, Place(self.path, place))


def _fault(path: str, text: str, error: Unreadable) -> Diagnostic:
    """What the library says, at the place that it names, or at that of the first quoted name."""
    cause: BaseException = error
    while (inner := cause.__cause__ or cause.__context__) is not None:
        cause = inner
    told = str(getattr(cause, "message", cause)).split("\n\n")[0]
    locations = getattr(cause, "locations", None)
    line, column = 1, 1
    if locations:
        line, column = locations[0].line, locations[0].column
    elif quoted := _QUOTED.search(told):
        start = max(text.find(quoted[1]), 0)
        line, column = text.count("\n", 0, start) + 1, start - text.rfind(
            "\n", 0, start
        )
    span = Span(path, line, column, line, column + 1)
    return Diagnostic("E801", f"not a GraphQL schema: {told[:300]}", span)
