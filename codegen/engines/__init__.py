"""Engines: what runs the operations that generated code builds."""

from .server import Server

__all__ = ["Server"]
