"""Documents as JSON Schema."""

from .file import dumps, export, warnings

__all__ = ["dumps", "export", "warnings"]
