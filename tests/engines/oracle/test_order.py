"""Keys sort as the vendor's own `compareValues` does."""

from __future__ import annotations

from random import Random

import pytest

from codegen.engines.keys import key
from codegen.ir.types import JsonValue
from codegen.ir.values import Value, encode
from codegen.runtime import ABSENT
from codegen.runtime.presence import Absent
from tests.engines.oracle.process import Oracle
from tests.engines.oracle.values import UNDEFINED, any_value

PAIRS = 4000


def drawn(random: Random) -> Value | Absent:
    return ABSENT if random.random() < 0.03 else any_value(random)


def encoded(value: Value | Absent) -> JsonValue:
    return UNDEFINED if isinstance(value, Absent) else encode(value)


@pytest.mark.parametrize("seed", range(3))
def test_keys_sort_as_the_values_do(oracle: Oracle, seed: int) -> None:
    random = Random(seed)
    pairs = [(drawn(random), drawn(random)) for _ in range(PAIRS)]
    theirs = oracle.compare([(encoded(a), encoded(b)) for a, b in pairs])
    ours = [(key(a) > key(b)) - (key(a) < key(b)) for a, b in pairs]
    wrong = [
        (pair, our, their)
        for pair, our, their in zip(pairs, ours, theirs, strict=True)
        if our != their
    ]
    assert wrong == []
    assert {-1, 0, 1} == set(theirs)
