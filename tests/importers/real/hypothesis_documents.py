"""Documents that hypothesis-jsonschema draws from a schema."""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import hypothesis_jsonschema._from_schema as drawing
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.internal.conjecture import utils


@dataclass(frozen=True, slots=True)
class Effort:
    """How much hypothesis-jsonschema may do for one schema.

    To prepare one takes it longer the larger it is, up to minutes; that can't be interrupted.
    """

    largest: int
    """Characters of a schema."""
    seconds: float
    """For drawing."""


class _Enough(Exception):
    """The time is over."""


class _Many(utils.many):
    """Hypothesis's loop as hypothesis-jsonschema 0.23 writes it; Hypothesis 6.170 has it no more."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.__enter__()
        self._turns = iter(self)

    def more(self) -> bool:
        for _ in self._turns:
            return True
        self.__exit__(None)
        return False


class _Utils:
    many = _Many


if not hasattr(utils.many, "more"):
    vars(drawing)["cu"] = _Utils


def drawn_by_hypothesis(schema: Any, count: int, effort: Effort) -> list[Any]:
    """Up to so many documents; none of a schema that it can't read, or not in the time."""
    found: list[Any] = []
    if len(json.dumps(schema)) > effort.largest:
        return found
    end = time.perf_counter() + effort.seconds

    def collect(document: Any) -> None:
        found.append(document)
        if time.perf_counter() > end:
            raise _Enough

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _each(schema, count, collect)
    except Exception:  # it says in many ways that it can't
        return found
    return found


def _each(schema: Any, count: int, collect: Callable[[Any], None]) -> None:
    run = given(drawing.from_schema(schema))(collect)
    settings(
        max_examples=count,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )(run)()
