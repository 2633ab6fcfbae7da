"""Annotations that are made of others."""

from __future__ import annotations

from codegen.python.annotations import either, marked, optional
from codegen.python.code import Sub, identifier

TEXT = identifier("str")
TEXTS = Sub(identifier("list"), (TEXT,))
MARK = identifier("Absent")


def test_none_is_there_once_and_last() -> None:
    some = either([optional(TEXT), TEXTS])
    assert some == "str | None | list[str]"
    assert optional(some) == "str | list[str] | None"
    assert optional(optional(some)) == "str | list[str] | None"
    assert marked(optional(some), MARK) == "str | list[str] | Absent | None"
