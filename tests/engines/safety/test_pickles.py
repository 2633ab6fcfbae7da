"""Errors go from one process to another, as those of a process pool's workers do."""

from __future__ import annotations

import pickle

import pytest

from codegen.runtime import (
    Conflict,
    DatabaseError,
    InvalidId,
    LimitExceeded,
    NotFound,
    NotUnique,
    SchemaMismatch,
    UniqueViolation,
    ValidationFailed,
)


@pytest.mark.parametrize(
    "error",
    [
        Conflict("busy"),
        NotFound("users", "1"),
        NotUnique("users", "by_name", ["1", "2"]),
        InvalidId("users", "1", "its checksum is wrong"),
        ValidationFailed("users", ".a[0]", "it is odd"),
        LimitExceeded("users", "", "it is long"),
        UniqueViolation("users", "by_name", "1"),
        SchemaMismatch("users", "it is odd", ["1", "2"], 5),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_arrives_as_it_was(error: DatabaseError) -> None:
    arrived = pickle.loads(pickle.dumps(error))
    assert type(arrived) is type(error)
    assert str(arrived) == str(error)
    assert vars(arrived) == vars(error)
