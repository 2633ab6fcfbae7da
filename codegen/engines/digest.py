"""The digest of a schema, by which databases know it again."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any, Final

from codegen.ir.canonical import dumps
from codegen.ir.model import Schema

_ASIDE: Final = {"description", "model", "default", "functions"}


def schema_digest(schema: Schema) -> str:
    """Of what matters to stored documents: not of descriptions, models, defaults, functions."""
    matters = json.loads(dumps(schema), object_hook=_what_matters)
    return sha256(json.dumps(matters, sort_keys=True).encode()).hexdigest()


def _what_matters(value: dict[str, Any]) -> dict[str, Any]:
    return {name: item for name, item in value.items() if name not in _ASIDE}
