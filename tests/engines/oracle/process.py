"""The oracle as a process: one question, one answer, a line of JSON each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

from codegen.ir.types import JsonValue
from tests.node import NodeProcess

Json: TypeAlias = Any


class Oracle(NodeProcess):
    """npm's `convex-test`, in a process of its own."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "oracle.mjs")

    def open(self, schema: JsonValue) -> None:
        """Begins an empty database."""
        self.answer({"schema": schema})

    def transaction(self, steps: Sequence[JsonValue], *, fails: bool) -> list[Json]:
        """The answers of the steps, which are undone at the end if the transaction fails."""
        answers: list[Json] = self.answer(
            {"transaction": {"steps": list(steps), "fails": fails}}
        )
        return answers

    def compare(self, pairs: Sequence[tuple[JsonValue, JsonValue]]) -> list[int]:
        """-1, 0 or 1 for each pair of values, by `compareValues` of npm's `convex`."""
        signs: list[int] = self.answer({"compare": [list(pair) for pair in pairs]})
        return signs
