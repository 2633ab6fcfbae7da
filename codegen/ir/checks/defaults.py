"""Defaults: values of their field's type."""

from __future__ import annotations

import re
from collections.abc import Iterator

from codegen.diagnostics import Fault

from ..fitting import misfit
from ..model import Schema
from ..nodes import Nodes, path_of


def check_defaults(schema: Schema, nodes: Nodes) -> Iterator[Fault]:
    """Every default fits the type of its field, constraints included."""
    for at, field in nodes.marked_fields:
        if field.default is not None:
            try:
                reason = misfit(field.default.value, field.type, schema)
            except (re.error, OverflowError):
                continue  # a broken pattern, which is a fault of its own
            if reason:
                path = path_of(at, "default")
                yield Fault("E218", path, f"the default does not fit: {reason}")
