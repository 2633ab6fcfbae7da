"""JSON Schemas of the `$` forms: what encoded JSON has for int64s, bytes and special floats.

The patterns are exact: 8 bytes of base64 leave two bits of their last character at zero, and a
NaN or an infinity has an exponent of ones only. They mean the same to JavaScript, Python and
Rust.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from typing import Any, Final, TypeAlias, cast

from codegen.ir.fitting import holds
from codegen.ir.types import Constraint, Literal
from codegen.ir.values import encode

Json: TypeAlias = "dict[str, Any]"

_BASE64: Final = "[A-Za-z0-9+/]"
_INT64: Final = f"^{_BASE64}{{10}}[AEIMQUYcgkosw048]=$"
_PADDED: Final = ("", f"{_BASE64}{{2}}[AEIMQUYcgkosw048]=", f"{_BASE64}[AQgw]==")
"""What base64 may end in, by the number of padding characters."""
_SPECIAL_FLOAT: Final = f"^({_BASE64}{{8}}[89+/][37HPXfnv/]8|AAAAAAAAAIA)=$"
_ANY_PADDING: Final = frozenset({0, 1, 2})
_COMPARABLE: Final = (-math.inf, -0.0, math.inf)


def described(json: Json, *texts: str) -> Json:
    """The schema with a description of the given paragraphs and its own, keys sorted."""
    paragraphs = [text for text in (*texts, json.get("description", "")) if text]
    if paragraphs:
        json = {**json, "description": "\n\n".join(paragraphs)}
    return dict(sorted(json.items()))


def closed(key: str, text: Json) -> Json:
    """The form whose only key is `key`."""
    return {
        "additionalProperties": False,
        "properties": {key: text},
        "required": [key],
        "type": "object",
    }


def _base64(paddings: Collection[int]) -> Json:
    ends = [_PADDED[count] for count in (1, 2) if count in paddings]
    end = f"({'|'.join(ends)})" if ends else ""
    mark = "?" if ends and 0 in paddings else ""
    return {"pattern": f"^({_BASE64}{{4}})*{end}{mark}$", "type": "string"}


INT64: Final = described(
    closed("$integer", {"pattern": _INT64, "type": "string"}),
    "An int64: base64 of its 8 bytes, little-endian.",
)
BYTES: Final = described(closed("$bytes", _base64(_ANY_PADDING)), "Bytes, as base64.")
SPECIAL_FLOAT: Final = described(
    closed("$float", {"pattern": _SPECIAL_FLOAT, "type": "string"}),
    "A float that JSON has no number for (NaN, an infinity or -0.0): base64 of its 8 bytes, "
    "little-endian.",
)


def among(values: Iterable[str]) -> Json:
    """A string that is one of some."""
    found = list(dict.fromkeys(values))
    if len(found) == 1:
        return {"const": found[0], "type": "string"}
    return {"enum": found, "type": "string"}


def literal_form(literals: Iterable[Literal]) -> Json:
    """One of the literals of one form: of int64s, or of floats without a number in JSON."""
    forms = [cast(Json, encode(literal.value)) for literal in literals]
    (key,) = forms[0]
    return closed(key, among(form[key] for form in forms))


def special_floats(bounds: Iterable[Constraint]) -> list[Json]:
    """The form of the special floats within one or more bounds, if there are any.

    NaN compares with nothing: it is within no bounds.
    """
    within = [
        Literal.of(value)
        for value in _COMPARABLE
        if all(holds(bound, value) for bound in bounds)
    ]
    return [literal_form(within)] if within else []


def bytes_of_length(bounds: Iterable[Constraint]) -> list[Json]:
    """The forms of bytes whose count is bounded: by the length of their base64, where three
    bytes are four characters, and by the padding of the shortest and of the longest text.
    """
    least, most = 0, math.inf
    for bound in bounds:
        if bound.kind == "minLength":
            least = max(least, int(bound.value))
        else:
            most = min(most, int(bound.value))
    first = math.ceil(least / 3)
    last = None if most == math.inf else math.ceil(most / 3)
    start, end = first, last
    forms: list[Json] = []
    for groups in dict.fromkeys((first, last)):
        if groups:
            counts = {padding: 3 * groups - padding for padding in _ANY_PADDING}
            paddings = {p for p, count in counts.items() if least <= count <= most}
            if paddings < _ANY_PADDING:
                forms.append(_bytes(paddings, groups, groups))
                if groups == first:
                    start = groups + 1
                if groups == last:
                    end = groups - 1
    if end is None or start <= end:
        forms.append(_bytes(_ANY_PADDING, start, end))
    return forms


def _bytes(paddings: Collection[int], shortest: int, longest: int | None) -> Json:
    """Bytes in so many groups of four characters, with so much padding."""
    text = _base64(paddings)
    if longest is not None:
        text["maxLength"] = 4 * longest
    if shortest:
        text["minLength"] = 4 * shortest
    return closed("$bytes", dict(sorted(text.items())))
