"""The official client of the `convex` package runs calls as it is.

A small HTTP server stands in for a deployment: it speaks `/api/query`, `/api/mutation` and
`/api/action` in the encoded form. All else is real.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Annotated, Any, Final, Literal

import pytest
from convex import ConvexError, ConvexInt64, convex_to_json, json_to_convex
from convex.http_client import ConvexHttpClient
from hypothesis import given, settings

from codegen.ir.model import Schema
from codegen.ir.types import ANY
from codegen.runtime import (
    AnyValue,
    BigInt,
    Bytes,
    Call,
    Client,
    Ge,
    Object,
    OpenCall,
    Opt,
)
from codegen.runtime.client_values import from_client, to_client
from tests.ir.strategies import documents, same_json


class Point(Object):
    x: float
    label: Opt[str] = None
    big: BigInt


class echo(Call[Point | None], query="values:echo"):
    point: Point | None
    data: Bytes
    many: list[BigInt]
    level: Annotated[float, Ge(0)]
    state: Opt[Literal["on", "off"]] = None


class store(Call[BigInt], mutation="values:store"):
    pass


class anything(OpenCall[AnyValue], action="values:anything", init=False):
    pass


class Deployment:
    """What the server was asked, and what it answers."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []
        self.answer: dict[str, Any] = {}
        deployment = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                size = int(self.headers["Content-Length"])
                deployment.asked.append((self.path, json.loads(self.rfile.read(size))))
                data = json.dumps(deployment.answer).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server: Final = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def gives(self, value: Any) -> None:
        self.answer = {"status": "success", "value": value}


@pytest.fixture(scope="module")
def deployment() -> Iterator[Deployment]:
    deployment = Deployment()
    thread = threading.Thread(target=deployment.server.serve_forever)
    thread.start()
    yield deployment
    deployment.server.shutdown()
    deployment.server.server_close()
    thread.join()


@pytest.fixture
def client(deployment: Deployment) -> Client:
    deployment.asked.clear()
    return ConvexHttpClient(f"http://127.0.0.1:{deployment.server.server_port}")


BIG: Final = 2**60 + 1
BIG_FORM: Final = {"$integer": "AQAAAAAAABA="}


def test_exact_values_go_there_and_come_back(
    client: Client, deployment: Deployment
) -> None:
    point = {"x": 1.0, "big": BIG_FORM}
    deployment.gives(point)
    call = echo(
        point=Point(x=1, big=BIG), data=b"\xff\x00", many=[1, BIG], level=0, state="on"
    )
    assert call.run_on(client) == Point(x=1.0, big=BIG)
    ((path, body),) = deployment.asked
    assert path == "/api/query"
    assert body["path"] == "values:echo"
    assert body["args"] == {
        "point": point,
        "data": {"$bytes": "/wA="},
        "many": [{"$integer": "AQAAAAAAAAA="}, BIG_FORM],
        "level": 0.0,
        "state": "on",
    }


def test_each_kind_of_function_has_its_way(
    client: Client, deployment: Deployment
) -> None:
    deployment.gives(BIG_FORM)
    assert store().run_on(client) == BIG
    deployment.gives(None)
    assert anything(a=None, b=1).run_on(client) is None
    assert [(path, body["args"]) for path, body in deployment.asked] == [
        ("/api/mutation", {}),
        ("/api/action", {"a": None, "b": 1.0}),
    ]


def test_an_error_of_the_function_is_the_client_s(
    client: Client, deployment: Deployment
) -> None:
    deployment.answer = {"status": "error", "errorMessage": "no", "errorData": "no!"}
    with pytest.raises(ConvexError) as caught:
        store().run_on(client)
    assert caught.value.data == "no!"


@settings(max_examples=100, deadline=None)
@given(documents(ANY, Schema()))
def test_values_are_those_of_the_official_package(value: Any) -> None:
    floats = json.loads(json.dumps(value), parse_int=float)
    assert same_json(from_client(json_to_convex(floats)), floats)
    assert same_json(convex_to_json(to_client(value)), floats)


def test_only_an_int64_needs_the_official_package(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert to_client({"a": [{"$integer": "AQAAAAAAAAA="}]}) == {"a": [ConvexInt64(1)]}
    monkeypatch.setitem(sys.modules, "convex", None)
    assert to_client({"a": [1.0, {"$bytes": "AA=="}]}) == {"a": [1.0, b"\x00"]}
    with pytest.raises(ImportError):
        to_client({"$integer": "AQAAAAAAAAA="})


@pytest.mark.parametrize("value", [object(), {1, 2}, [object()]])
def test_what_is_no_value_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="not a Convex value"):
        from_client(value)
