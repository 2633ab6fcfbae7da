"""Notes, which get a search and a vector index, and what these find."""

from __future__ import annotations

from typing import Any

import pytest

from codegen.engines.sql import backfill, evolution

OLD = """\
tables:
  notes:
    fields: {text: str, kind: str, rank: float, vector?: "list[float]"}
"""
NEW = f"""{OLD}\
    searchIndexes: {{words: {{field: text, filters: [kind]}}}}
    vectorIndexes: {{near: {{field: vector, dimensions: 2, filters: [kind]}}}}
"""
STAGED = NEW.replace("[kind]}}", "[kind], staged: true}}")
COUNT = 60
BATCH = 10


def fill_little_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (backfill, evolution):
        monkeypatch.setattr(module, "BATCH", BATCH)
    monkeypatch.setattr(backfill, "_BATCH_S", 60)  # however slow the machine is
    for portion in ("PORTION", "_ENTERED"):
        monkeypatch.setattr(backfill, portion, BATCH // 2)


def note(made: Any, number: int, **fields: object) -> Any:
    kind = "odd" if number % 2 else "even"
    vector = [1.0, float(number)] if number % 5 else None
    given: dict[str, Any] = {"text": f"text {number}", "kind": kind, "rank": number}
    if vector:
        given["vector"] = vector
    return made.NoteNew(**(given | fields))


def answers(made: Any, db: Any) -> list[object]:
    """What searches find, in order."""
    words = [made.notes.words(text) for text in ("text", "text 1", "new 7", "changed")]
    words += [made.notes.words("text", kind=kind) for kind in ("odd", "even", "other")]
    near = [made.notes.near([1, n], limit=200) for n in (0, 9)]
    near.append(made.notes.near([0, 1], limit=200, kind="odd"))
    found: list[object] = [[n.text for n in db.run(query)] for query in words]
    for query in near:
        scored = db.run(query)
        found.append([(n.text, round(score, 5)) for n, score in scored])
    return found


def check_answers(made: Any, url: str, fresh: str) -> None:
    """Asserts that searches find what they would if all documents came after the indexes."""
    with made.server.connect(url) as db, made.server.connect(fresh) as other:
        notes = db.run(made.notes.full_scan())
        for n in notes:
            given = {"text": n.text, "kind": n.kind, "rank": n.rank}
            other.insert(made.NoteNew(**given, vector=n.vector))
        assert answers(made, db) == answers(made, other)
