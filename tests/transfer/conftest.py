"""Databases on a server, and a package of the schema that a module of tests has as its `SCHEMA`."""

from __future__ import annotations

from tests.engines.conftest import models, new_schema, postgres_url, server

__all__ = ["models", "new_schema", "postgres_url", "server"]
