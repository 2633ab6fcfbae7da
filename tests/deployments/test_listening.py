"""The process that follows queries: its token, how long it waits, and its parent."""

from __future__ import annotations

import json
import os
import sys
import time
from base64 import urlsafe_b64encode
from importlib import import_module
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from codegen.convex import AuthError, Options, Unreachable
from codegen.convex.tokens import expiry_of
from codegen.runtime import Closed
from tests.cases.cases import codegen
from tests.deployments.conftest import Connect
from tests.deployments.faulty import gives, serving, silent
from tests.deployments.mock_deployment import APP, Place
from tests.deployments.test_subscriptions import (
    LONGEST_S,
    follow,
    following,
    listeners,
)
from tests.engines.packages import imported
from tests.engines.safety.processes import Pipe, other
from tests.engines.safety.test_forks import ended_well, forked


def jwt(name: str, within_s: float) -> str:
    """The token of a user, which expires within some seconds."""
    claims = {"iss": "me", "sub": name, "exp": time.time() + within_s}
    payload = urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{payload}.x"


def test_a_token_is_asked_for_anew_before_it_expires(
    mock: Place, connect: Connect, chat: ModuleType
) -> None:
    turn = count(1)
    db = connect(mock.url, token=lambda: jwt(f"anna {next(turn)}", 2))
    results = follow(db, chat.api.values.whoami())
    seen = [results() for _ in range(6)]
    assert len({*seen}) == 6, "each is another token"
    assert all(name.startswith("anna ") for name in seen)


def test_who_has_no_other_token_is_told(
    mock: Place, connect: Connect, chat: ModuleType
) -> None:
    db = connect(mock.url, token=jwt("anna", 2))
    results = follow(db, chat.api.values.whoami())
    assert results() == "anna"
    began = time.monotonic()
    with pytest.raises(AuthError):
        results()
    assert 1 < time.monotonic() - began < LONGEST_S


@pytest.mark.parametrize(
    "token", ["", "x", "a.b.c", "e30.W10.x", "e30.eyJleHAiOm51bGx9.x"]
)
def test_a_token_that_says_nothing_of_its_end(token: str) -> None:
    assert expiry_of(token) is None
    assert expiry_of(jwt("x", 60)) == pytest.approx(time.time() + 60, abs=5)


def test_a_wait_for_the_server_has_a_limit(connect: Connect, chat: ModuleType) -> None:
    with serving([gives("null"), silent]) as server:
        db = connect(server.url, timeout_ms=500, retries=0)
        results = follow(db, chat.api.values.whoami())
        assert results() is None
        with pytest.raises(Unreachable, match="no connection within 500 ms"):
            results()


def test_what_is_closed_starts_no_process(
    place: Place, chat: ModuleType, channel: Any
) -> None:
    with chat.server.connect(place.url, options=Options()) as db:
        begun = db.subscribe(chat.api.messages.count(channel=channel))
    for results in (begun, db.subscribe(chat.api.messages.count(channel=channel))):
        with pytest.raises(Closed):
            next(results)
    assert listeners() == []


@pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")
def test_an_interrupt_is_for_the_program(
    place: Place, chat: ModuleType, channel: Any
) -> None:
    """The keyboard interrupts all processes of a group."""
    with chat.server.connect(place.url, options=Options()) as db:
        results = db.subscribe(chat.api.messages.count(channel=channel))
        assert next(results) == 0
        assert following(place, 1)
        [listener] = listeners()
        assert os.getpgid(listener) != os.getpgid(0)


def parent_and_child(pipe: Pipe, folder: Path, url: str) -> None:
    """Runs in a process of its own, whose forks have no threads of pytest's."""
    chat = imported(folder, "chat")
    api = import_module("chat.api")
    with chat.server.connect(url, options=Options()) as db:
        channel = db.run(api.messages.open(name="forks"))
        results = db.subscribe(api.messages.count(channel=channel), timeout_ms=60_000)
        assert next(results) == 0

        def ask(name: str) -> None:
            for n in range(50):
                assert db.run(api.values.anything(value=f"{name} {n}")) == f"{name} {n}"

        def child() -> None:
            ask("child")
            assert next(db.subscribe(api.messages.count(channel=channel))) == 0
            db.run(api.messages.send(channel=channel, body="x"))
            assert next(results) == 1, "it is followed by the child itself"
            db.close()

        pid = forked(child)
        ask("parent")
        assert ended_well(pid)
        assert next(results) == 1, "and by the parent still"
    pipe.send("done")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks")
def test_parent_and_child_use_the_same_deployment(place: Place, tmp_path: Path) -> None:
    argv = ["generate", "--schema", str(APP / "convex"), "--output", "chat"]
    assert codegen(argv, tmp_path)[0] == 0
    with other(parent_and_child, tmp_path, place.url) as process:
        assert process.hear() == "done"
        process.finish()
    assert following(place, 0)
