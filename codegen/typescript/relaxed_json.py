"""JSON with comments and trailing commas, as tools around TypeScript write it."""

from __future__ import annotations

import json
import re
from typing import Final

from codegen.ir.types import JsonValue

_COMMENT: Final = re.compile(r'("(?:\\.|[^"\\])*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
_COMMA: Final = re.compile(r'("(?:\\.|[^"\\])*")|,(?=\s*[}\]])', re.DOTALL)


def relaxed_json(data: bytes | None) -> dict[str, JsonValue]:
    """The object that a file holds; an empty one where it holds none."""
    text = (data or b"").decode("utf-8-sig", "replace")
    for pattern in (_COMMENT, _COMMA):
        text = pattern.sub(_keep_string, text)
    try:
        value: JsonValue = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _keep_string(match: re.Match[str]) -> str:
    return match[1] or ""


def texts(value: JsonValue) -> list[str]:
    """The strings of a list."""
    items = value if isinstance(value, list) else []
    return [item for item in items if isinstance(item, str)]
