"""The engine on PostgreSQL, beside others on the same server.

The server is that of the tests, on a Unix socket. It does not wait for the disk, nor do others.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

from tests.postgres import new_database, postgres_server

from .beside import Beside, beside_others
from .projects import Scale, Workshop
from .rows import Row
from .stores import BY_HAND_ON_SERVER, OURS, SQLMODEL, SQLMODEL_ROWS
from .tickets import generate


def postgres(scale: Scale, workshop: Workshop) -> Iterator[Row]:
    """What others on the same server take for each operation."""
    generate(workshop)
    with ExitStack() as stack:
        server = stack.enter_context(postgres_server())
        compared = Beside(
            ours=OURS,
            others=(BY_HAND_ON_SERVER, SQLMODEL),
            filling=(BY_HAND_ON_SERVER, SQLMODEL, SQLMODEL_ROWS),
            place=lambda: stack.enter_context(new_database(server)),
            budgets={BY_HAND_ON_SERVER: 0.6, SQLMODEL: 2.0},
            together={BY_HAND_ON_SERVER: 0.6},
        )
        for row in beside_others(scale, workshop, compared):
            on_server = f"PostgreSQL: {row.what}"
            yield Row(on_server, row.ratio, row.seen, row.at_least, row.at_most)
