"""What makes a module a generated package: its server."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from codegen.engines.server import Server


def server_of(package: ModuleType) -> Server:
    """The server of a generated package; a TypeError for another module."""
    name = package.__package__
    server = None
    if name and find_spec(f"{name}.server"):
        server = getattr(import_module(f"{name}.server"), "server", None)
    if not isinstance(server, Server):
        raise TypeError(
            f"`{package.__name__}` is not a package that `codegen generate` made"
        )
    return server
