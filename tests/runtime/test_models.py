"""Documents, what makes them, what changes them."""

from __future__ import annotations

import pickle

import pytest
from pydantic import ValidationError

from codegen.runtime import ABSENT, KEEP, REMOVE, Document, Object
from tests.runtime.models import (
    EventFailed,
    Note,
    NoteNew,
    NotePatch,
    Presence,
    User,
    UserId,
    UserNew,
    UserPatch,
    events,
)

USER = {"_id": "u", "_creationTime": 1.5, "name": "Ada"}


class TestPresence:
    """Absent, null and a value, in each kind of field."""

    @pytest.mark.parametrize(
        "wire",
        [
            {"nullable": None},
            {"nullable": None, "either": None},
            {"nullable": None, "anything": None},
            {"nullable": "x", "optional": 1.0, "either": "y", "anything": {"a": None}},
        ],
    )
    def test_accepted(self, wire: dict[str, object]) -> None:
        assert Presence.from_wire(wire).to_wire() == wire
        nested = {**USER, "presence": wire}
        assert User.from_wire(nested).to_wire() == nested

    @pytest.mark.parametrize(
        "wire", [{}, {"nullable": None, "optional": None}, {"optional": 1}]
    )
    def test_refused(self, wire: dict[str, object]) -> None:
        with pytest.raises(ValidationError):
            Presence.from_wire(wire)

    def test_none_in_python(self) -> None:
        given = Presence(nullable=None, optional=None, either=None)
        assert given.to_wire() == {"nullable": None, "either": None}
        assert Presence(nullable=None).to_wire() == {"nullable": None}

    def test_dumping_set_fields_is_exact_in_python_too(self) -> None:
        for given in (Presence(nullable=None), Presence(nullable=None, either=None)):
            values = given.model_dump(exclude_unset=True)
            assert Presence.model_validate(values).to_wire() == given.to_wire()


class TestDocument:
    def test_system_fields_have_their_own_names(self) -> None:
        user = User.from_wire(USER)
        assert (user.id, user.creation_time) == ("u", 1.5)
        assert user.to_wire() == USER
        assert user.model_dump(exclude_unset=True) == {
            "id": "u",
            "creation_time": 1.5,
            "name": "Ada",
        }

    def test_names_of_the_wire_are_for_the_wire(self) -> None:
        with pytest.raises(ValidationError):
            User.model_validate(USER)
        with pytest.raises(ValidationError):
            User.from_wire({"id": "u", "creation_time": 1, "name": "Ada"})

    def test_unknown_fields_are_refused_or_ignored_at_any_depth(self) -> None:
        wire = {**USER, "new": 1, "presence": {"nullable": None, "new": {"$x": 1}}}
        with pytest.raises(ValidationError) as refused:
            User.from_wire(wire)
        places = {error["loc"] for error in refused.value.errors()}
        assert places == {("new",), ("presence", "new")}
        known = User.from_wire(wire, extra="ignore")
        assert known.to_wire() == {**USER, "presence": {"nullable": None}}

    def test_it_is_frozen_at_any_depth(self) -> None:
        user = User.from_wire({**USER, "presence": {"nullable": None}})
        with pytest.raises(ValidationError, match="frozen"):
            user.name = "Bob"
        with pytest.raises(ValidationError, match="frozen"):
            user.presence.nullable = "x"

    def test_it_pickles_and_copies(self) -> None:
        user = User.from_wire({**USER, "nickname": None})
        for copy in (pickle.loads(pickle.dumps(user)), user.model_copy(deep=True)):
            assert copy == user and type(copy.id) is UserId
            assert copy.to_wire() == user.to_wire()

    def test_it_knows_its_table(self) -> None:
        assert {User.__table__, UserNew.__table__, UserPatch.__table__} == {"users"}

    def test_wire_takes_json_values_only(self) -> None:
        with pytest.raises(TypeError):
            User.from_wire({**USER, "name": b"Ada"})
        with pytest.raises(ValidationError):
            User.from_wire_json(b"{")
        with pytest.raises(ValidationError):
            User.from_wire_json('{"_id": "\\ud800"}')

    def test_public_names_are_few(self) -> None:
        from pydantic import BaseModel

        added = {name for name in dir(Document) if not name.startswith("_")}
        assert added - set(dir(BaseModel)) == {
            "from_wire",
            "from_wire_json",
            "to_wire",
            "to_wire_json",
        }


