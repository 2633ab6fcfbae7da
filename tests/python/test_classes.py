"""The names of classes: declared ones first, derived ones yield, clashes are told."""

from __future__ import annotations

from codegen.ir.model import NamedType, Schema, Table
from codegen.ir.types import NUMBER, STRING, Field, Id, Literal, Object, Union
from codegen.python.classes import class_names


def table(name: str, model: str | None = None) -> Table:
    return Table(name, Object((Field("x", STRING),)), model=model)


def schema(*tables: Table, types: tuple[str, ...] = ()) -> Schema:
    named = {name: NamedType(name, Object(())) for name in types}
    return Schema({one.name: one for one in tables}, named)


def test_a_table_gives_five_names() -> None:
    names, faults = class_names(schema(table("agentSessions")), {})
    own = names.tables["agentSessions"]
    assert not faults
    assert (own.document, own.id, own.queries) == (
        "AgentSession",
        "AgentSessionId",
        "AgentSessionQueries",
    )
    assert (own.arms[0].new, own.arms[0].patch) == (
        "AgentSessionNew",
        "AgentSessionPatch",
    )


def test_derived_names_yield_to_declared_ones() -> None:
    names, faults = class_names(
        schema(table("users"), table("people", "User"), types=("UserId",)), {}
    )
    assert not faults
    assert names.tables["people"].document == "User"
    assert names.tables["users"].document == "User2"
    assert names.tables["people"].id == "UserId2"


def test_derived_names_do_not_depend_on_the_order_of_tables() -> None:
    tables = [table("userData"), table("user_data"), table("userDatas")]
    there, _ = class_names(schema(*tables), {})
    back, _ = class_names(schema(*reversed(tables)), {})
    assert there.tables == back.tables
    assert there.ids == back.ids


def test_declared_names_that_clash_are_a_fault_at_both_places() -> None:
    _, faults = class_names(schema(table("users", "User"), types=("User",)), {})
    (fault,) = faults
    assert fault.code == "E230"
    assert fault.path == ("tables", "users", "model")
    assert fault.related == ((("types", "User"), "the first is declared here"),)


def test_the_configuration_overrides_the_schema() -> None:
    names, faults = class_names(
        schema(table("users", "User"), types=("User",)), {"users": "Person"}
    )
    assert not faults
    assert names.tables["users"].document == "Person"


def test_arms_are_named_by_what_tells_them_apart() -> None:
    def arm(kind: str) -> Object:
        return Object((Field("kind", Literal.of(kind)), Field("at", NUMBER)))

    events = Table("events", Union((arm("started"), arm("image/*"), arm("🔥"))))
    names, _ = class_names(schema(events), {})
    arms = [one.document for one in names.tables["events"].arms]
    assert arms == ["EventStarted", "EventImage", "Event3"]


def test_ids_of_tables_outside_of_the_schema() -> None:
    files = Table("files", Object((Field("blob", Id("_storage")),)))
    names, _ = class_names(schema(files), {})
    assert names.ids == {"files": "FileId", "_storage": "StorageId"}
