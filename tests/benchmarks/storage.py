"""The engine on SQLite: beside other libraries in the same run, and as a table grows."""

from __future__ import annotations

from collections.abc import Iterator

from .beside import Beside, beside_others
from .growing import growing
from .projects import Scale, Workshop
from .rows import Row
from .stores import BY_HAND, FILLING, OTHERS, OURS, PEEWEE, SQLMODEL
from .tickets import generate


def storage(scale: Scale, workshop: Workshop) -> Iterator[Row]:
    """What others take for each operation, and what ours takes in a larger table."""
    generate(workshop)
    compared = Beside(
        ours=OURS,
        others=OTHERS,
        filling=FILLING,
        place=lambda: str(workshop.empty() / "tickets.db"),
        budgets={BY_HAND: 0.5, SQLMODEL: 4.0, PEEWEE: 3.0},
        # SQLModel collects what is added in a transaction and inserts it at once.
        together={BY_HAND: 0.5, PEEWEE: 3.0},
    )
    yield from beside_others(scale, workshop, compared)
    yield from growing(scale, workshop)
