"""Constants of SQL, as they stand in defaults and conditions."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from codegen.ir.types import BIGINT, BOOLEAN, BYTES, NUMBER, STRING, Type
from codegen.ir.values import INT64, Value

from .tokens import Token, matching, string_value, without_brackets

_WORDS: Final = {"TRUE": True, "FALSE": False, "NULL": None}
_TRUTH: Final = {
    **dict.fromkeys(("true", "t", "yes", "y", "on", "1"), True),
    **dict.fromkeys(("false", "f", "no", "n", "off", "0"), False),
}
_MORE_OF_A_TYPE: Final = ("VARYING", "PRECISION", "WITH", "WITHOUT", "TIME", "ZONE")
_TEXTS: Final = frozenset(("text", "varchar", "bpchar", "character"))
_NUMBERS: Final = frozenset(("numeric", "double"))
_HARMLESS: Final = {
    "text": _TEXTS,
    "enum": _TEXTS,
    "int": _NUMBERS | {"smallint", "integer", "bigint"},
    "float": _NUMBERS,
    "decimal": _NUMBERS,
}
"""By the kind of a column: if it is cast to one of these, it is compared as without."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant of SQL: `kind` is string, number, blob, or word (true, false and null)."""

    kind: str
    text: str

    @property
    def is_null(self) -> bool:
        return self.kind == "word" and self.text.upper() == "NULL"

    def value(self, node: Type) -> Value:
        """The value of a scalar type.

        Raises ValueError if it is none, or another one than it says.
        """
        if node == STRING and self.kind == "string":
            return self.text
        if node == BIGINT and self.kind in ("string", "number"):
            return _whole(self.text)
        if node == NUMBER and self.kind in ("string", "number"):
            return _float(self.text)
        if node == BOOLEAN and self.kind != "blob":
            return _TRUTH[self.text.lower()] if self.text.lower() in _TRUTH else _no()
        if node == BYTES and self.kind == "blob":
            return _bytes(self.text)
        if node == BYTES and self.kind == "string" and self.text.startswith("\\x"):
            return _bytes(self.text[2:])
        return _no()


def constant(found: Sequence[Token], *, quoted: bool = False) -> Constant | None:
    """The constant that an expression is; None if it is something else.

    With `quoted`, a text in double quotes is one too, as SQLite has it where no name can be.
    """
    inside = without_brackets(found)
    sign = ""
    if len(inside) == 2 and inside[0].text in ("-", "+"):
        sign, inside = inside[0].text, without_brackets(inside[1:])
    if len(inside) != 1:
        return None
    (token,) = inside
    if token.kind == "number":
        return Constant("number", (sign + token.text).removeprefix("+"))
    if sign:
        return None
    if (text := string_value(token)) is not None:
        return Constant("string", text)
    if quoted and token.kind == "quoted" and token.name is not None:
        return Constant("string", token.name)
    if token.kind == "blob":
        return Constant("blob", token.text[2:-1])
    return Constant("word", token.text) if token.is_word(*_WORDS) else None


def without_casts(
    found: Sequence[Token], kinds: Mapping[str, str] | None = None
) -> list[Token]:
    """The tokens without PostgreSQL's `::type` where it changes nothing that is said.

    `kinds` are those of the columns, by their names in lower case.
    """
    plain: list[Token] = []
    i = 0
    while i < len(found):
        if found[i].text != "::":
            plain.append(found[i])
            i += 1
            continue
        end = _end_of_type(found, i + 1)
        cast = found[i + 1 : end]
        if not _ends_in_constant(plain) and not _is_harmless(plain, cast, kinds or {}):
            plain += found[i:end]
        i = end
    return plain


def _end_of_type(found: Sequence[Token], i: int) -> int:
    """Where the name of a type ends, with its length and its brackets."""
    i += 1
    while i + 1 < len(found) and found[i].text == ".":
        i += 2
    while i < len(found) and found[i].is_word(*_MORE_OF_A_TYPE):
        i += 1
    while i < len(found) and found[i].text in ("(", "["):
        i = matching(found, i) + 1
        while i < len(found) and found[i].is_word(*_MORE_OF_A_TYPE):
            i += 1
    return i


def _is_harmless(
    found: list[Token], cast: Sequence[Token], kinds: Mapping[str, str]
) -> bool:
    """Whether the cast is of a column, to a type without a length that keeps its values."""
    inside = without_brackets(_last_operand(found))
    if len(inside) != 1 or not cast or any(one.text in ("(", "[") for one in cast):
        return False
    kind = kinds.get((inside[0].name or "").lower(), "")
    return cast[0].text.lower() in _HARMLESS.get(kind, ())


def _ends_in_constant(found: list[Token]) -> bool:
    if found and found[-1].text == "]":
        return True
    inside = _last_operand(found)
    is_array = len(inside) > 1 and inside[1].is_word("ARRAY")
    return is_array or (bool(inside) and constant(inside) is not None)


def _last_operand(found: list[Token]) -> list[Token]:
    """The last token, or all between the brackets that it closes."""
    if not found or found[-1].text != ")":
        return found[-1:]
    depth = 0
    for start in range(len(found) - 1, -1, -1):
        depth += (found[start].text == ")") - (found[start].text == "(")
        if depth == 0:
            return found[start:]
    return []


def _whole(text: str) -> int:
    plain = text.strip()
    if re.fullmatch(r"[+-]?\d{1,40}(\.0*)?", plain):
        number = int(plain.partition(".")[0])
    elif re.fullmatch(r"[+-]?0[xX][0-9a-fA-F]{1,16}", plain):
        number = int(plain, 16)
    else:
        raise ValueError(f"{text!r} is no whole number")
    if number not in INT64:
        raise ValueError(f"{text} does not fit in 64 bits")
    return number


def _float(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = None
    if (
        number is None
        or "_" in text
        or (math.isinf(number) and "inf" not in text.lower())
    ):
        raise ValueError(f"{text!r} is no number that a float can hold")
    return number


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise ValueError("these are no bytes in hexadecimal") from None


def _no() -> Value:
    raise ValueError("this constant is of another type")
