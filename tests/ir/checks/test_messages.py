"""What a fault says, and that each is told once."""

from __future__ import annotations

import pytest

from codegen.ir.checks import check
from codegen.ir.model import Index, Table
from codegen.ir.types import ANY, BOOLEAN, STRING, Field, Id, Named, Object, Union
from tests.ir.checks.small_schemas import INDEX, abc, having, of, with_index


def test_all_faults_are_told_not_only_the_first() -> None:
    document = Object((Field("a b", Id("u")), Field("c", Named("T"))))
    indexes = (Index("by-x", ("z",)),)
    codes = [fault.code for fault in check(of(document, indexes=indexes))]
    assert sorted(codes) == ["E203", "E210", "E211", "E301", "E312"]


def test_the_other_place_is_named() -> None:
    schema = of(abc(), indexes=(Index("x", ("a",)), Index("x", ("b",))))
    (fault,) = check(schema)
    assert fault.related == ((INDEX, "first defined here"),)


def test_a_misspelt_name_gets_a_suggestion() -> None:
    schema = of(Object((Field("author", Id("user")),)), more=[Table("users", ANY)])
    assert check(schema)[0].hint == "did you mean `users`?"
    schema = with_index(
        "metadata.worflowId",
        document=Object((Field("metadata", Object((Field("workflowId", STRING),))),)),
    )
    assert check(schema)[0].hint == "did you mean `metadata.workflowId`?"


@pytest.mark.parametrize(
    ("name", "shown", "hint"),
    [
        ("é", '"é"', "for keys that are data, use a record: dict[str, ...]"),
        ("a ", '"a "', "a field that may be absent is written `a?`"),
        ("b?", '"b?"', "a field that may be absent is written `b?`"),
        ("", '""', "a field needs a name; one that may be absent is written `name?`"),
        ("\u202e", '"\\u202e"', "for keys that are data, use a record: dict[str, ...]"),
    ],
)
def test_a_wrong_field_name_is_shown_as_it_is(name: str, shown: str, hint: str) -> None:
    (fault,) = check(of(Object((Field(name, STRING),))))
    assert fault.message.startswith(f"field name {shown} ")
    assert fault.hint == hint


def test_no_index_is_the_same_as_one_that_is_refused() -> None:
    indexes = (Index("by_id", ("a",)), Index("by_a", ("a",)))
    schema = of(having(), indexes=indexes)
    assert [fault.code for fault in check(schema)] == ["E302"]


def test_equal_arms_are_fine() -> None:
    assert check(of(having(Union((STRING, STRING, BOOLEAN))))) == []
