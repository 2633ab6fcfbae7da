"""Engines: what runs the operations that generated code builds."""

from importlib import import_module
from typing import TYPE_CHECKING

from .server import Server

if TYPE_CHECKING:
    from .asynchronous.database import AsyncDatabase
    from .asynchronous.deployment import AsyncDeployment
    from .database import Database
    from .deployment import Deployment

__all__ = ["AsyncDatabase", "AsyncDeployment", "Database", "Deployment", "Server"]

_MODULES = {
    "AsyncDatabase": ".asynchronous.database",
    "AsyncDeployment": ".asynchronous.deployment",
    "Database": ".database",
    "Deployment": ".deployment",
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Imports an engine when it is first asked for: a package alone does not need it."""
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_MODULES[name], __name__), name)
