"""Whatever goes wrong on the way is a typed error in time, and nothing is done twice."""

from __future__ import annotations

import asyncio
import gc
import socket
import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from types import ModuleType
from typing import Any

import pytest

from codegen.convex import (
    AuthError,
    FunctionError,
    Options,
    RateLimited,
    Refused,
    ServerFailed,
    TimedOut,
    UnexpectedAnswer,
    Unreachable,
)
from codegen.runtime import Closed, DatabaseError, InvalidCursor
from tests.deployments import faulty
from tests.deployments.conftest import Connect
from tests.deployments.faulty import Fault, Faulty, answers, gives, serving
from tests.deployments.mock_deployment import Place
from tests.deployments.test_calls import send

QUICK = {"timeout_ms": 600, "connect_timeout_ms": 300}
# Servers are slow when all tests run at once.
LONGEST_S = 3.0


@pytest.fixture
def serve() -> Any:
    """Starts servers that end with the test."""
    with ExitStack() as stack:
        yield lambda *faults: stack.enter_context(serving(faults))


def refused(code: str, status: int, **headers: str) -> Fault:
    body = f'{{"code":"{code}","message":"it said no"}}'
    return answers(body, status, **headers)


def query(chat: ModuleType) -> Any:
    return chat.api.values.whoami()


def mutation(chat: ModuleType) -> Any:
    return chat.api.messages.open(name="x")


def action(chat: ModuleType) -> Any:
    return chat.api.values.twice(text="x")


CALLS = {"query": query, "mutation": mutation, "action": action}

FAULTS: dict[str, tuple[Fault, type[DatabaseError], bool]] = {
    # The fault, the error of a query, and whether a query is asked again.
    "silent": (faulty.silent, TimedOut, False),
    "drips headers": (faulty.drips_headers, TimedOut, False),
    "drips body": (faulty.drips_body, TimedOut, False),
    "resets": (faulty.resets, Unreachable, True),
    "resets in the middle": (faulty.resets_in_the_middle, Unreachable, True),
    "cuts a chunk": (faulty.cuts_a_chunk, Unreachable, True),
    "cuts the body": (faulty.cuts_the_body, Unreachable, True),
    "hangs up": (faulty.hangs_up, Unreachable, True),
    "no HTTP": (faulty.speaks_nonsense, Unreachable, True),
    "500": (refused("InternalServerError", 500), ServerFailed, True),
    "500 of a proxy": (answers("<h1>oh</h1>", 502, "text/html"), ServerFailed, True),
    "503": (refused("Overloaded", 503), ServerFailed, True),
    "malformed JSON": (answers('{"status":'), UnexpectedAnswer, False),
    "JSON of another kind": (answers("[]"), UnexpectedAnswer, False),
    "JSON without a status": (answers("{}"), UnexpectedAnswer, False),
    "too deep": (answers("[" * 100_000), UnexpectedAnswer, False),
    "no text": (answers(b"\xff\xfe\xfd"), UnexpectedAnswer, False),
    "a web page": (answers("<html>", kind="text/html"), UnexpectedAnswer, False),
    "no content type": (answers("{}", kind=""), UnexpectedAnswer, False),
    "damaged gzip": (
        answers("damaged in transit", Content_Encoding="gzip"),
        Unreachable,
        True,
    ),
}
CERTAIN: dict[str, tuple[Fault, type[DatabaseError]]] = {
    "redirect": (
        answers("", 301, Location="https://me:pw@else.where/x?k=1"),
        UnexpectedAnswer,
    ),
    "not found": (answers("<h1>404</h1>", 404, "text/html"), UnexpectedAnswer),
    "bad request": (refused("BadJsonBody", 400), Refused),
    "no such deployment": (refused("DeploymentNotFound", 404), Refused),
    "bad key": (refused("BadAdminKey", 401), AuthError),
    "forbidden": (refused("OperationNotPermitted", 403), AuthError),
}


def failing(db: Any, call: Any, kind: type[DatabaseError]) -> Any:
    """The error of a call, which came within the time limit."""
    began = time.monotonic()
    with pytest.raises(kind) as caught:
        db.run(call)
    assert type(caught.value) is kind
    assert time.monotonic() - began < LONGEST_S
    return caught.value


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("kind", CALLS)
def test_a_fault(
    name: str, kind: str, serve: Any, connect: Connect, chat: ModuleType
) -> None:
    fault, error_kind, again = FAULTS[name]
    server: Faulty = serve(fault)
    error = failing(
        connect(server.url, retries=1, **QUICK), CALLS[kind](chat), error_kind
    )
    is_query = kind == "query"
    assert error.may_have_run is not is_query
    assert len(server.requests) == (2 if again and is_query else 1)


