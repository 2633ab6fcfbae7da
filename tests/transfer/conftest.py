"""Databases on a server, and a package of the schema that a module of tests has as its `SCHEMA`.

And where the mock of deployments is.
"""

from __future__ import annotations

from tests.deployments.conftest import node_folder
from tests.engines.conftest import models, new_schema, postgres_url, server

__all__ = ["models", "new_schema", "node_folder", "postgres_url", "server"]
