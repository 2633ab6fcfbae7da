"""Types that are large, deep, or circles are refused in time, without a crash."""

from __future__ import annotations

import pytest

from codegen.ir.checks import check
from codegen.ir.model import Index, VectorIndex
from codegen.ir.types import (
    ANY,
    STRING,
    Array,
    Field,
    Named,
    Object,
    Record,
    Type,
    Union,
)
from tests.ir.checks.small_schemas import DOCUMENT, chain, deep, having, of


def test_circles_of_many_types_end() -> None:
    types: dict[str, Type] = {
        f"T{i}": Object(tuple(Field(f"f{k}", Named(f"T{k}")) for k in range(8)))
        for i in range(8)
    }
    faults = check(of(having(Named("T0")), types))
    assert {fault.code for fault in faults} == {"E212"}


def test_very_deep_types_are_refused_without_a_crash() -> None:
    codes = [fault.code for fault in check(of(deep(5_000)))]
    assert codes == ["E213", "E217"]


def test_named_types_that_multiply_give_a_hint_in_time() -> None:
    types: dict[str, Type] = {
        f"T{i}": Object(
            (Field("a", Named(f"T{i + 1}")), Field("b", Named(f"T{i + 1}")))
        )
        for i in range(30)
    }
    types["T30"] = having()
    schema = of(Named("T0"), types, indexes=(Index("by_c", ("c",)),))
    assert [fault.code for fault in check(schema)] == ["E222", "E312"]


def test_a_long_chain_of_types_is_refused_without_recursion() -> None:
    (fault,) = check(of(having(Named("T0")), chain(5_000)))
    assert (fault.code, fault.path) == ("E217", DOCUMENT)


def test_a_chain_that_nothing_uses_is_refused_too() -> None:
    (fault,) = check(of(having(), chain(5_000)))
    assert (fault.code, fault.path) == ("E217", ("types", "T0", "type"))


@pytest.mark.parametrize("bottom", [STRING, having(), Array(STRING)])
def test_unions_of_names_that_multiply_are_checked_in_time(bottom: Type) -> None:
    types: dict[str, Type] = {
        f"T{i}": Union((Named(f"T{i - 1}"), Named(f"T{i - 1}"))) for i in range(1, 41)
    }
    types["T0"] = bottom
    document = Object((Field("a", Named("T40")), Field("k", Record(STRING, ANY))))
    vector = VectorIndex("by_v", "a.x", 8)
    indexes = (Index("by_a", ("a.b.c",)),)
    schema = of(document, types, indexes=indexes, vector_indexes=(vector,))
    codes = {fault.code for fault in check(schema)}
    assert codes == {"E222", "E312"} | (codes & {"E217", "E319"})


def test_a_key_of_a_union_that_multiplies_is_checked_in_time() -> None:
    types: dict[str, Type] = {
        f"T{i}": Union((Named(f"T{i - 1}"), Named(f"T{i - 1}"))) for i in range(1, 41)
    }
    schema = of(having(Record(Named("T40"), ANY)), {**types, "T0": STRING})
    assert [fault.code for fault in check(schema)] == ["E222"]


def test_an_index_under_very_deep_types_ends() -> None:
    schema = of(Object((Field("a", deep(5_000)),)), indexes=(Index("by_b", ("b",)),))
    assert [fault.code for fault in check(schema)] == ["E217", "E312"]
