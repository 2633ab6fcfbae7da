"""What `connect` takes, and what it refuses."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from codegen.runtime import DatabaseError
from generated import AgentSessionNew, agent_sessions, async_connect, connect, workflows


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_memory(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with connect(url) as one, connect(url) as other:
        one.insert(AgentSessionNew(agent_type="coder", input=None))
        assert len(one.run(agent_sessions.full_scan())) == 1
        assert other.run(agent_sessions.full_scan()) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "options", "said"),
    [
        ("app.db", {}, "write `sqlite:///app.db`"),
        ("mysql://host/db", {}, "`postgresql://user@host/database`"),
        ("sqlite://", {"pooled": True}, "only a database of a PostgreSQL server"),
        ("postgresql+x://me:pass@host/db", {}, "'postgresql+x://…@host/db' is not"),
        ("sqlite://app.db", {}, "has a host"),
        ("sqlite:///app.db?mode=ro", {}, "a query"),
        ("sqlite://", {"synchronous": "ful"}, "'full' or 'normal', not 'ful'"),
        ("sqlite://", {"timeout_ms": -1}, "timeout_ms is a time in ms, not -1"),
        ("sqlite://", {"timeout_ms": float("nan")}, "timeout_ms"),
        ("sqlite://", {"timeout_ms": float("inf")}, "is a time in ms, not inf"),
    ],
)
def test_what_is_refused(url: str, options: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError) as refused:
        connect(url, **options)
    assert said in str(refused.value)
    assert not isinstance(refused.value, DatabaseError)


@pytest.mark.parametrize("given", ["5", None, [5]])
def test_times_that_are_no_numbers(given: Any) -> None:
    said = re.escape(f"timeout_ms is a number of ms, not {given!r}")
    for url in ("sqlite://", "postgresql://nobody@localhost/none"):
        for open_it in (connect, async_connect):
            with pytest.raises(TypeError, match=said):
                open_it(url, timeout_ms=given)
    with connect("sqlite://") as db:
        assert db.subscribe(workflows.full_scan(), timeout_ms=5)
        if given is not None:
            with pytest.raises(TypeError, match=said):
                db.subscribe(workflows.full_scan(), timeout_ms=given)
