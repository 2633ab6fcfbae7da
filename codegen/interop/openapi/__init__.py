"""Documents and functions as OpenAPI."""

from .document import dumps, export, warnings

__all__ = ["dumps", "export", "warnings"]
