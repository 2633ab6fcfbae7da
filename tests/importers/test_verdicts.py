"""An imported schema takes and refuses what its source does, unless it reports a loss."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from codegen.ir.checks import check

from .verdicts import JSON, SCHEMAS, import_takes, imported, source_takes, wrapped

EXACT = {"W811", "W813"}
"""What is said of a schema that is carried over as it is; the keys here are such as can be stored."""


@settings(
    max_examples=400,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(SCHEMAS, SCHEMAS, SCHEMAS, st.lists(JSON, min_size=1, max_size=12))
def test_without_losses_the_verdicts_are_the_same(
    field: Any, a: Any, b: Any, values: list[Any]
) -> None:
    schema, lost = imported(field, {"A": a, "B": b})
    assume({*lost} <= EXACT)
    document = wrapped(field, {"A": a, "B": b})
    node = schema.tables["tests"].document
    assert check(schema) == []
    for value in [{"value": value} for value in values] + [{}]:
        try:
            expected = source_takes(document, value)
        except RecursionError:
            assume(False)  # a schema that refers to itself before it says anything
        assert import_takes(schema, node, value) == expected, (value, node)
