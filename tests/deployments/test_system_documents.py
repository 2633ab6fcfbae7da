"""Documents of a deployment are read through its own functions, where nothing was deployed for it.

That they answer all queries as a database does, the tests of engines try; see
`tests/engines/on_deployments.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from codegen.convex import AuthError, Options, UnexpectedAnswer, Unsupported
from codegen.engines.ids import decode, encode
from codegen.runtime import InvalidId, InvalidQuery, NotUnique, Query, gt
from tests.deployments.both_ways import Way
from tests.deployments.conftest import Connect
from tests.deployments.faulty import answers, serving
from tests.deployments.mock_deployment import Place
from tests.deployments.test_calls import send
from tests.engines.packages import package

LATER = """
tables:
  channels: {fields: {name: str, size?: float}, indexes: {by_size: [size]}}
"""


@pytest.fixture
def reader(connect: Connect, place: Place) -> Any:
    """The deployment for its administrator; its app has no functions of ours."""
    return connect(place.url, admin_key=place.admin_key, documents="system")


def bodies(messages: list[Any]) -> list[str]:
    return [message.body for message in messages]


def test_reads(db: Any, reader: Any, chat: ModuleType, channel: Any) -> None:
    first, *_ = send(db, chat, channel, "a", "b", "c")
    query = chat.messages.by_channel(channel)
    message = reader.get(first)
    assert isinstance(message, chat.Message)
    assert (message.id, message.body, message.likes) == (first, "a", 0)
    assert bodies(reader.run(query)) == bodies([*reader.stream(query)]) == [*"abc"]
    assert bodies(reader.run(query.order("desc").take(2))) == [*"cb"]
    later = chat.messages.by_channel(channel, gt(message.creation_time))
    assert bodies(reader.run(later)) == [*"bc"]
    assert reader.run(query.first()) == message
    assert reader.run(query.filter(lambda m: m.body == "b").unique()).body == "b"
    with pytest.raises(NotUnique):
        reader.run(query.unique())
    page = reader.run(query.paginate(2))
    rest = reader.run(query.paginate(2, page.cursor))
    assert (bodies(page.items), bodies(rest.items), rest.cursor) == (
        [*"ab"],
        ["c"],
        None,
    )
    assert reader.run(chat.channels.by_name("nobody")) == []
    assert reader.run(chat.api.messages.count(channel=channel)) == 3


def test_an_id_that_is_none(reader: Any, chat: ModuleType, channel: Any) -> None:
    number, _ = decode(channel)
    missing = chat.ChannelId(encode(number, bytes(range(16))))
    assert reader.get(missing) is None
    with pytest.raises(InvalidId, match="an id of table `channels`"):
        reader.get(chat.MessageId(str(channel)))
    for text in ("nonsense", "ö", ""):
        with pytest.raises(InvalidId) as caught:
            reader.get(chat.MessageId(text))
        assert (caught.value.table, caught.value.id) == ("messages", text)


def test_it_only_reads(reader: Any, chat: ModuleType, channel: Any) -> None:
    new, patch = chat.ChannelNew(name="n"), chat.ChannelPatch(name="n")
    calls: list[Callable[[], object]] = [
        lambda: reader.insert(new),
        lambda: reader.insert_many([new]),
        lambda: reader.patch(channel, patch),
        lambda: reader.replace(channel, new),
        lambda: reader.delete(channel),
        lambda: reader.batch().__enter__(),
    ]
    for call in calls:
        with pytest.raises(Unsupported, match="to write needs functions"):
            call()
    assert reader.get(channel).name != "n"
    everything = chat.channels.full_scan()
    for read in (
        everything.paginate(2, maximum_rows_read=2),
        everything.filter(bool).paginate(2),
    ):
        with pytest.raises(Unsupported):
            reader.run(read)


def test_an_index_that_is_not_deployed(way: Way, place: Place, tmp_path: Path) -> None:
    later = package(tmp_path, LATER, "deployed_later")
    options = Options(admin_key=place.admin_key, documents="system")
    reader = way.connect(later, place.url, options)
    with pytest.raises(InvalidQuery, match="Index by_size does not exist"):
        reader.run(later.channels.by_size(3))


def test_for_administrators_only(
    connect: Connect, place: Place, chat: ModuleType
) -> None:
    reader = connect(place.url, documents="system")
    with pytest.raises(AuthError):
        reader.run(chat.channels.full_scan())
    unknown: Any = "dashboard"
    with pytest.raises(ValueError, match="documents"):
        Options(documents=unknown)


def page_of(*creation_times: float) -> str:
    """The answer of a server with these channels."""
    channels = [
        {"_id": str(time), "_creationTime": time, "name": "c"}
        for time in creation_times
    ]
    value = {"page": channels, "isDone": True, "continueCursor": ""}
    return json.dumps({"status": "success", "value": value})


def test_a_server_that_knows_no_indexes(connect: Connect, chat: ModuleType) -> None:
    """One that is older gives all documents, the newest first, and does not say so."""
    with serving([answers(page_of(3, 2, 1))]) as server:
        reader = connect(server.url, admin_key="a|b", documents="system")
        with pytest.raises(UnexpectedAnswer, match="another order than the index"):
            reader.run(chat.channels.by_name("c"))
        query: Query[Any] = chat.channels.by_creation_time(gt(1)).order("desc")
        assert [found.creation_time for found in reader.run(query)] == [3, 2]


@pytest.mark.parametrize("value", [None, [], {"page": None}, {"page": [], "isDone": 0}])
def test_what_is_no_page(connect: Connect, chat: ModuleType, value: object) -> None:
    answer = json.dumps({"status": "success", "value": value})
    with serving([answers(answer)]) as server:
        reader = connect(server.url, admin_key="a|b", documents="system")
        with pytest.raises(UnexpectedAnswer, match="no page"):
            reader.run(chat.channels.full_scan())


@pytest.mark.parametrize("document", [5, {}, {"_id": 5, "_creationTime": 1}])
def test_what_is_no_document(
    connect: Connect, chat: ModuleType, document: object
) -> None:
    value = {"page": [document], "isDone": True}
    answer = json.dumps({"status": "success", "value": value})
    with serving([answers(answer)]) as server:
        reader = connect(server.url, admin_key="a|b", documents="system")
        with pytest.raises(UnexpectedAnswer, match="no document"):
            reader.run(chat.channels.full_scan())


def test_a_server_without_a_dashboard(connect: Connect, chat: ModuleType) -> None:
    missing = {"status": "error", "errorMessage": "Could not find function for 'x'"}
    with serving([answers(json.dumps(missing))]) as server:
        reader = connect(server.url, admin_key="a|b", documents="system")
        with pytest.raises(Unsupported, match="export --to convex-helper"):
            reader.run(chat.channels.full_scan())
