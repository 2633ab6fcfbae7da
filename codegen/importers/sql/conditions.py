"""What the condition of a CHECK asks of single columns.

A condition is a number of demands joined by AND. Those that our constraints can say become
restrictions; the others come back as their text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from .constant_values import Constant, constant, without_casts
from .tokens import Token, code, matching, split, without_brackets

_FLIPPED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_BOUNDS: Final = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
_LENGTHS: Final = (
    *("LENGTH", "CHAR_LENGTH", "CHARACTER_LENGTH"),
    *("OCTET_LENGTH", "CARDINALITY"),
)
_COMPARED: Final = ("=", "==", "<>", "!=", *_FLIPPED)


@dataclass(frozen=True, slots=True)
class Restriction:
    """A demand on one column; null keeps every one but `notNull`.

    `kind` is ge, gt, le, lt, minLength, maxLength (one constant), oneOf (some), notEmpty,
    notNull or json (none).
    """

    column: str
    kind: str
    constants: tuple[Constant, ...]
    text: str
    """As the database writes it."""


@dataclass(frozen=True, slots=True)
class Conditions:
    restrictions: tuple[Restriction, ...]
    unknown: tuple[str, ...]
    """The texts of the other demands."""


@dataclass(frozen=True, slots=True)
class _Operand:
    """A column, the length of one, or a constant."""

    column: str = ""
    is_length: bool = False
    constant: Constant | None = None


def conditions(
    text: str, columns: Mapping[str, str], *, brackets_quote: bool = False
) -> Conditions:
    """What a condition demands of the columns: their kinds by their names as written there.

    OR binds less than AND, as PostgreSQL writes its conditions without the brackets.
    """
    reader = _Reader(text, columns)
    found: list[Restriction] = []
    unknown: list[str] = []
    todo = [code(text, brackets_quote=brackets_quote)]
    while todo:
        demand = without_brackets(todo.pop(0))
        alternatives = _alternatives(demand)
        parts = [] if len(alternatives) > 1 else split(demand, "AND")
        if len(parts) > 1 and not _has_case(demand):
            todo[:0] = parts
            continue
        known = reader.demand(demand, alternatives)
        if known is None:
            start, end = (demand[0].start, demand[-1].end) if demand else (0, len(text))
            unknown.append(" ".join(text[start:end].split()))
        else:
            found += known
    return Conditions(tuple(found), tuple(unknown))


def _alternatives(demand: Sequence[Token]) -> list[list[Token]]:
    """What stands between the ORs; one of them has to hold."""
    return [without_brackets(part) for part in split(demand, "OR")]


def _has_case(demand: Sequence[Token]) -> bool:
    """Whether there is a CASE, whose AND and OR no brackets set apart."""
    return any(token.is_word("CASE") for token in demand)


class _Reader:
    def __init__(self, text: str, columns: Mapping[str, str]) -> None:
        self._text = text
        self._columns = {name.lower(): name for name in columns}
        self._kinds = {name.lower(): kind for name, kind in columns.items()}

    def demand(
        self, found: list[Token], parts: list[list[Token]]
    ) -> list[Restriction] | None:
        """What a demand without an outer AND asks; None if nothing of ours says it."""
        if _has_case(found):
            return None
        if len(parts) == 1:
            return self._single(found)
        if not all(parts):
            return None
        null = [part for part in parts if self._null_column(part)]
        rest = [part for part in parts if part not in null]
        known: list[Restriction] = []
        for part in rest:
            for demand in split(part, "AND"):
                one = self._single(demand)
                if one is None:
                    return None
                known += one
        about = {one.column for one in known}
        about |= {self._null_column(part) or "" for part in null}
        if len(about) != 1 or any(one.kind == "notNull" for one in known):
            return None
        if len(rest) == 1:
            return known  # null keeps what remains in any case
        if {one.kind for one in known} == {"oneOf"} and len(known) == len(rest):
            return [self._one_of(known[0].column, known, found)]
        return None

    def _null_column(self, found: list[Token]) -> str | None:
        """The column of `column IS NULL`."""
        if len(found) > 2 and found[-2].is_word("IS") and found[-1].is_word("NULL"):
            operand = self._operand(without_casts(found[:-2], self._kinds))
            return operand.column if operand and not operand.is_length else None
        return None

    def _single(self, found: list[Token]) -> list[Restriction] | None:
        found = without_brackets(without_casts(without_brackets(found), self._kinds))
        words = [token.text.upper() for token in found]
        if len(found) > 3 and words[-3:] == ["IS", "NOT", "NULL"]:
            column = self._column(found[:-3])
            return self._made(column, "notNull", (), found)
        if words[:2] == ["JSON_VALID", "("] and matching(found, 1) == len(found) - 1:
            return self._made(self._column(found[2:-1]), "json", (), found)
        for i, token in enumerate(found):
            if token.kind == "mark" and token.text in _COMPARED:
                return self._comparison(found, i)
            if token.is_word("BETWEEN"):
                return self._between(found, i)
            if token.is_word("IN"):
                return self._membership(found, i)
        return None

    def _comparison(self, found: list[Token], i: int) -> list[Restriction] | None:
        mark = found[i].text
        if mark in ("=", "==") and [t.text.upper() for t in found[i + 1 : i + 3]] == [
            "ANY",
            "(",
        ]:
            return self._any(found, i)
        left, right = self._operand(found[:i]), self._operand(found[i + 1 :])
        if left is None or right is None:
            return None
        if left.constant is not None:
            left, right, mark = right, left, _FLIPPED.get(mark, mark)
        value = right.constant
        if left.constant is not None or value is None or value.is_null:
            return None
        return self._compared(left, mark, value, found)

    def _compared(
        self, left: _Operand, mark: str, value: Constant, found: list[Token]
    ) -> list[Restriction] | None:
        column = left.column
        if mark in ("=", "=="):
            if not left.is_length:
                return self._made(column, "oneOf", (value,), found)
            least = self._made(column, "minLength", (value,), found)
            most = self._made(column, "maxLength", (value,), found)
            return [*least, *most] if least and most else None
        if mark in ("<>", "!="):
            is_empty = value == Constant("string", "") or left.is_length
            if left.is_length and value != Constant("number", "0"):
                return None
            return self._made(column, "notEmpty", (), found) if is_empty else None
        if not left.is_length:
            return self._made(column, _BOUNDS[mark], (value,), found)
        step = {"<": -1, ">": 1}.get(mark, 0)
        if value.kind != "number" or not value.text.isdecimal():
            return None
        count = Constant("number", str(int(value.text) + step))
        kind = "maxLength" if mark in ("<", "<=") else "minLength"
        return self._made(column, kind, (count,), found)

    def _between(self, found: list[Token], i: int) -> list[Restriction] | None:
        left = self._operand(found[:i])
        ends = [
            index
            for index, token in enumerate(found)
            if index > i and token.is_word("AND")
        ]
        if left is None or left.constant is not None or len(ends) != 1:
            return None
        least, most = constant(found[i + 1 : ends[0]]), constant(found[ends[0] + 1 :])
        if least is None or most is None:
            return None
        first = self._compared(left, ">=", least, found)
        last = self._compared(left, "<=", most, found)
        return [*first, *last] if first and last else None

    def _membership(self, found: list[Token], i: int) -> list[Restriction] | None:
        if i + 1 >= len(found) or found[i + 1].text != "(":
            return None
        if matching(found, i + 1) != len(found) - 1 or found[i - 1].is_word("NOT"):
            return None
        return self._listed(found[:i], found[i + 2 : -1], found)

    def _any(self, found: list[Token], i: int) -> list[Restriction] | None:
        """`= ANY (ARRAY[…])`, which is how PostgreSQL writes IN."""
        inside = without_brackets(found[i + 2 :])
        if len(inside) < 3 or not inside[0].is_word("ARRAY") or inside[1].text != "[":
            return None
        if matching(inside, 1) != len(inside) - 1:
            return None
        return self._listed(found[:i], inside[2:-1], found)

    def _listed(
        self, left: list[Token], inside: list[Token], found: list[Token]
    ) -> list[Restriction] | None:
        values = [self._operand(part) for part in split(inside, ",")]
        listed = [one.constant for one in values if one and one.constant]
        if len(listed) < len(values) or any(one.is_null for one in listed):
            return None
        return self._made(self._column(left), "oneOf", tuple(listed), found)

    def _one_of(
        self, column: str, known: list[Restriction], found: list[Token]
    ) -> Restriction:
        together = (value for one in known for value in one.constants)
        return Restriction(column, "oneOf", tuple(together), self._written(found))

    def _column(self, found: list[Token]) -> str | None:
        operand = self._operand(found)
        if operand is None or operand.is_length or operand.constant is not None:
            return None
        return operand.column

    def _operand(self, found: Sequence[Token]) -> _Operand | None:
        inside = without_brackets(found)
        if len(inside) == 1 and (name := inside[0].name) is not None:
            column = self._columns.get(name.lower())
            if column is not None:
                return _Operand(column)
            if inside[0].kind == "quoted":  # which SQLite takes for a string then
                return _Operand(constant=Constant("string", name))
        is_call = len(inside) > 3 and inside[0].is_word(*_LENGTHS)
        if is_call and inside[1].text == "(" and matching(inside, 1) == len(inside) - 1:
            column = self._column(inside[2:-1])
            if column is None or not self._counts(inside[0], column):
                return None
            return _Operand(column, is_length=True)
        value = constant(inside)
        return _Operand(constant=value) if value is not None else None

    def _counts(self, function: Token, column: str) -> bool:
        """Whether the function counts what our lengths do: no bytes of a text."""
        is_bytes = self._kinds[column.lower()] == "bytes"
        return is_bytes or not function.is_word("OCTET_LENGTH")

    def _made(
        self,
        column: str | None,
        kind: str,
        constants: tuple[Constant, ...],
        found: list[Token],
    ) -> list[Restriction] | None:
        if column is None:
            return None
        return [Restriction(column, kind, constants, self._written(found))]

    def _written(self, found: Sequence[Token]) -> str:
        return " ".join(self._text[found[0].start : found[-1].end].split())
