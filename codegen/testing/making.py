"""Makes one model: the fields that are given, and others drawn at random."""

from __future__ import annotations

from typing import Any, TypeVar

from codegen.ir.types import ANY, STRING, Field, JsonValue, Record
from codegen.runtime.documents import TableModel

from .drawing import Drawing
from .kinds import Kind
from .possibilities import CannotMake, Depth, Obstacle, Possibilities

M = TypeVar("M", bound=TableModel)


class Maker:
    """Makes models with what a `Drawing` draws at a depth."""

    def __init__(
        self, possibilities: Possibilities, drawing: Drawing, depth: Depth
    ) -> None:
        self._possibilities = possibilities
        self._drawing = drawing
        self._depth = depth

    def make(self, model: type[M], kind: Kind, given: dict[str, Any]) -> M:
        """A model of a kind.

        Raises:
            CannotMake: No value was found for a field.
            TypeError: A given field is none of the model.
            pydantic.ValidationError: A given field does not fit.
        """
        return self.made(model, kind, self.drawn(model, kind, given), given)

    def drawn(
        self, model: type[TableModel], kind: Kind, given: dict[str, Any]
    ) -> dict[str, JsonValue]:
        """The fields that are not given, by their names on the wire."""
        if kind.shape is None:
            drawn = {} if given else self._drawing.value(Record(STRING, ANY))
            assert isinstance(drawn, dict)
            return drawn
        _check_names(model, given)
        attributes = _attributes(model)
        return {
            field.name: self._value(model, field)
            for field in kind.shape.fields
            if attributes[field.name] not in given and self._drawing.wants(field)
        }

    def made(
        self,
        model: type[M],
        kind: Kind,
        drawn: dict[str, JsonValue],
        given: dict[str, Any],
    ) -> M:
        """The model with the fields that were drawn, and those that are given."""
        # A patch reads some fields only, and has the values of the documents' own classes.
        patch = kind.patch.from_wire(drawn)
        return model(**{**vars(patch), **(patch.model_extra or {}), **given})

    def failure(
        self, model: type[TableModel], field: str, reason: str, way: str = ""
    ) -> CannotMake:
        """What is said where a field, or what the way leads to inside of it, can't be made."""
        return CannotMake(
            f"`{model.__name__}` needs its `{field}{way}`, but {reason}",
            f"Give the field: `{_attributes(model)[field]}=…`",
        )

    def _value(self, model: type[TableModel], field: Field) -> JsonValue:
        obstacle = self._possibilities.obstacle(field.type, self._depth)
        if obstacle is None:
            try:
                return self._drawing.value(field.type)
            except CannotMake as error:
                obstacle = Obstacle("", error.reason)
        reason = self._possibilities.explained(obstacle)
        raise self.failure(model, field.name, reason, obstacle.way)


def _attributes(model: type[TableModel]) -> dict[str | None, str]:
    """The attributes of a model by their names on the wire."""
    model.model_rebuild()  # these names are made on first use
    return {field.alias: name for name, field in model.model_fields.items()}


def _check_names(model: type[TableModel], given: dict[str, Any]) -> None:
    for name in given:
        if name not in model.model_fields:
            from difflib import get_close_matches

            near = get_close_matches(name, model.model_fields, n=1)
            hint = f": did you mean `{near[0]}`?" if near else ""
            raise TypeError(f"`{model.__name__}` has no field `{name}`{hint}")
