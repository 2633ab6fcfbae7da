"""Fields of documents as columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from codegen.diagnostics import Fault, Path
from codegen.ir.model import Schema
from codegen.ir.notation import constraint_notation, notation
from codegen.ir.types import Constraint, Field, Literal
from codegen.ir.values import decode

from .dialects import Dialect
from .shapes import Shape, shape
from .text import name, number, string

_BOUNDS: Final = {"ge": ">=", "gt": ">", "le": "<=", "lt": "<"}
_LENGTHS: Final = {"minLength": ">=", "maxLength": "<="}
_ONLY_PYTHON: Final = "only the generated Python does"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its `text` but for the reference, and what it is made from."""

    name: str
    text: str
    field: Field
    shape: Shape


@dataclass(slots=True)
class ColumnWriter:
    """Writes columns in one dialect, and collects what they can't say."""

    schema: Schema
    dialect: Dialect
    faults: list[Fault] = field(default_factory=list[Fault])

    def column(self, field: Field, column: str, path: Path) -> Column:
        """`path` is that of the field."""
        made = shape(field.type, self.schema)
        if made.nullable and field.optional and made.kind != "nothing":
            message = f"`{field.name}` may be absent and may be null: both are NULL"
            self.faults.append(Fault("W430", path, message))
        if not made.is_exact:
            self._tell_of_loss(field, made, path)
        parts = [name(column), self.dialect.types.get(made.kind, "TEXT")]
        if not _may_be_null(field, made):
            parts.append("NOT NULL")
        if default := self._default(field, made, path):
            parts.append(f"DEFAULT {default}")
        if checks := list(self._checks(field, made, column, path)):
            if len(checks) > 1:  # OR binds less than AND
                checks = [f"({one})" if " OR " in one else one for one in checks]
            parts.append(f"CHECK ({' AND '.join(checks)})")
        return Column(column, " ".join(parts), field, made)

    def _not_enforced(self, field: Field, path: Path, what: str) -> None:
        message = f"{self.dialect.title} does not enforce {what} of `{field.name}`"
        self.faults.append(Fault("W432", path, message, _ONLY_PYTHON))

    def _tell_of_loss(self, field: Field, made: Shape, path: Path) -> None:
        written = notation(field.type)
        shown = written if len(written) <= 60 else f"{written[:57]}..."
        if made.kind == "json":
            message = f"`{field.name}` is JSON of any shape, not only {shown}"
            self.faults.append(Fault("W431", path, message, _ONLY_PYTHON))
        else:
            self._not_enforced(field, path, f"the type {shown}")

    def _checks(
        self, field: Field, made: Shape, column: str, path: Path
    ) -> Iterator[str]:
        quoted = name(column)
        if made.kind == "nothing":
            yield f"{quoted} IS NULL"
        if made.literals:
            try:
                values = ", ".join(self._literal(one) for one in made.literals)
                yield f"{quoted} IN ({values})"
            except ValueError as error:
                self._not_enforced(field, path, f"the values, because {error},")
        elif check := self.dialect.check_of_type(
            made.kind, quoted, may_be_null=_may_be_null(field, made)
        ):
            yield check
        for constraint in dict.fromkeys(made.constraints):
            written = self._constraint(constraint, made, quoted)
            if written is None:
                self._not_enforced(field, path, constraint_notation(constraint))
            else:
                yield written

    def _constraint(self, one: Constraint, made: Shape, column: str) -> str | None:
        if isinstance(one.value, str):
            return None
        if one.kind in _BOUNDS:
            return f"{column} {_BOUNDS[one.kind]} {number(one.value)}"
        functions = {
            "text": self.dialect.text_length,
            "bytes": self.dialect.bytes_length,
            "json": self.dialect.array_length if made.is_list else "",
        }
        function = functions.get(made.kind)
        if not function:
            return None
        return f"{function}({column}) {_LENGTHS[one.kind]} {number(one.value)}"

    def _literal(self, literal: Literal) -> str:
        value = literal.value
        if isinstance(value, str):
            return string(value)
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        return number(value)

    def _default(self, field: Field, made: Shape, path: Path) -> str:
        """The default; empty if there is none, or it is null as every default is."""
        if field.default is None or field.default.value is None:
            return ""
        try:
            if made.kind == "json":
                return self.dialect.json(field.default.value)
            value = decode(field.default.value)
            if isinstance(value, str):
                return string(value)
            if isinstance(value, bool):
                return "TRUE" if value else "FALSE"
            if isinstance(value, bytes):
                return self.dialect.binary(value)
            if isinstance(value, float):
                return self.dialect.floating(value)
            assert isinstance(value, int)
            return number(value)
        except ValueError as error:
            message = f"the default of `{field.name}` is left out: {error}"
            self.faults.append(Fault("W432", (*path, "default"), message, _ONLY_PYTHON))
            return ""


def _may_be_null(field: Field, made: Shape) -> bool:
    return made.nullable or field.optional
