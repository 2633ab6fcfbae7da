"""Values as Python code gives them: exact types, bounds, and clear refusals."""

from __future__ import annotations

import datetime
import math
import pickle

import pytest
from pydantic import ValidationError

from codegen.runtime import AnyValue, BigInt, Int64, Object
from tests.runtime.models import (
    Constrained,
    EventId,
    Literals,
    Nested,
    Presence,
    Scalars,
    Unions,
    User,
    UserId,
)


class Anything(Object):
    value: AnyValue


LITERALS = {
    "word": "a",
    "yes": True,
    "mixed": "a",
    "number": 1.0,
    "big": 1,
    "both": 1,
}
UNIONS = {
    "big_or_number": 1,
    "number_or_big": 1,
    "number_or_text": 1,
    "number_or_null": 1,
    "blob_or_text": b"a",
    "lists": [1, 2],
    "number_or_record": 1,
    "ids": "e",
}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("word", "c"),
        ("yes", 1),
        ("yes", 1.0),
        ("yes", False),
        ("mixed", 0),
        ("mixed", True),
        ("number", -0.0),
        ("number", True),
        ("number", 0.5),
        ("number", math.nan),
        ("big", True),
        ("big", 1.0),
        ("big", 3),
        ("both", True),
        ("both", 2),
    ],
)
def test_literals_are_exact(field: str, value: object) -> None:
    Literals.model_validate(LITERALS)
    with pytest.raises(ValidationError):
        Literals.model_validate({**LITERALS, field: value})


def test_a_union_of_numbers_goes_by_the_python_type() -> None:
    ints = Unions.model_validate(UNIONS)
    assert (type(ints.big_or_number), type(ints.number_or_big)) == (int, int)
    assert type(ints.number_or_text) is float
    assert ints.lists == [1.0, 2.0] and type(ints.lists[0]) is float
    floats = Unions.model_validate(
        {**UNIONS, "big_or_number": 1.0, "number_or_big": 1.0}
    )
    assert (type(floats.big_or_number), type(floats.number_or_big)) == (float, float)
    assert floats.to_wire()["bigOrNumber"] == 1.0


def test_a_union_of_literals_goes_by_the_python_type() -> None:
    assert type(Literals.model_validate({**LITERALS, "both": 1}).both) is int
    assert type(Literals.model_validate({**LITERALS, "both": 1.0}).both) is float


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, 1.0, True, "1", None])
def test_big_ints_are_ints_of_64_bits(value: object) -> None:
    wire = {"text": "t", "number": 1, "flag": True, "nothing": None, "free": None}
    fields = {**wire, "stamp": 2**63 - 1, "blob": b"", "user": "u"}
    assert Scalars.model_validate({**fields, "big": -(2**63)}).big == -(2**63)
    with pytest.raises(ValidationError):
        Scalars.model_validate({**fields, "big": value})


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({1}, "set is not a Convex value"),
        ({"a": [0, {1}]}, "set is not a Convex value (at .a[1])"),
        ({"a b": datetime.date(2020, 1, 1)}, "date is not a Convex value (at ['a b'])"),
        (2**53 + 1, "use Int64"),
        ({1: 2}, "1 is not a key"),
        ({"$a": 2}, "'$a' is not a key"),
        ({"a": {"é": 2}}, "'é' is not a key"),
        (Presence(nullable=None), "Presence is not a Convex value"),
    ],
)
def test_any_value_says_what_is_wrong_and_where(value: object, message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Anything(value=value)
    assert message in str(refused.value)


def test_any_value_refuses_what_never_ends() -> None:
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(ValidationError, match="64 levels"):
        Anything(value=endless)


def test_any_value_takes_a_copy() -> None:
    items = [1, (2, UserId("u"))]
    read = Anything(value=items)
    items.append(3)
    assert read.value == [1.0, [2.0, "u"]]
    assert read.to_wire() == {"value": [1.0, [2.0, "u"]]}


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1])
def test_int64_is_of_64_bits(value: int) -> None:
    with pytest.raises(ValueError, match="64 bits"):
        Int64(value)


@pytest.mark.parametrize("value", [True, 1.0, "1"])
def test_int64_is_made_of_an_int(value: object) -> None:
    with pytest.raises(TypeError):
        Int64(value)


