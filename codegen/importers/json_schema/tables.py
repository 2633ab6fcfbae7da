"""The schema of an import: its tables, the types that they use, and their defaults."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from codegen.diagnostics import Path, Span
from codegen.ir.fitting import misfit
from codegen.ir.model import Schema, Table
from codegen.ir.types import (
    ANY,
    Constrained,
    Default,
    Field,
    Named,
    Object,
    Record,
    Type,
    Union,
)
from codegen.ir.values import Value, encode
from codegen.language.adaptation import adapted
from codegen.language.source import Loaded

from ..losses import DEFAULT, KEYWORD
from ..places import Json, Place
from ..table_names import distinct, needs_model, table_name
from .definitions import Definition
from .ids import ObjectPlaces, with_ids
from .shapes import Shapes
from .type_names import class_name, described
from .used_types import used_types


@dataclass
class Tables:
    """Makes tables of definitions; `model` is the class of a table, `place` where it is from."""

    shapes: Shapes
    id_suffixes: Sequence[str] = ()
    _tables: dict[str, Table] = field(default_factory=dict[str, Table])
    _places: dict[str, Place] = field(default_factory=dict[str, Place])
    _definitions: dict[str, Definition] = field(default_factory=dict[str, Definition])

    def __post_init__(self) -> None:
        self.losses = self.shapes.losses
        self.objects = self.shapes.objects

    def add(
        self,
        chosen: Sequence[Definition],
        name: str | None = None,
        *,
        as_ids: bool = False,
    ) -> None:
        """Adds the tables of definitions; `name` is the name of the only one, if it has one.

        Set `as_ids` for ids where others refer to them.
        """
        for one in chosen:
            own = name or distinct(table_name(one.name), self._places)
            self._places[own] = one.place
            self._definitions[own] = one
        if as_ids:
            self.shapes.tables = {place: name for name, place in self._places.items()}
        for own, one in self._definitions.items():
            node = self.shapes.type_of((one.place,))
            schema = self.shapes.sources.schema(one.place)
            self._tables[own] = Table(
                own,
                self._document(node, one),
                description=described(schema),
                model=None if name else class_name(one.name),
            )

    def loaded(self) -> Loaded:
        """The schema; every default and every id in its place."""
        types = used_types(self._tables.values(), self.shapes.types)
        taken = {*types}
        tables: dict[str, Table] = {}
        models: dict[str, str] = {}
        for name, table in self._tables.items():
            model = models[name] = table.model or class_name(name)
            if table.model is None:
                tables[name] = table
                continue
            if model in taken:
                model = distinct(f"{model}Document", taken)
            taken.add(model)
            tables[name] = replace(
                table, model=model if needs_model(name, model) else None
            )
        schema = Schema(tables, types)
        known = ObjectPlaces(
            self.objects.places, self.objects.origin, self.objects.fields
        )
        schema = with_ids(schema, models, self.id_suffixes, known, self.losses)
        schema = self._with_defaults(schema)
        self.losses.say_counted()
        return Loaded(schema, self._locate)

    def _document(self, node: Type, definition: Definition) -> Type:
        """The type of a table's documents: an object, a union of objects, or any."""
        arms: list[Type] = []
        objects: list[Object] = []
        for arm in self._arms(node):
            shape = arm
            while isinstance(shape, (Named, Constrained)):
                shape = self._followed(shape)
            if not isinstance(shape, Object):
                self._refuse(shape, definition)
                return ANY
            good = self._with_good_fields(shape)
            if good is None:
                return ANY
            objects.append(good)
            arms.append(arm if isinstance(arm, Named) and good == shape else good)
        if not arms:
            reason = self.shapes.contradictions.reason((definition.place,))
            message = (
                f"{reason.why}: no document can be what `{definition.name}` asks for"
            )
            self.losses.failed("E805", reason.place, message, reason.keyword)
            return ANY
        if len(arms) == 1:
            return objects[0]
        if all(isinstance(arm, Named) for arm in arms):
            return Union(tuple(arms))
        return Union(tuple(objects)) if objects else ANY

    def _refuse(self, shape: Type, definition: Definition) -> None:
        """Says that a table takes any document; one that has no objects can't be a table."""
        name = definition.name
        if shape == ANY or isinstance(shape, Record):
            message = (
                f"`{name}` is not always an object with fields: any document is taken"
            )
            self.losses.lost(KEYWORD, definition.place, message)
        else:
            message = f"`{name}` is not always an object, which a document is"
            self.losses.failed("E805", definition.place, message)

    def _arms(self, node: Type) -> Iterable[Type]:
        opened = node
        while isinstance(opened, Named):
            opened = self._followed(opened)
        if isinstance(opened, Union):
            for arm in opened.arms:
                yield from self._arms(arm)
        else:
            yield node

    def _followed(self, node: Named | Constrained) -> Type:
        return (
            self.shapes.types[node.name].type if isinstance(node, Named) else node.inner
        )

    def _with_good_fields(self, node: Object) -> Object | None:
        """The object without fields that documents can't have; None if it needs one."""
        kept: list[Field] = []
        for one in node.fields:
            if not one.name.startswith("_"):
                kept.append(one)
                continue
            if one.optional or one.name in ("_id", "_creationTime"):
                own = (
                    "is the document's own"
                    if one.name == "_id"
                    else "can't be one of a document's"
                )
                message = f'field "{one.name}" {own}; it is left out'
                self.objects.say_of_name(one, message)
            else:
                message = f"field \"{one.name}\" can't be one of a document's; any document is taken"
                self.objects.say_of_name(one, message)
                return None
        return (
            replace(node, fields=tuple(kept)) if len(kept) < len(node.fields) else node
        )

    def _with_defaults(self, schema: Schema) -> Schema:
        """The defaults that the fields of tables have; others are reported."""
        used: set[int] = set()
        tables = {
            name: replace(table, document=self._defaulted(table.document, schema, used))
            for name, table in schema.tables.items()
        }
        for key, declared in self.objects.defaults.items():
            if key not in used:
                message = (
                    "only the fields of a document have defaults: this one is left out"
                )
                self.losses.lost(DEFAULT, declared.place, message, "default")
        return replace(schema, tables=tables)

    def _defaulted(self, node: Type, schema: Schema, used: set[int]) -> Type:
        if isinstance(node, Union):
            arms = (self._defaulted(arm, schema, used) for arm in node.arms)
            return Union(tuple(arms))
        if not isinstance(node, Object):
            return node
        fields: list[Field] = []
        for one in node.fields:
            key = self.objects.origin.get(id(one), id(one))
            declared = self.objects.defaults.get(key)
            if declared is None:
                fields.append(one)
                continue
            used.add(key)
            made = _default(declared.value, one.type, schema)
            if isinstance(made, str):
                message = f"the default is left out: {made}"
                self.losses.lost(DEFAULT, declared.place, message, "default")
                fields.append(one)
            else:
                fields.append(replace(one, default=made))
        return replace(node, fields=tuple(fields))

    def _locate(self, path: Path) -> Span | None:
        """Where the source says what a path leads to, or the closest thing around it."""
        sources = self.shapes.sources
        if len(path) < 2:
            return self.losses.span(Place(sources.root))
        place = self._places.get(str(path[1]))
        if path[0] == "types":
            place = self.shapes.names.place_of(str(path[1]))
        if place is None:
            return self.losses.span(Place(sources.root))
        steps = [*path[3:]]
        while len(steps) > 1 and steps[0] == "field":
            schema = sources.schema(place)
            properties = schema.get("properties") if isinstance(schema, dict) else None
            if not isinstance(properties, dict) or steps[1] not in properties:
                break
            place, steps = place.inside("properties", steps[1]), steps[2:]
        last = str(place.steps[-1]) if place.steps else ""
        if not last:
            return self.losses.span(place)
        return self.losses.span(Place(place.document, place.steps[:-1]), last)


def _default(value: Json, node: Type, schema: Schema) -> Default | str:
    """A default for a field of a type; or why it can't be one."""
    try:
        made = Default(encode(adapted(_value(value), node, schema)))
    except (ValueError, OverflowError) as error:
        return str(error)
    return misfit(made.value, node, schema) or made


def _value(value: Json) -> Value:
    if isinstance(value, list):
        return [_value(item) for item in value]
    if isinstance(value, dict):
        return {name: _value(item) for name, item in value.items()}
    return value
