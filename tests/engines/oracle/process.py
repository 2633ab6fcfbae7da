"""The oracle as a process: one question, one answer, a line of JSON each."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeAlias

from codegen.ir.types import JsonValue
from tests.npm import NODE

Json: TypeAlias = Any


class Oracle:
    """npm's `convex-test`, in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [NODE, "oracle.mjs"],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def open(self, schema: JsonValue) -> None:
        """Begins an empty database."""
        self._ask({"schema": schema})

    def transaction(self, steps: Sequence[JsonValue], *, fails: bool) -> list[Json]:
        """The answers of the steps, which are undone at the end if the transaction fails."""
        answers: list[Json] = self._ask(
            {"transaction": {"steps": list(steps), "fails": fails}}
        )
        return answers

    def compare(self, pairs: Sequence[tuple[JsonValue, JsonValue]]) -> list[int]:
        """-1, 0 or 1 for each pair of values, by `compareValues` of npm's `convex`."""
        signs: list[int] = self._ask({"compare": [list(pair) for pair in pairs]})
        return signs

    def _ask(self, question: JsonValue) -> Json:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            code = self._process.wait()
            raise RuntimeError(f"the oracle ended with {code}; see what Node printed")
        return json.loads(line)
