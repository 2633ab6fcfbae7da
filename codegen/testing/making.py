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
        if kind.shape is not None:
            _check_names(model, given)
        # A patch reads some fields only, and has the values of the documents' own classes.
        patch = kind.patch.from_wire(self._drawn(model, kind, given))
        return model(**{**vars(patch), **(patch.model_extra or {}), **given})

    def _drawn(
        self, model: type[TableModel], kind: Kind, given: dict[str, Any]
    ) -> dict[str, JsonValue]:
        """The fields that are not given, by their names on the wire."""
        if kind.shape is None:
            drawn = {} if given else self._drawing.value(Record(STRING, ANY))
            assert isinstance(drawn, dict)
            return drawn
        model.model_rebuild()  # the names on the wire are made on first use
        attributes = {f.alias: name for name, f in model.model_fields.items()}
        made: dict[str, JsonValue] = {}
        for field in kind.shape.fields:
            attribute = attributes[field.name]
            if attribute not in given and self._drawing.wants(field):
                made[field.name] = self._value(model, field, attribute)
        return made

    def _value(
        self, model: type[TableModel], field: Field, attribute: str
    ) -> JsonValue:
        obstacle = self._possibilities.obstacle(field.type, self._depth)
        if obstacle is None:
            try:
                return self._drawing.value(field.type)
            except CannotMake as error:
                obstacle = Obstacle("", error.reason)
        place = f"{field.name}{obstacle.way}"
        reason = self._possibilities.explained(obstacle)
        raise CannotMake(
            f"`{model.__name__}` needs its `{place}`, but {reason}",
            f"Give the field: `{attribute}=…`",
        )


def _check_names(model: type[TableModel], given: dict[str, Any]) -> None:
    for name in given:
        if name not in model.model_fields:
            from difflib import get_close_matches

            near = get_close_matches(name, model.model_fields, n=1)
            hint = f": did you mean `{near[0]}`?" if near else ""
            raise TypeError(f"`{model.__name__}` has no field `{name}`{hint}")
