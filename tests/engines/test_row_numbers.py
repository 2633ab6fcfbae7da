"""The numbers of rows say of bounds what the keys of creation times say."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from codegen.engines.keys import AFTER, float_key, key
from codegen.engines.sqlite.row_numbers import first_from, key_of, number_of

times = st.floats(min_value=0, allow_infinity=False) | st.floats(1.7e12, 1.8e12)
values = (
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | times
)
bounds = (
    st.builds(
        lambda value, end: key(value) + end, values, st.sampled_from([b"", AFTER])
    )
    | st.builds(lambda time, size: float_key(time)[:size], times, st.integers(0, 9))
    | st.builds(lambda time, end: float_key(time) + end, times, st.binary(max_size=2))
    | st.sampled_from([b"", AFTER])
)


@given(times, bounds)
def test_a_row_is_after_a_bound_where_its_key_is(time: float, bound: bytes) -> None:
    time = abs(time)  # a creation time is never -0.0
    row = number_of(time)
    assert 0 <= row < 2**63
    assert key_of(row) == float_key(time)
    assert (row >= first_from(bound)) == (float_key(time) >= bound)
