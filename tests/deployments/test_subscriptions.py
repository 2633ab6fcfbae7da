"""Queries of a deployment are followed, through Convex's own client."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from codegen.convex import AuthError, FunctionError, Options, TimedOut, Unreachable
from codegen.engines import AsyncDeployment, Deployment
from codegen.engines.asynchronous.deployment_subscription import (
    AsyncDeploymentSubscription,
)
from codegen.runtime import Closed, Int64
from tests.deployments.conftest import Connect
from tests.deployments.faulty import gives, serving, silent
from tests.deployments.mock_deployment import INSTANCE, Place, running
from tests.deployments.test_calls import send

LONGEST_S = 20.0


@pytest.fixture
def later() -> Any:
    """Does something in a moment, in another thread."""
    threads: list[threading.Thread] = []

    def later(work: Callable[[], object], seconds: float = 0.2) -> None:
        thread = threading.Timer(seconds, work)
        threads.append(thread)
        thread.start()

    yield later
    for thread in threads:
        thread.join()


@pytest.fixture
def other(place: Place, chat: ModuleType) -> Any:
    """Another client of the same deployment."""
    with chat.server.connect(place.url) as db:
        yield db


def following(place: Place, wanted: int, pause_s: float = 0.05) -> bool:
    """Whether so many queries are followed now, or soon; a real deployment does not say."""
    if not place.is_mock:
        time.sleep(1)
        return True
    end = time.monotonic() + LONGEST_S
    with httpx.Client() as client:
        while time.monotonic() < end:
            said = client.get(f"{place.url}/mock/sessions").json()
            if sum(said["sessions"]) == wanted:
                return True
            time.sleep(pause_s)
    return False


def listeners() -> list[int]:
    """The processes of this one that hear of results."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            is_ours = f"PPid:\t{os.getpid()}\n" in (entry / "status").read_text()
            if is_ours and b"listener_process.py" in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
    return found


def bodies(messages: list[Any]) -> list[str]:
    return [message.body for message in messages]


def test_each_new_result_comes(
    db: Any, other: Any, chat: ModuleType, channel: Any, later: Any
) -> None:
    send(other, chat, channel, "one")
    call = chat.api.messages.list(channel=channel)
    results = follow(db, call)
    assert bodies(results()) == ["one"]
    for n, body in enumerate(["two", "three"], 2):
        later(lambda body=body: send(other, chat, channel, body))
        messages = results()
        assert len(messages) == n
        assert messages[-1].body == body
        assert isinstance(messages[-1], chat.Message)


def follow(db: Any, call: Any, **options: Any) -> Callable[[], Any]:
    """Steps through a subscription of either kind."""
    options.setdefault("timeout_ms", LONGEST_S * 1000)
    if isinstance(db, Deployment):
        subscription = db.subscribe(call, **options)
        return lambda: next(subscription)
    # The generator of the adapter has it; each step is run in the event loop.
    steps = db.subscribe(call, **options)
    return lambda: next(steps)


def test_nothing_new_is_no_result(
    db: Any, other: Any, chat: ModuleType, channel: Any, place: Place
) -> None:
    results = follow(db, chat.api.messages.count(channel=channel), timeout_ms=500)
    assert results() == 0
    assert following(place, 1)
    elsewhere = other.run(chat.api.messages.open(name="elsewhere"))
    send(other, chat, elsewhere, "x")
    began = time.monotonic()
    with pytest.raises(TimeoutError, match="no new result within 500 ms"):
        results()
    assert 0.4 < time.monotonic() - began < LONGEST_S


def test_a_step_after_a_timeout_goes_on(
    place: Place, other: Any, chat: ModuleType, channel: Any, later: Any
) -> None:
    with chat.server.connect(place.url, options=Options()) as db:
        results = db.subscribe(chat.api.messages.count(channel=channel), timeout_ms=300)
        assert next(results) == 0
        with pytest.raises(TimeoutError):
            next(results)
        send(other, chat, channel, "x")
        for _attempt in range(20):
            try:
                assert next(results) == 1
                break
            except TimeoutError:
                continue
        else:
            pytest.fail("the result did not come")


def test_a_connection_that_breaks_is_made_again(
    mock: Place, db: Any, other: Any, chat: ModuleType, channel: Any
) -> None:
    results = follow(db, chat.api.messages.count(channel=channel))
    assert results() == 0
    assert following(mock, 1)
    httpx.post(f"{mock.url}/mock/cut")
    send(other, chat, channel, "while nobody listens")
    assert results() == 1


def test_a_function_that_fails(db: Any, chat: ModuleType) -> None:
    results = follow(db, chat.api.messages.fail(), timeout_ms=1000)
    with pytest.raises(FunctionError, match="out of order"):
        results()


def test_exact_values(db: Any, chat: ModuleType) -> None:
    value = {"i": Int64(2**60), "b": b"\xff", "z": -0.0, "n": None}
    results = follow(db, chat.api.values.anything(value=value))
    assert results() == value


@pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")
@pytest.mark.parametrize("how", ["close", "deployment", "forgotten"])
def test_it_ends(how: str, place: Place, chat: ModuleType, channel: Any) -> None:
    with chat.server.connect(place.url, options=Options()) as db:
        results = db.subscribe(chat.api.messages.count(channel=channel))
        assert next(results) == 0
        assert following(place, 1)
        threading.Timer(0.2, results.close if how == "close" else db.close).start()
        if how == "close":
            assert list(results) == []
        elif how == "deployment":
            with pytest.raises(Closed):
                next(results)
        else:
            del results
            gc.collect()
        assert following(place, 0)
    assert listeners() == []


