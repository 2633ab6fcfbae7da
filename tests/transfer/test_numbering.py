"""The numbers that tables get when documents come with their own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.transfer.faults import TransferError
from codegen.transfer.numbering import new_numbers

names = st.sampled_from("abcdef")
small = st.integers(1, 9)


@given(
    st.lists(small, unique=True, max_size=6).map(
        lambda n: dict(zip("abcdef", n, strict=False))
    ),
    st.dictionaries(names, st.integers(0, 9)),
    st.sets(names),
)
def test_any_tables(
    numbers: dict[str, int], wanted: dict[str, int], empty: set[str]
) -> None:
    wanted = {name: wanted[name] for name in wanted if name in numbers}
    try:
        found = new_numbers(numbers, wanted, empty)
    except TransferError:
        # With none of the tables in the way, only two with one number are refused.
        asked = [n or numbers[name] for name, n in wanted.items()]
        assert not empty >= set(numbers) or len(set(asked)) < len(asked)
        return
    assert set(found) == set(numbers)
    assert len(set(found.values())) == len(found)
    for name, number in found.items():
        assert number == (wanted.get(name) or number)
        assert name in empty or number == numbers[name]


@pytest.mark.parametrize(
    ("wanted", "empty", "reason"),
    [
        ({"a": 9}, "b", "table `a` has documents, whose ids begin with number 1"),
        ({"a": 2}, "a", "that of table `b`, and it has documents"),
        ({"a": 9, "b": 9}, "ab", "tables `a` and `b` begin with one number, 9"),
        ({"a": 1 << 31}, "ab", "2147483648 is too large"),
    ],
)
def test_what_can_not_be(wanted: dict[str, int], empty: str, reason: str) -> None:
    with pytest.raises(TransferError, match=reason):
        new_numbers({"a": 1, "b": 2}, wanted, set(empty))
