"""Each rule: the least schema that breaks it, found at its exact place, and a good neighbour."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from codegen.codes import TITLES
from codegen.diagnostics import Path
from codegen.ir.checks import check
from codegen.ir.model import Schema
from tests.ir.checks import (
    functions,
    indexes,
    limits,
    names,
    references,
    search,
    types,
    values,
    vectors,
)
from tests.ir.strategies import schemas

ALL = [
    *names.RULES,
    *references.RULES,
    *types.RULES,
    *limits.RULES,
    *values.RULES,
    *indexes.RULES,
    *search.RULES,
    *vectors.RULES,
    *functions.RULES,
]
IDS = [f"{code}-{i}" for i, (code, *_) in enumerate(ALL)]


@pytest.mark.parametrize(("code", "path", "schema", "neighbour"), ALL, ids=IDS)
def test_the_rule(code: str, path: Path, schema: Schema, neighbour: Schema) -> None:
    faults = check(schema)
    assert [(fault.code, fault.path) for fault in faults] == [(code, path)]
    assert faults[0].message
    assert check(neighbour) == []


def test_every_code_of_this_kind_has_a_case() -> None:
    codes = {code for code in TITLES if code[:2] in ("E2", "E3")}
    codes.remove("E230")  # of the names that Python gives
    codes.remove("E244")  # only where it is asked for
    assert codes <= {code for code, *_ in ALL}


@settings(max_examples=40, deadline=None)
@given(schemas())
def test_a_valid_schema_has_no_fault(schema: Schema) -> None:
    assert check(schema) == []
