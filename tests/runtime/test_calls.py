"""Calls of functions: what they send, and what they make of the answer."""

from __future__ import annotations

import math
import pickle
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pydantic import ValidationError

from codegen.runtime import Call, Int64, InvalidResult, OpenCall
from codegen.runtime.client_values import from_client, to_client
from codegen.runtime.scalars import integer_form
from tests.cases.cases import FOLDER

MESSAGE = {
    "_id": "m1",
    "_creationTime": 1.5,
    "channel": "c1",
    "body": "hello",
    "likes": integer_form(2**60),
}


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The package of the case `functions`."""
    folder = tmp_path_factory.mktemp("packages")
    shutil.copytree(FOLDER / "functions/expected", folder / "chat")
    sys.path.insert(0, str(folder))
    yield import_module("chat")
    sys.path.remove(str(folder))


@pytest.fixture
def api(chat: ModuleType) -> Any:
    return import_module("chat.api")


class Recorder:
    """Answers with what it is told to, and keeps what it was asked."""

    def __init__(self, answer: Any = None) -> None:
        self.answer = answer
        self.asked: list[tuple[str, str, Any]] = []

    def query(self, name: str, args: dict[str, Any]) -> Any:
        self.asked.append(("query", name, args))
        return self.answer

    def mutation(self, name: str, args: dict[str, Any]) -> Any:
        self.asked.append(("mutation", name, args))
        return self.answer

    def action(self, name: str, args: dict[str, Any]) -> Any:
        self.asked.append(("action", name, args))
        return self.answer


def test_arguments_are_sent_by_their_names_on_the_wire(chat: Any, api: Any) -> None:
    words = api.messages.ListFilter(words=["a"], by_author="x")
    call = api.messages.list(channel=chat.ChannelId("c1"), limit=3, filter=words)
    assert isinstance(call, Call)
    assert call.to_wire() == {
        "channel": "c1",
        "limit": integer_form(3),
        "filter": {"words": ["a"], "byAuthor": "x"},
    }
    assert (call.__kind__, call.__function__) == ("query", "messages:list")


def test_absent_null_and_given_are_three_things(chat: Any, api: Any) -> None:
    channel = chat.ChannelId("c1")
    absent = api.messages.list(channel=channel)
    null = api.messages.list(channel=channel, before=None)
    given = api.messages.list(channel=channel, before=2)
    assert absent.to_wire() == {"channel": "c1"}
    assert null.to_wire() == {"channel": "c1", "before": None}
    assert given.to_wire() == {"channel": "c1", "before": 2.0}


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"channel": 1},
        {"channel": "c1", "limit": 1.5},
        {"channel": "c1", "limit": 2**63},
        {"channel": "c1", "mood": "angry"},
        {"channel": "c1", "more": 1},
    ],
)
def test_wrong_arguments_are_refused_before_anything_is_sent(
    api: Any, wrong: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        api.messages.list(**wrong)
    with pytest.raises(ValidationError):
        api.ai.rate(answer=1, stars=4, weight=0)
    with pytest.raises(ValidationError):
        api.ai.rate(answer=1, stars=1, weight=-1)


def test_the_id_of_another_table_is_refused(chat: Any, api: Any) -> None:
    with pytest.raises(ValidationError, match="id of table `channels`"):
        api.messages.list(channel=chat.MessageId("m1"))


def test_a_call_is_a_value(chat: Any, api: Any) -> None:
    call = api.messages.get(id=chat.MessageId("m1"))
    assert call == api.messages.get(id=chat.MessageId("m1"))
    assert call != api.messages.get(id=chat.MessageId("m2"))
    assert pickle.loads(pickle.dumps(call)) == call
    assert hash(call) == hash(api.messages.get(id=chat.MessageId("m1")))
    with pytest.raises(ValidationError, match="frozen"):
        call.id = chat.MessageId("m2")


def test_a_result_is_the_documents_of_its_table(chat: Any, api: Any) -> None:
    client = Recorder([from_wire(MESSAGE)])
    (message,) = api.messages.list(channel=chat.ChannelId("c1")).run_on(client)
    assert type(message) is chat.Message
    assert message.id == chat.MessageId("m1")
    assert (message.body, message.likes) == ("hello", 2**60)
    assert client.asked == [("query", "messages:list", {"channel": "c1"})]


def from_wire(value: Any) -> Any:
    """As a client gives it."""
    return to_client(value)


def test_documents_inside_a_result(chat: Any, api: Any) -> None:
    answer = {"page": [MESSAGE], "isDone": True, "continueCursor": "end"}
    page = api.messages.page(size=1, cursor=None).run_on(Recorder(from_wire(answer)))
    assert type(page.page[0]) is chat.Message
    assert (page.is_done, page.continue_cursor) == (True, "end")
    joined = {"_id": "e1", "_creationTime": 1.0, "kind": "joined", "who": "me"}
    left = {"_id": "e2", "_creationTime": 2.0, "kind": "left"}
    both = api.admin.events.all().run_on(Recorder([joined, left]))
    assert [type(event) for event in both] == [chat.Joining, chat.Leaving]
    note = {"_id": "n1", "_creationTime": 1.0, "whatever": [1.0]}
    found = api.admin.events.watched().run_on(
        Recorder({"a": left, "b": note, "c": None})
    )
    assert [type(one) for one in found.values()] == [
        chat.Leaving,
        chat.Note,
        type(None),
    ]


def test_what_else_there_is_may_be_ignored(chat: Any, api: Any) -> None:
    call = api.messages.get(id=chat.MessageId("m1"))
    newer = from_wire({**MESSAGE, "addedLater": True})
    with pytest.raises(InvalidResult):
        call.run_on(Recorder(newer))
    assert call.run_on(Recorder(newer), extra="ignore").body == "hello"


@pytest.mark.parametrize(
    ("answer", "path"),
    [
        (None, ""),
        ([{**MESSAGE, "body": 1.0}], "[0].body"),
        ([{**MESSAGE, "likes": 1.0}], "[0].likes"),
        ([MESSAGE, {"_id": "m2"}], "[1]._creationTime"),
    ],
)
def test_a_result_that_does_not_fit(
    chat: Any, api: Any, answer: Any, path: str
) -> None:
    call = api.messages.list(channel=chat.ChannelId("c1"))
    with pytest.raises(InvalidResult, match="the result of `messages:list`") as caught:
        call.run_on(Recorder(from_wire(answer)))
    assert (caught.value.function, caught.value.path) == ("messages:list", path)
    assert caught.value.reason
    assert isinstance(caught.value.__cause__, ValidationError)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.path) == (str(caught.value), path)


@pytest.mark.parametrize(
    ("answer", "path"),
    [
        ([{"_id": "e1", "_creationTime": 1.0, "kind": "joined"}], "[0].who"),
        ([{"_id": "e1", "_creationTime": 1.0, "kind": "lost"}], "[0].kind"),
        ([{"_id": "e1", "_creationTime": "x", "kind": "left"}], "[0]._creationTime"),
        ([1.0], "[0]"),
    ],
)
def test_the_way_to_a_fault_has_no_steps_that_the_value_has_not(
    api: Any, answer: Any, path: str
) -> None:
    with pytest.raises(InvalidResult) as caught:
        api.admin.events.all().run_on(Recorder(answer))
    assert caught.value.path == path


def test_a_result_keeps_to_its_type_as_a_field_does(api: Any) -> None:
    state = api.messages.archive.state
    assert state().run_on(Recorder("idle")) == "idle"
    for wrong in ("lost", True, None):
        with pytest.raises(InvalidResult):
            state().run_on(Recorder(wrong))


def test_a_function_of_which_nothing_is_known(api: Any) -> None:
    client = Recorder({"n": math.nan, "b": b"\x00", "list": [1.0]})
    call = api.ai.answer(question="why?", arguments=Int64(1), _x=[b"\x01", -0.0])
    assert isinstance(call, OpenCall)
    answer: Any = call.run_on(client)
    assert math.isnan(answer["n"])
    assert (answer["b"], answer["list"]) == (b"\x00", [1.0])
    ((kind, name, sent),) = client.asked
    assert (kind, name) == ("action", "ai:answer")
    assert from_client(sent) == call.to_wire()
    assert call.to_wire()["arguments"] == integer_form(1)
    assert type(call).from_wire(call.to_wire()) == call
    assert call == api.ai.answer(
        question="why?", arguments=Int64(1), _x=[b"\x01", -0.0]
    )
    with pytest.raises(ValidationError):
        api.ai.answer(when=object())


def test_what_a_client_raises_is_passed_on(chat: Any, api: Any) -> None:
    class Broken(Recorder):
        def query(self, name: str, args: dict[str, Any]) -> Any:
            raise ConnectionError("gone")

    with pytest.raises(ConnectionError, match="gone"):
        api.messages.get(id=chat.MessageId("m1")).run_on(Broken())


def test_public_and_internal_functions_are_apart(chat: Any, api: Any) -> None:
    internal = import_module("chat.internal")
    assert internal.messages.archive.run().run_on(Recorder()) is None
    assert not hasattr(api.messages.archive, "run")
    assert not hasattr(internal.messages, "list")
    assert "messages" in dir(api)
    with pytest.raises(AttributeError, match="no attribute 'mesages'"):
        _ = api.mesages


def test_importing_them_loads_nothing_else(chat: ModuleType) -> None:
    assert chat.__file__ is not None
    program = """
import sys
from chat import api, internal
assert not {"pydantic", "codegen", "chat.api.messages", "convex"} & sys.modules.keys()
api.ai.answer
assert "chat.tables.messages" not in sys.modules and "convex" not in sys.modules
api.messages.archive
assert "chat.tables.messages" in sys.modules and "chat.tables.events" not in sys.modules
"""
    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(chat.__file__).parents[1],
        env={"PYTHONPATH": f".:{FOLDER.parents[1]}"},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