@pytest.mark.parametrize("name", CERTAIN)
@pytest.mark.parametrize("kind", CALLS)
def test_a_refusal(
    name: str, kind: str, serve: Any, connect: Connect, chat: ModuleType
) -> None:
    fault, error_kind = CERTAIN[name]
    server: Faulty = serve(fault)
    error = failing(connect(server.url, **QUICK), CALLS[kind](chat), error_kind)
    assert error.may_have_run is False
    assert len(server.requests) == 1
    assert "pw" not in str(error)


@pytest.mark.parametrize("kind", CALLS)
def test_nobody_listens(
    kind: str, connect: Connect, chat: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    db = connect(f"convex+http://127.0.0.1:{port}", retries=2, **QUICK)
    error = failing(db, CALLS[kind](chat), Unreachable)
    assert error.may_have_run is False
    assert f"http://127.0.0.1:{port} does not answer" in str(error)


def test_nobody_accepts(connect: Connect, chat: ModuleType) -> None:
    """Half-open: the system takes connections that no program ever looks at."""
    with socket.create_server(("127.0.0.1", 0), backlog=8) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        failing(connect(url, **QUICK), query(chat), TimedOut)


@pytest.mark.parametrize("kind", CALLS)
def test_who_comes_too_often_comes_again_when_told(
    kind: str, serve: Any, connect: Connect, chat: ModuleType
) -> None:
    value = {"query": "null", "mutation": '"c1"', "action": '"xx"'}[kind]
    server: Faulty = serve(refused("RateLimited", 429, Retry_After="1"), gives(value))
    began = time.monotonic()
    db = connect(server.url, timeout_ms=10_000)
    assert (
        db.run(CALLS[kind](chat))
        == {"query": None, "mutation": "c1", "action": "xx"}[kind]
    )
    assert time.monotonic() - began >= 1
    assert len(server.requests) == 2


def test_a_wait_that_is_too_long_is_not_begun(
    serve: Any, connect: Connect, chat: ModuleType
) -> None:
    server: Faulty = serve(refused("RateLimited", 429, Retry_After="60"))
    error = failing(connect(server.url, **QUICK), query(chat), RateLimited)
    assert error.retry_after_s == 60
    assert len(server.requests) == 1
    date = "Wed, 21 Oct 2037 07:28:00 GMT"
    server = serve(refused("RateLimited", 429, Retry_After=date))
    error = failing(connect(server.url, **QUICK), query(chat), RateLimited)
    assert error.retry_after_s > 1e6


@pytest.mark.parametrize(
    "code", ["OptimisticConcurrencyControlFailure", "ExpiredInQueue"]
)
def test_a_mutation_is_sent_again_where_nothing_was_done(
    code: str, serve: Any, connect: Connect, chat: ModuleType
) -> None:
    server: Faulty = serve(refused(code, 503), refused(code, 503), gives('"c1"'))
    assert connect(server.url).run(mutation(chat)) == "c1"
    assert len(server.requests) == 3
    server = serve(refused(code, 503))
    error = failing(connect(server.url, retries=1), mutation(chat), ServerFailed)
    assert error.may_have_run is False
    assert error.code == code


def test_a_query_is_asked_again_until_it_is_answered(
    serve: Any, connect: Connect, chat: ModuleType
) -> None:
    server: Faulty = serve(
        faulty.resets, faulty.hangs_up, refused("Overloaded", 503), gives('"anna"')
    )
    assert connect(server.url).run(query(chat)) == "anna"
    assert len(server.requests) == 4


def test_attempts_come_to_an_end(
    serve: Any, connect: Connect, chat: ModuleType
) -> None:
    server: Faulty = serve(faulty.hangs_up)
    failing(connect(server.url, retries=0), query(chat), Unreachable)
    assert len(server.requests) == 1
    with pytest.raises(Unreachable):  # or `TimedOut`, where it ends within an attempt
        connect(server.url, timeout_ms=300, retries=1000).run(query(chat))
    assert len(server.requests) < 10


def test_silence_has_a_limit_of_its_own(
    serve: Any, connect: Connect, chat: ModuleType
) -> None:
    server: Faulty = serve(faulty.silent)
    db = connect(server.url, timeout_ms=60_000, read_timeout_ms=100, retries=1)
    failing(db, query(chat), TimedOut)
    assert len(server.requests) == 2


def test_a_status_of_earlier_servers(
    serve: Any, connect: Connect, chat: ModuleType
) -> None:
    answer = (
        '{"status":"error","errorMessage":"no","errorData":{"$integer":"AQAAAAAAAAA="}}'
    )
    server: Faulty = serve(answers(answer, 560))
    with pytest.raises(FunctionError) as caught:
        connect(server.url).run(mutation(chat))
    assert caught.value.data == 1
    assert len(server.requests) == 1


def test_a_cursor_of_another_query(
    serve: Any, connect: Connect, chat: ModuleType
) -> None:
    data = '{"isConvexSystemError":true,"paginationError":"InvalidCursor"}'
    answer = f'{{"status":"error","errorMessage":"InvalidCursor","errorData":{data}}}'
    server: Faulty = serve(answers(answer))
    with pytest.raises(InvalidCursor):
        connect(server.url).run(query(chat))


def test_batches_with_another_number_of_results(
    serve: Any, connect: Connect, chat: ModuleType
) -> None:
    server: Faulty = serve(answers('{"results":[]}'), answers('{"ts":1}'))
    with pytest.raises(UnexpectedAnswer, match="another number of results"):
        connect(server.url).together([query(chat)])
    with pytest.raises(UnexpectedAnswer, match="does not tell its time"):
        connect(server.url).moment()


def test_what_was_closed(connect: Connect, chat: ModuleType, place: Place) -> None:
    db = connect(place.url)
    db.close()
    with pytest.raises(Closed):
        db.run(query(chat))


@pytest.mark.filterwarnings("error")
def test_nothing_is_left_open(serve: Any, way: Any, chat: ModuleType) -> None:
    """Neither threads nor connections, whatever happened."""
    server: Faulty = serve(faulty.resets, faulty.silent, gives("null"))
    before = threading.active_count()
    db = way.connect(chat, server.url, Options(timeout_ms=300, retries=0))
    for kind in (Unreachable, TimedOut):
        failing(db, query(chat), kind)
    assert db.run(query(chat)) is None
    assert threading.active_count() <= before + len(server.connections)
    db.close()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gc.collect()
    *lost, last = server.connections
    for connection in (*lost[1:], last):
        connection.settimeout(LONGEST_S)
        with pytest.raises(OSError) if connection.fileno() < 0 else ExitStack():
            assert connection.recv(1) == b"", "the client has closed it"


def test_connections_are_used_again(
    serve: Any, connect: Connect, chat: ModuleType
) -> None:
    server: Faulty = serve(gives("null"))
    db = connect(server.url)
    for _ in range(20):
        assert db.run(query(chat)) is None
    assert len(server.connections) == 1


def slowly(connection: socket.socket, request: bytes) -> None:
    time.sleep(0.05)
    gives("null")(connection, request)


def test_threads_share_a_few_connections(serve: Any, chat: ModuleType) -> None:
    server: Faulty = serve(slowly)
    options = Options(connections=2)
    with (
        chat.server.connect(server.url, options=options) as db,
        ThreadPoolExecutor(10) as pool,
    ):
        assert [*pool.map(lambda _: db.run(query(chat)), range(20))] == [None] * 20
    assert len(server.connections) == 2


def test_tasks_share_a_few_connections(serve: Any, chat: ModuleType) -> None:
    server: Faulty = serve(slowly)

    async def main() -> None:
        options = Options(connections=2)
        async with chat.server.async_connect(server.url, options=options) as db:
            asked = (db.run(query(chat)) for _ in range(20))
            assert await asyncio.gather(*asked) == [None] * 20

    asyncio.run(main())
    assert len(server.connections) == 2


class Cutting:
    """Between a client and a deployment: passes on a request, and then cuts the line."""

    def __init__(self, url: str) -> None:
        self._to = ("127.0.0.1", int(url.rpartition(":")[2]))

    def __call__(self, connection: socket.socket, request: bytes) -> None:
        with socket.create_connection(self._to) as deployment:
            deployment.sendall(request)
            assert deployment.recv(65536), "the deployment has answered"
        faulty.resets(connection, b"")


def test_a_mutation_whose_answer_is_lost_runs_once(
    mock: Place, db: Any, channel: Any, connect: Connect, chat: ModuleType, serve: Any
) -> None:
    server: Faulty = serve(Cutting(mock.url))
    with pytest.raises(Unreachable) as caught:
        send(connect(server.url), chat, channel, "once")
    assert caught.value.may_have_run
    assert db.run(chat.api.messages.count(channel=channel)) == 1