class TestPatch:
    def test_only_given_fields_are_there(self) -> None:
        patch = UserPatch(name="Bob", email=REMOVE)
        assert patch.to_wire() == {"name": "Bob", "email": {"$undefined": None}}
        assert patch.model_dump() == {"name": "Bob", "email": REMOVE}
        assert repr(patch) == "UserPatch(name='Bob', email=REMOVE)"
        assert patch.nickname is KEEP

    def test_null_is_given(self) -> None:
        assert UserPatch(nickname=None).to_wire() == {"nickname": None}

    @pytest.mark.parametrize(
        "fields",
        [{"name": None}, {"name": REMOVE}, {"email": None}, {"name": 1}, {"x": 1}],
    )
    def test_given_fields_are_checked(self, fields: dict[str, object]) -> None:
        with pytest.raises(ValidationError):
            UserPatch.model_validate(fields)

    def test_keep_is_as_good_as_nothing(self) -> None:
        assert UserPatch(name=KEEP, email="e") == UserPatch(email="e")
        assert UserPatch(name=KEEP).to_wire() == {}

    def test_nested_presence_is_exact(self) -> None:
        presence = Presence(nullable=None, either=None)
        assert UserPatch(presence=presence).to_wire() == {
            "presence": {"nullable": None, "either": None}
        }

    def test_it_pickles_and_copies(self) -> None:
        patch = UserPatch(email=REMOVE, legacy_id=3)
        for copy in (pickle.loads(pickle.dumps(patch)), patch.model_copy()):
            assert copy == patch and copy.email is REMOVE and copy.name is KEEP
        changed = patch.model_copy(update={"name": "Bob"})
        assert changed.to_wire()["name"] == "Bob"

    def test_an_unknown_attribute_is_an_error(self) -> None:
        with pytest.raises(AttributeError):
            UserPatch().nothing  # noqa: B018

    @pytest.mark.parametrize("mark", [ABSENT, KEEP, REMOVE])
    def test_marks_are_one_of_a_kind(self, mark: object) -> None:
        assert pickle.loads(pickle.dumps(mark)) is mark
        assert repr(mark) == mark.name


class TestOpenDocuments:
    def test_any_field_survives(self) -> None:
        system = {"_id": "n", "_creationTime": 1.0}
        wire = {
            **system,
            "id": "own",
            "model_dump": None,
            "big": {"$integer": "AQAAAAAAAAA="},
            "from": [{"$float": "AAAAAAAA+H8="}],
        }
        for extra in (None, "ignore", "forbid"):
            note = Note.from_wire(wire, extra=extra)
            assert note.to_wire() == wire
        assert note.big == 1 and note.id == "n"
        assert pickle.loads(pickle.dumps(note)).to_wire() == note.to_wire()

    def test_new_and_patch(self) -> None:
        assert NoteNew(a=1, b=None).to_wire() == {"a": 1.0, "b": None}
        patch = NotePatch(a=1, b=REMOVE, c=KEEP)
        assert patch.to_wire() == {"a": 1.0, "b": {"$undefined": None}}
        with pytest.raises(ValidationError):
            NoteNew(a=REMOVE)

    @pytest.mark.parametrize("name", ["_x", "$x", "é"])
    def test_names_are_those_of_convex(self, name: str) -> None:
        with pytest.raises(ValidationError):
            NoteNew(**{name: 1})


class TestUnionOfDocuments:
    def test_a_literal_field_tells_the_class(self) -> None:
        wire = {"_id": "e", "_creationTime": 1, "eventKind": "lost", "reason": "r"}
        arms = events.full_scan().arms
        assert arms.table == "events"
        assert isinstance(arms.from_wire(wire), EventFailed)
        with pytest.raises(ValidationError) as refused:
            arms.from_wire({**wire, "reason": 1})
        assert refused.value.errors()[0]["loc"] == ("lost", "reason")
        assert arms.from_wire({**wire, "new": 1}, extra="ignore").to_wire() == wire

    def test_without_one_the_class_that_fits(self) -> None:
        from codegen.runtime import Arms

        class A(Document, table="t"):
            a: str

        class B(Document, table="t"):
            b: float

        arms: Arms[A | B] = Arms((A, B))
        assert arms.from_wire(
            {"b": {"$float": "AAAAAAAA+H8="}}, extra="ignore"
        ).to_wire()
        assert isinstance(arms.from_wire({"a": "x"}), A)


def test_a_subclass_may_add_methods() -> None:
    class Point(Object):
        x: float
        y: float = 1.0

        def length(self) -> float:
            return (self.x**2 + self.y**2) ** 0.5

    assert Point(x=0).length() == 1.0
    assert Point(x=0).to_wire() == {"x": 0.0, "y": 1.0}