def test_both_forms_end_at_the_end_of_with(
    place: Place, chat: ModuleType, channel: Any
) -> None:
    count = chat.api.messages.count(channel=channel)
    with chat.server.connect(place.url, options=Options()) as db:
        with db.subscribe(count) as results:
            assert next(results) == 0
            assert following(place, 1)
        assert following(place, 0)

    async def main() -> None:
        async with chat.server.async_connect(place.url, options=Options()) as db:
            assert isinstance(db, AsyncDeployment)
            async with db.subscribe(count) as results:
                assert isinstance(results, AsyncDeploymentSubscription)
                assert await anext(results) == 0
                assert await asyncio.to_thread(following, place, 1)
                waiting = asyncio.ensure_future(anext(results))
                await asyncio.sleep(0.1)
                waiting.cancel()
                await db.run(chat.api.messages.send(channel=channel, body="x"))
                assert await anext(results) == 1, "a cancelled step loses nothing"
            assert await asyncio.to_thread(following, place, 0)
            followed = db.subscribe(count)
            assert await anext(followed) == 1
            closing = asyncio.create_task(db.close())
            with pytest.raises(Closed):
                await anext(followed)
            await closing

    asyncio.run(main())


def test_many_are_followed_on_one_connection(
    place: Place, other: Any, chat: ModuleType
) -> None:
    with chat.server.connect(place.url, options=Options()) as db:
        channels = [db.run(chat.api.messages.open(name=str(n))) for n in range(10)]
        calls = [chat.api.messages.count(channel=channel) for channel in channels]
        followed = [db.subscribe(call, timeout_ms=20_000) for call in calls]
        assert [next(results) for results in followed] == [0] * 10
        assert following(place, 10)
        said = httpx.get(f"{place.url}/mock/sessions").json()
        assert 10 in said["sessions"]
        for channel in channels:
            send(other, chat, channel, "x")
        assert [next(results) for results in followed] == [1] * 10


def test_administrators_follow_what_is_theirs(
    mock: Place, connect: Connect, chat: ModuleType, db: Any
) -> None:
    token = "e30.eyJpc3MiOiJtZSIsInN1YiI6ImFubmEifQ.x"
    whoami = chat.api.values.whoami()
    assert follow(db, whoami)() is None
    assert follow(connect(mock.url, token=token), whoami)() == "anna"
    assert follow(connect(mock.url, admin_key=mock.admin_key), whoami)() is None
    with pytest.raises(AuthError):
        follow(connect(mock.url, admin_key=f"{INSTANCE}|00"), whoami)()


def test_a_server_that_can_not_be_followed_stops_nobody(
    connect: Connect, chat: ModuleType
) -> None:
    """A server that answers, and says nothing when it is asked for a WebSocket."""
    with serving([gives("null"), silent]) as server:
        results = follow(connect(server.url), chat.api.values.whoami(), timeout_ms=1000)
        assert results() is None
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            results()
        assert time.monotonic() - began < LONGEST_S


def test_a_server_that_is_gone(
    connect: Connect, chat: ModuleType, node_folder: Path
) -> None:
    """Convex's client goes on trying; each step ends in time, and so does closing."""
    with running(node_folder) as place:
        db = connect(place.url, timeout_ms=2000, retries=0)
        results = follow(db, chat.api.values.whoami(), timeout_ms=1000)
        assert results() is None
        assert following(place, 1)
    began = time.monotonic()
    with pytest.raises((TimeoutError, Unreachable)):
        results()
    db.close()
    assert time.monotonic() - began < LONGEST_S


def test_none_is_left_behind(mock: Place, chat: ModuleType, channel: Any) -> None:
    """Also where a result comes just when it ends."""
    count = chat.api.messages.count(channel=channel)
    with chat.server.connect(mock.url, options=Options()) as db:
        for _ in range(50):
            with db.subscribe(count) as results:
                assert next(results) == 0
                assert following(mock, 1, pause_s=0)
            assert following(mock, 0, pause_s=0)


@pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")
def test_a_process_that_is_killed(place: Place, chat: ModuleType, channel: Any) -> None:
    with chat.server.connect(place.url, options=Options()) as db:
        results = db.subscribe(chat.api.messages.count(channel=channel))
        assert next(results) == 0
        assert following(place, 1)
        for listener in listeners():
            os.kill(listener, signal.SIGKILL)
        with pytest.raises(Unreachable, match="its process has ended"):
            next(results)
        send(db, chat, channel, "x")
        assert next(results) == 1, "the next step starts another"
        assert following(place, 1)


def test_nobody_is_there(connect: Connect, chat: ModuleType) -> None:
    with serving([silent]) as server:
        db = connect(server.url, timeout_ms=300, retries=0)
        with pytest.raises(TimedOut):
            follow(db, chat.api.values.whoami())()


def test_only_queries_are_followed(db: Any, chat: ModuleType) -> None:
    with pytest.raises(TypeError, match="is no query"):
        db.subscribe(chat.api.messages.open(name="x"))


@pytest.mark.parametrize("has_functions", [False, True])
def test_without_the_client(
    has_functions: bool,
    place: Place,
    chat: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The folder of a project's functions has the name of the client, and is not it."""
    monkeypatch.delitem(sys.modules, "convex", raising=False)
    if has_functions:
        (tmp_path / "convex").mkdir()
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    with (
        chat.server.connect(place.url) as db,
        pytest.raises(ModuleNotFoundError, match=r"tablewright\[convex-live\]"),
    ):
        db.subscribe(chat.api.values.whoami())
