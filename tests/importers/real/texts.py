"""Texts in which a regular expression occurs."""

from __future__ import annotations

from functools import cache

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

_PER_PATTERN = 12
_PRINTABLE = st.characters(min_codepoint=32, max_codepoint=126)


@cache
def texts(pattern: str) -> tuple[str, ...]:
    """A few of them, the same in every run; none if Python does not read the expression."""
    found: list[str] = []

    @settings(
        max_examples=_PER_PATTERN,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.from_regex(pattern, alphabet=_PRINTABLE))
    def collect(text: str) -> None:
        found.append(text)

    try:
        collect()
    except Exception:  # the expression is nobody's fault here: it is judged elsewhere
        return tuple(found)
    return tuple(found)
