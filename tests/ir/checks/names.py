"""Rules for the names of tables, fields and types, and for earlier names."""

from __future__ import annotations

from codegen.ir.model import Table
from codegen.ir.types import ANY, NUMBER, STRING, Array, Field, Named, Object, Union
from tests.ir.checks.small_schemas import DOCUMENT, FIELD_A, Rule, called, having, of

RULES: list[Rule] = [
    ("E201", ("tables", "1t"), called("1t"), called("t1")),
    ("E201", ("tables", "t-1"), called("t-1"), called("t_1")),
    ("E201", ("tables", "___"), called("___"), called("t___")),
    ("E201", ("tables", "t" * 65), called("t" * 65), called("t" * 64)),
    ("E201", ("tables", ""), called(""), called("class")),
    ("E201", ("tables", "té"), called("té"), called("T")),
    ("E201", ("tables", "t\n"), called("t\n"), called("t")),
    ("E202", ("tables", "_t"), called("_t"), called("t_")),
    (
        "E203",
        (*DOCUMENT, "field", "two words"),
        of(Object((Field("two words", STRING),))),
        of(Object((Field("two_words", STRING),))),
    ),
    (
        "E203",
        (*FIELD_A, "element", "field", "$x"),
        of(having(Array(Object((Field("$x", STRING),))))),
        of(having(Array(Object((Field("_x", STRING),))))),
    ),
    (
        "E204",
        (*DOCUMENT, "field", "_id"),
        of(Object((Field("_id", STRING),))),
        of(Object((Field("id", STRING),))),
    ),
    (
        "E204",
        (*DOCUMENT, "arm", 1, "field", "_x"),
        of(Union((having(), Object((Field("_x", ANY),))))),
        of(Union((having(), Object((Field("x", ANY),))))),
    ),
    (
        "E204",
        ("types", "T", "type", "field", "_x"),
        of(Named("T"), {"T": Object((Field("_x", ANY),))}),
        of(having(Named("T")), {"T": Object((Field("_x", ANY),))}),
    ),
    (
        "E205",
        FIELD_A,
        of(Object((Field("a", STRING), Field("a", NUMBER)))),
        of(Object((Field("a", STRING), Field("A", NUMBER)))),
    ),
    ("E207", ("types", "a b"), of(ANY, {"a b": ANY}), of(ANY, {"a_b": ANY})),
    ("E207", ("types", "class"), of(ANY, {"class": ANY}), of(ANY, {"Class": ANY})),
    ("E208", ("tables", "t", "model"), of(ANY, model="if"), of(ANY, model="If")),
    ("E208", DOCUMENT, of(Object((), "a-b")), of(Object((), "ab"))),
    (
        "E209",
        ("tables", "t", "renamedFrom"),
        of(ANY, renamed_from="u", more=[Table("u", ANY)]),
        of(ANY, renamed_from="w", more=[Table("u", ANY)]),
    ),
    (
        "E209",
        ("tables", "u", "renamedFrom"),
        of(ANY, renamed_from="w", more=[Table("u", ANY, renamed_from="w")]),
        of(ANY, renamed_from="w", more=[Table("u", ANY, renamed_from="v")]),
    ),
    (
        "E209",
        (*FIELD_A, "renamedFrom"),
        of(Object((Field("a", ANY, renamed_from="b"), Field("b", ANY)))),
        of(Object((Field("a", ANY, renamed_from="c"), Field("b", ANY)))),
    ),
]