def test_int64_is_an_int() -> None:
    five = Int64(5)
    assert five == 5 and five + 1 == 6 and hash(five) == hash(5)
    assert (repr(five), str(five), f"{five}") == ("Int64(5)", "5", "5")
    assert type(pickle.loads(pickle.dumps(five))) is Int64


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("share", 1, 1.1),
        ("share", 0.0, math.nan),
        ("share", -0.0, -math.inf),
        ("name", "xa"[1:], "ab"),
        ("name", "ac\n", ""),
        ("count", 2**62, -1),
        ("blob", b"ab", b"abc"),
        ("items", [0], []),
    ],
)
def test_constraints(field: str, good: object, bad: object) -> None:
    held = Constrained.model_validate({field: good})
    assert Constrained.from_wire(held.to_wire()) == held
    with pytest.raises(ValidationError):
        Constrained.model_validate({field: bad})
    refused = Constrained.model_construct(**{field: bad}).to_wire()
    with pytest.raises(ValidationError) as error:
        Constrained.from_wire(refused)
    assert error.value.error_count() == 1


def test_a_pattern_is_a_python_expression_that_is_searched() -> None:
    assert Constrained(name="a").name == "a"
    with pytest.raises(ValidationError, match="should match pattern"):
        Constrained(name="ba")


class TestIds:
    def test_an_id_is_a_string_that_shows_its_table(self) -> None:
        user = UserId("j57")
        assert user == "j57" and hash(user) == hash("j57") and f"{user}" == "j57"
        assert repr(user) == "UserId('j57')"
        assert UserId.__table__ == "users"

    def test_pickling_keeps_the_type(self) -> None:
        copy = pickle.loads(pickle.dumps(UserId("a")))
        assert type(copy) is UserId and copy == "a"

    def test_a_plain_string_becomes_an_id(self) -> None:
        user = User.model_validate({"id": "u", "creation_time": 1, "name": "n"})
        assert type(user.id) is UserId

    def test_the_id_of_another_table_is_refused(self) -> None:
        with pytest.raises(ValidationError, match="an id of table `users`"):
            User.model_validate({"id": EventId("e"), "creation_time": 1, "name": "n"})

    def test_a_union_takes_an_id_by_its_class_and_a_string_as_the_first(self) -> None:
        by_class = Unions.model_validate({**UNIONS, "ids": UserId("u")})
        assert type(by_class.ids) is UserId
        assert type(Unions.model_validate({**UNIONS, "ids": "u"}).ids) is EventId

    def test_keys_of_records_are_ids(self) -> None:
        fields = {"items": [], "by_name": {}, "loose": None}
        circle = {"shape_kind": "circle", "radius": 1}
        nested = {**fields, "shape": circle}
        assert Nested.model_validate({**nested, "by_user": {UserId("u"): 1}})
        for key in (EventId("e"), "$a", "é"):
            with pytest.raises(ValidationError):
                Nested.model_validate({**nested, "by_user": {key: 1}})

    def test_the_json_schema_is_a_string(self) -> None:
        properties = User.model_json_schema(by_alias=False)["properties"]
        assert properties["id"]["type"] == "string"
        assert properties["creation_time"]["type"] == "number"


def test_record_keys_cannot_pass_for_a_form_of_the_wire() -> None:
    nested = {"items": [], "by_user": {}, "loose": None}
    circle = {"shape_kind": "circle", "radius": 1}
    with pytest.raises(ValidationError):
        Nested.model_validate(
            {**nested, "shape": circle, "by_name": {"$float": {"nullable": None}}}
        )


@pytest.mark.parametrize(
    "model", [Scalars, Literals, Constrained, Nested, Unions, User]
)
def test_every_model_has_a_json_schema(model: type[Object]) -> None:
    assert model.model_json_schema()["type"] == "object"


def test_building_a_model_again_changes_nothing() -> None:
    Nested.model_rebuild(force=True)
    before = repr(Nested.__pydantic_core_schema__)
    Nested.model_rebuild(force=True)
    assert repr(Nested.__pydantic_core_schema__) == before


class _Either(Object):
    one: float | BigInt
    other: BigInt | float


@pytest.mark.parametrize("value", [5, Int64(5), 5.0])
def test_an_int64_among_floats_stays_one(value: float) -> None:
    either = _Either(one=value, other=value)
    for found in (either.one, either.other):
        assert (type(found) is float) == (type(value) is float)


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ([-0.01, -0.0625], '{"value":[-0.01,-0.0625]}'),
        ([-0.01, -0.0], '{"value":[-0.01,{"$float":"AAAAAAAAAIA="}]}'),
        ([-0.0, -0.01], '{"value":[{"$float":"AAAAAAAAAIA="},-0.01]}'),
    ],
)
def test_only_the_negative_zero_has_a_form_of_its_own(
    numbers: list[float], text: str
) -> None:
    assert Anything(value=numbers).to_wire_json() == text.encode()
    assert repr(Anything.from_wire_json(text).value) == repr(numbers)
