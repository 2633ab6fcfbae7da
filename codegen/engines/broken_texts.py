"""Finds the text of a document that nobody can store: one with half of a surrogate pair."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from pydantic import BaseModel

from codegen.ir.fitting import Misfit


def broken_text(value: object) -> Misfit | None:
    """The way to the first such text in a model or in JSON values, as in `.a[0].b`, and the reason.

    It is for when writing them has failed, because it is slow.
    """
    try:
        return _broken(value)
    except RecursionError:
        return None  # the value holds itself, which is another fault


def _broken(value: object) -> Misfit | None:
    if isinstance(value, str):
        return _half_of_a_pair(value)
    for step, inner in _parts(value):
        if found := _broken(inner):
            way, reason = found
            return step + way, reason
    return None


def _half_of_a_pair(text: str) -> Misfit | None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        half = json.dumps(text[error.start])
        return "", f"it holds {half}, half of a surrogate pair, which is no character"
    return None


def _parts(value: object) -> Iterable[tuple[str, object]]:
    """The values inside of one, each with the step that leads there; names are values, too."""
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            yield f".{field.alias or name}", getattr(value, name, None)
        value = value.model_extra
    if isinstance(value, Mapping):
        for key, inner in cast("Mapping[object, object]", value).items():
            name = str(key)
            yield "", name
            yield f".{name}" if name.isidentifier() else f"[{json.dumps(name)}]", inner
    elif isinstance(value, Sequence) and not isinstance(value, bytes):
        for position, inner in enumerate(cast("Sequence[object]", value)):
            yield f"[{position}]", inner
