"""Tables as the DDL of a relational database."""

from .ddl import dumps

__all__ = ["dumps"]
