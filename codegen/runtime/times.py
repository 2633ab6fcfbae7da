"""Times that callers give."""

from __future__ import annotations


def check_time(name: str, given: float) -> None:
    """Checks an argument that says how long to wait at most, in ms.

    Raises:
        TypeError: It is no number.
        ValueError: It is no time: less than nothing, or without an end.
    """
    try:
        is_time = 0 <= given < float("inf")
    except TypeError:
        raise TypeError(f"{name} is a number of ms, not {given!r}") from None
    if not is_time:
        raise ValueError(f"{name} is a time in ms, not {given!r}")
