"""What npm's `mermaid` draws: the texts in the picture, and the lines between its boxes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.node import NodeProcess

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


class RealMermaid(NodeProcess):
    """Mermaid in a process of Node, with a document of jsdom to draw in."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "diagrams.mjs")

    def draw(self, text: str) -> Picture:
        """Draws a diagram; fails if Mermaid refuses it."""
        answer = self.answer(text)
        assert "error" not in answer, f"{answer['error']}\n{text}"
        boxes = [Box(**box) for box in answer["boxes"]]
        lines = [
            (line["of"], line["ofCount"], line["holderCount"], line["holder"])
            for line in answer["lines"]
        ]
        return Picture({box.name: box for box in boxes}, answer["labels"], lines)

    def error(self, text: str) -> str:
        """What Mermaid says against a diagram."""
        return str(self.answer(text).get("error", ""))
