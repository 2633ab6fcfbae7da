"""Tables as a diagram of Mermaid."""

from .diagram import dumps, warnings

__all__ = ["dumps", "warnings"]
