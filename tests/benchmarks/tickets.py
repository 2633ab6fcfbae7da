"""The documents that all stores hold, and the package that is generated for them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from random import Random
from typing import Any, Final

from .processes import Contender, codegen, take_turns
from .projects import Workshop, always

Values = dict[str, Any]
"""The fields of a ticket in Python, by their names; an optional field may be missing."""

# No int64: JSON has none, so that a program of one's own would store something else. Names are
# the same in Python and on the wire, so that no store has to translate them.
_SCHEMA: Final = """\
tables:
  people:
    fields:
      name: str
  tickets:
    fields:
      title: str
      body?: str
      status: Literal["draft", "open", "held", "closed"]
      priority: float
      votes: float
      done: bool
      owner: Id[people]
      team: str
      tags: list[str]
      labels: dict[str, str]
      settings: {theme: str, wide: bool, size?: float}
      reviewed: float | None
    indexes:
      by_status: [status]
      by_owner: [owner, priority]
  notes:
    fields:
      title: str
      owner: str
      priority: float
    indexes:
      by_owner: [owner, priority]
"""
PACKAGE: Final = "stored_package"
STATUSES: Final = ("draft", "open", "held", "closed")
OWNED: Final = 100
"""How many tickets there are for each owner."""


def generate(workshop: Workshop) -> None:
    """Makes the package and imports it, so that its modules can be."""
    project = workshop.empty()
    (project / "schema.yaml").write_text(_SCHEMA, encoding="utf-8")
    argv = codegen("generate", "--schema", "schema.yaml", "--output", PACKAGE)
    take_turns(Contender(argv, always(project), 1))
    sys.path.insert(0, str(project))
    try:
        import_module(PACKAGE)
    finally:
        sys.path.remove(str(project))


def tickets(count: int, owners: Sequence[str]) -> list[Values]:
    """So many tickets, the same at each call."""
    random = Random(count)
    return [_ticket(number, owners, random) for number in range(count)]


def _ticket(number: int, owners: Sequence[str], random: Random) -> Values:
    text = "Some text of a line or two, as people write when a thing does not work."
    return {
        "title": f"Ticket {number} of many",
        **({} if number % 3 else {"body": text}),
        "status": random.choice(STATUSES),
        "priority": random.random(),
        "votes": float(random.randrange(50)),
        "done": random.random() < 0.5,
        "owner": random.choice(owners),
        "team": random.choice(("north", "south", "süd")),
        "tags": random.sample(("first", "second", "third", "last"), 2),
        "labels": {"place": "north", "kind": random.choice(("bug", "wish"))},
        "settings": {
            "theme": random.choice(("dark", "light")),
            "wide": random.random() < 0.5,
            **({} if number % 2 else {"size": 12.5}),
        },
        "reviewed": None if number % 5 else 1732300000000.25 + number,
    }
