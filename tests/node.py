"""A program of Node beside the tests: one question, one answer, a line of JSON each."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from codegen.ir.types import JsonValue

from .npm import NODE


class NodeProcess:
    """A script that answers until nothing more is asked."""

    def __init__(self, folder: Path, script: str) -> None:
        self._process = subprocess.Popen(
            [NODE, script],
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

    def answer(self, question: JsonValue) -> Any:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            code = self._process.wait()
            raise RuntimeError(f"Node ended with {code}; see what it printed")
        return json.loads(line)
