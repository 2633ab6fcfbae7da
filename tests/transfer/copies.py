"""Documents that refer to each other in all ways, and what they mean, whatever their ids are."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from tests.deployments.mock_deployment import Place
from tests.engines.oracle.documents import named
from tests.transfer.contents import contents

SCHEMA: Final = """
tables:
  people:
    fields:
      name: str
      boss?: Id[people]
      home?: Id[places]
    indexes: {by_boss: [boss]}
  places:
    fields:
      name: str
      owner: Id[people]
      visits: dict[Id[people], float]
      notes: list[Note]
  things:
    fields:
      name: str
      of: Id[people] | Id[places] | None
      value: Any
      big: int
      raw: bytes
  events:
    union:
      Moved: {kind: 'Literal["moved"]', name: str, to: 'Id[places]'}
      Said: {kind: 'Literal["said"]', name: str, to: str}
types:
  Note: {by: 'Id[people] | None', text: str}
"""
PEOPLE, PLACES, THINGS, EVENTS = "people", "places", "things", "events"


def fill(models: ModuleType, url: str, count: int) -> None:
    """Writes so many people, and a place, a thing and two events for each."""
    with models.server.connect(url) as db, db.transaction():
        people = [db.insert(models.PersonNew(name=f"person {n}")) for n in range(count)]
        for n, person in enumerate(people):
            other = people[n * 7 % count]
            place = db.insert(
                models.PlaceNew(
                    name=f"place {n}",
                    owner=person,
                    visits={person: float(n), other: -0.0},
                    notes=[{"by": None, "text": other}, {"by": other, "text": ""}],
                )
            )
            patch = models.PersonPatch(boss=people[(n + 1) % count], home=place)
            db.patch(person, patch)
            db.insert(
                models.ThingNew(
                    name=f"thing {n}",
                    of=(person, place, None)[n % 3],
                    value={"seen": [person], "n": float("nan"), "i": n},
                    big=2**62 + n,
                    raw=bytes(range(n % 256)),
                )
            )
            moved = models.MovedNew(kind="moved", name=f"moved {n}", to=place)
            said = models.SaidNew(kind="said", name=f"said {n}", to=person)
            db.insert_many([moved, said])


def meaning(url: str, *also: str) -> dict[str, list[Any]]:
    """All documents without times, and with names in the place of ids.

    What is no id for a type may have been one in `also`, which are databases too.
    """
    names = {
        document["_id"]: f"<{document['name']}>"
        for one in (*also, url)
        for documents in _documents(one).values()
        for document in documents
    }
    return {
        table: sorted(
            (named(document, names) for document in documents),
            key=lambda document: document["name"],
        )
        for table, documents in _documents(url).items()
    }


def _documents(url: str) -> dict[str, list[Any]]:
    return {
        table: [json.loads(text) for text in indexes["by_creation_time"]]
        for table, indexes in contents(url).items()
    }


def env_file(folder: Path, name: str, place: Place) -> str:
    """The variables of a deployment in a file, and what a command is given for it."""
    (folder / name).write_text(
        f"CONVEX_SELF_HOSTED_URL={place.url}\n"
        f"CONVEX_SELF_HOSTED_ADMIN_KEY='{place.admin_key}'\n"
    )
    return f"convex:{name}"
