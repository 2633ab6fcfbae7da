"""When a query of documents is asked again: after news, and after what has failed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from codegen.convex import FunctionError, FunctionNotFound, Unreachable, Unsupported
from codegen.convex.conversation import Conversation
from codegen.convex.exchange import Exchange, Reply, Request
from codegen.convex.followed import Followed, News
from codegen.convex.options import Options
from codegen.engines.deployment_subscription import DeploymentSubscription
from codegen.engines.feeds import Feeds
from codegen.engines.package import Package
from generated import workflows
from generated.server import schema

JSON = {"content-type": "application/json"}
METADATA = {"createdAt": 1, "updatedAt": 1}


def document(n: int) -> dict[str, Any]:
    document = {"_id": f"id{n}", "_creationTime": n, "task": f"task {n}"}
    return {**document, "status": "running", "artifacts": [], "metadata": METADATA}


class Scripted:
    """A deployment that has some documents, and tells what a test has it tell."""

    def __init__(self) -> None:
        self.documents: list[dict[str, Any]] = []
        self.end = "end"
        self.asked = 0
        self.told: dict[str, Followed] = {}
        self.closed: list[str] = []

    def perform(self, exchange: Exchange[Any]) -> Any:
        """What a connection does."""
        outcome = None
        while True:
            try:
                step = exchange.send(outcome)
            except StopIteration as end:
                return end.value
            assert isinstance(step, Request)
            self.asked += 1
            body = {"status": "success", "value": self.page}
            outcome = Reply(200, JSON, json.dumps(body).encode())

    @property
    def page(self) -> dict[str, Any]:
        return {"page": self.documents, "isDone": True, "continueCursor": self.end}

    def follow(
        self, function: str, arguments: Any, wake: Callable[[], object]
    ) -> Followed:
        """What a listener does."""
        assert function == "tablewright:query"
        end = arguments["page"]["endCursor"]
        followed = Followed(function, wake, lambda: self.closed.append(end))
        self.told[end] = followed
        return followed

    def tell(self, news: News, end: str = "end") -> None:
        self.told[end].tell(news)


@pytest.fixture
def deployment() -> Scripted:
    return Scripted()


@pytest.fixture
def results(deployment: Scripted) -> Any:
    """A subscription that has given its first result, of no documents."""
    conversation = Conversation("http://scripted", Options())
    listener: Any = deployment
    feeds = Feeds(conversation, Package("generated", schema), listener)
    connection: Any = deployment
    results = DeploymentSubscription(feeds, connection, workflows.full_scan(), 50)
    assert next(results) == []
    return results


def test_what_is_known_asks_nothing(deployment: Scripted, results: Any) -> None:
    deployment.tell(News(deployment.page))
    with pytest.raises(TimeoutError):
        next(results)
    assert deployment.asked == 1
    deployment.documents = [document(1)]
    deployment.tell(News({**deployment.page, "splitCursor": "x"}))
    assert [found.task for found in next(results)] == ["task 1"]
    deployment.tell(News(json.loads(json.dumps(deployment.page), parse_int=float)))
    with pytest.raises(TimeoutError):
        next(results)
    assert deployment.asked == 2


def test_a_page_that_ends_elsewhere_is_another(
    deployment: Scripted, results: Any
) -> None:
    deployment.documents, deployment.end = [document(1)], "later"
    deployment.tell(News(deployment.page))
    assert len(next(results)) == 1
    assert deployment.closed == ["end"]
    deployment.documents = [document(2)]
    deployment.tell(News(deployment.page), "later")
    assert next(results)[0].task == "task 2"
    assert deployment.closed == ["end"]


def test_a_page_that_has_grown_too_long_is_asked_for_anew(
    deployment: Scripted, results: Any
) -> None:
    deployment.tell(News(deployment.page))
    with pytest.raises(TimeoutError):
        next(results)
    deployment.documents = [document(1)]
    deployment.tell(News(error=FunctionError("tablewright:query", "too many reads")))
    assert len(next(results)) == 1
    assert deployment.closed == ["end"]
    deployment.documents = []
    deployment.tell(News(deployment.page))
    assert next(results) == []


@pytest.mark.parametrize(
    ("failure", "expected", "reason"),
    [
        (FunctionError("tablewright:query", "broken"), FunctionError, "broken"),
        (FunctionNotFound("tablewright:query", "x"), Unsupported, "convex-helper"),
    ],
)
def test_what_can_not_be_followed_at_all(
    failure: Exception,
    expected: type[Exception],
    reason: str,
    deployment: Scripted,
    results: Any,
) -> None:
    for _ in range(2):
        deployment.tell(News(error=failure))
        with pytest.raises(expected, match=reason):
            next(results)
        assert next(results) == [], "the next step asks, and follows again"
    assert deployment.asked == 3


def test_the_end_of_all_news(deployment: Scripted, results: Any) -> None:
    deployment.tell(News(error=Unreachable("gone"), over=True))
    with pytest.raises(Unreachable):
        next(results)
    assert next(results) == []
    # As when a token is about to expire: it is followed anew, and nobody needs to know.
    deployment.tell(News(over=True))
    with pytest.raises(TimeoutError):
        next(results)
    deployment.documents = [document(1)]
    deployment.tell(News(deployment.page))
    assert len(next(results)) == 1
