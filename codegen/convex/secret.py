"""A text that nobody may read by accident."""

from __future__ import annotations


class Secret:
    """A key or a token; only `reveal` shows it, no repr, no log and no traceback."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(…)"
