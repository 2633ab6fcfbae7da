"""What a schema may not say: Convex's rules, with the server's meaning, and our own.

A check is a function from a schema and its nodes to faults. It reports every fault, each at
the path of the node that has to change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from codegen.diagnostics import Fault

from ..model import NamedType, Schema
from ..nodes import Nodes, collect
from ..types import ANY
from .constraints import check_constraints
from .defaults import check_defaults
from .documents import check_documents
from .functions import check_functions
from .indexes import check_indexes
from .limits import check_limits
from .names import check_names
from .references import broken_names, check_ids, check_named
from .renames import check_renames
from .search import check_search_indexes
from .types import check_types
from .vectors import check_vector_indexes

CHECKS: Final[tuple[Callable[[Schema, Nodes], Iterator[Fault]], ...]] = (
    check_names,
    check_renames,
    check_ids,
    check_types,
    check_documents,
    check_limits,
    check_constraints,
    check_defaults,
    check_indexes,
    check_search_indexes,
    check_vector_indexes,
    check_functions,
)


def check(schema: Schema) -> list[Fault]:
    """Every fault of the schema; none of severity error means that it can be generated."""
    nodes = collect(schema)
    faults = list(check_named(schema, nodes))
    if faults:
        # What such a name stands for is not known, so that nothing else is said about it.
        unknown = {name: NamedType(name, ANY) for name in broken_names(schema, nodes)}
        schema = replace(schema, types={**schema.types, **unknown})
    faults += (fault for run in CHECKS for fault in run(schema, nodes))
    return faults
