"""Rules for vector indexes."""

from __future__ import annotations

from codegen.ir.model import VectorIndex
from codegen.ir.types import ANY, NULL, NUMBER, STRING, Array, Union
from tests.ir.checks.small_schemas import Rule, having, of, with_vector

RULES: list[Rule] = [
    (
        "E317",
        ("tables", "t", "vectorIndexes", 0, "dimensions"),
        with_vector(1),
        with_vector(2),
    ),
    (
        "E317",
        ("tables", "t", "vectorIndexes", 0, "dimensions"),
        with_vector(4097),
        with_vector(4096),
    ),
    (
        "E318",
        ("tables", "t", "vectorIndexes", 1),
        of(
            having(Array(NUMBER)),
            vector_indexes=(VectorIndex("x", "a", 3), VectorIndex("y", "a", 3, ("a",))),
        ),
        of(
            having(Array(NUMBER)),
            vector_indexes=(VectorIndex("x", "a", 3), VectorIndex("y", "a", 4)),
        ),
    ),
    (
        "E319",
        ("tables", "t", "vectorIndexes", 0, "field"),
        with_vector(3, Array(STRING)),
        with_vector(3, Array(ANY)),
    ),
    (
        "E319",
        ("tables", "t", "vectorIndexes", 0, "field"),
        with_vector(3, STRING),
        with_vector(3, Union((NULL, Array(NUMBER)))),
    ),
    (
        "W301",
        ("tables", "t", "vectorIndexes", 0, "filters", 0),
        with_vector(3, Array(NUMBER), "z"),
        with_vector(3, Array(NUMBER), "a"),
    ),
]
