"""What npm's `mermaid` draws: the texts in the picture, and the lines between its boxes."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.npm import NODE

PROJECT = Path(__file__).parent / "mermaid"


@dataclass(frozen=True)
class Box:
    """A table; the lists are parallel, with an empty text where a field has none."""

    name: str
    types: list[str]
    fields: list[str]
    keys: list[str]
    comments: list[str]


@dataclass(frozen=True)
class Picture:
    """The boxes, the labels of lines, and each line as (table, count, count, holder)."""

    boxes: dict[str, Box]
    labels: list[str]
    lines: list[tuple[str, str, str, str]]


class RealMermaid:
    """Mermaid in a process of Node, with a document of jsdom to draw in."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [NODE, "diagrams.mjs"],
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

    def draw(self, text: str) -> Picture:
        """Draws a diagram; fails if Mermaid refuses it."""
        answer = self._answer(text)
        assert "error" not in answer, f"{answer['error']}\n{text}"
        boxes = [Box(**box) for box in answer["boxes"]]
        lines = [
            (line["of"], line["ofCount"], line["holderCount"], line["holder"])
            for line in answer["lines"]
        ]
        return Picture({box.name: box for box in boxes}, answer["labels"], lines)

    def error(self, text: str) -> str:
        """What Mermaid says against a diagram."""
        return str(self._answer(text).get("error", ""))

    def _answer(self, text: str) -> dict[str, Any]:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(text) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer
