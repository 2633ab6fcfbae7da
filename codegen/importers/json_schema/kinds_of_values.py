"""The JSON types that `type` allows, where several schemas hold together."""

from __future__ import annotations

from collections.abc import Iterable

from ..losses import KEYWORD, Losses
from .conjunction import Part
from .keywords import KINDS, texts


def agreed_kinds(parts: Iterable[Part], losses: Losses | None) -> list[str] | None:
    """The types that all parts allow, in the order of the first; None if none says any.

    Types that there are not go to `losses`.
    """
    agreed: list[str] | None = None
    for part in parts:
        kinds = _kinds(part, losses)
        if kinds is not None:
            agreed = kinds if agreed is None else _both(agreed, kinds)
    return agreed


def _kinds(part: Part, losses: Losses | None) -> list[str] | None:
    declared = part.schema.get("type")
    if declared is None:
        return None
    kinds = texts(declared)
    unknown = [kind for kind in kinds if kind not in KINDS]
    if unknown or not kinds:
        said = ", ".join(f"`{kind}`" for kind in unknown) or "this"
        message = f"{said} is no type of JSON Schema: any value is taken"
        if losses is not None:
            losses.lost(KEYWORD, part.place, message, "type")
        return None
    if "number" in kinds:
        kinds = [kind for kind in kinds if kind != "integer"]
    if part.schema.get("nullable") is True:
        kinds = [*kinds, "null"]
    return [*dict.fromkeys(kinds)]


def _both(left: list[str], right: list[str]) -> list[str]:
    agreed: list[str] = []
    for kind in left:
        if kind in right or (kind == "integer" and "number" in right):
            agreed.append(kind)
        elif kind == "number" and "integer" in right:
            agreed.append("integer")
    return agreed
