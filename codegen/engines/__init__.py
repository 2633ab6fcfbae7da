"""Engines: what runs the operations that generated code builds."""

from typing import TYPE_CHECKING

from .server import Server

if TYPE_CHECKING:
    from .database import Database

__all__ = ["Database", "Server"]

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Imports the engine when it is first asked for: a package alone does not need it."""
        if name == "Database":
            from .database import Database

            return Database
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
