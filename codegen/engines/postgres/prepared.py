"""A database that has been brought to the schema of a package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..tables import Tables
from .statements import Statements


class Prepared(NamedTuple):
    """What storages have to know of it.

    `schemas` is the table of the schemas that were applied, `record` the number of ours there.
    `locks` are statements that those who write begin with. Those who listen are notified on
    the `channel`.
    """

    statements: Mapping[str, Statements]
    tables: Tables
    schemas: str
    record: int
    locks: Sequence[str]
    channel: str
