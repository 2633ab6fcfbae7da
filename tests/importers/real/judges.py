"""The judge by the source: `jsonschema`, in the draft that the source speaks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from jsonschema.protocols import Validator
from jsonschema.validators import (
    Draft3Validator,
    Draft4Validator,
    Draft6Validator,
    Draft7Validator,
    Draft201909Validator,
    Draft202012Validator,
)

DRAFTS: Final[Mapping[str, Any]] = {
    "3": Draft3Validator,
    "4": Draft4Validator,
    "6": Draft6Validator,
    "7": Draft7Validator,
    "2019-09": Draft201909Validator,
    "2020-12": Draft202012Validator,
}
REFS_ALONE: Final = {"3", "4", "6", "7"}
"""The drafts in which keywords beside a `$ref` say nothing."""


def draft_of(schema: Any) -> str:
    """The draft that a schema names; the newest if it names none."""
    named = str(schema.get("$schema", "")) if isinstance(schema, dict) else ""
    for draft in DRAFTS:
        if f"draft-0{draft}" in named or f"draft/{draft}" in named:
            return draft
    return "2020-12"


def by_source(schema: Any, draft: str) -> Validator:
    """A validator of the draft."""
    validator: Validator = DRAFTS[draft](schema)
    return validator
