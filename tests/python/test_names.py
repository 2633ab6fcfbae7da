"""Names from the schema's to Python's."""

from __future__ import annotations

import keyword

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import codegen.runtime
from codegen.python.names import (
    CALL_ATTRIBUTES,
    MODEL_ATTRIBUTES,
    QUERIES_ATTRIBUTES,
    derived_wire_name,
    field_names,
    function_module_names,
    function_names,
    method_names,
    module_names,
    pascal_case,
    snake_case,
)
from codegen.python.singular import singular_class
from codegen.runtime import (
    Call,
    Document,
    New,
    Object,
    OpenCall,
    OpenDocument,
    Patch,
    Queries,
)
from codegen.runtime.names import wire_name

IDENTIFIERS = st.from_regex(r"_{0,2}[A-Za-z][A-Za-z0-9_]{0,12}", fullmatch=True)


@pytest.mark.parametrize(
    ("name", "attribute"),
    [
        ("agentType", "agent_type"),
        ("HTMLParser", "html_parser"),
        ("userID", "user_id"),
        ("sha256Hash", "sha256_hash"),
        ("already_snake", "already_snake"),
        ("class", "class_"),
        ("from", "from_"),
        ("Global", "global_"),
        ("_hidden", "hidden"),
        ("_1", "field_1"),
        ("str", "str_"),
        ("copy", "copy_"),
        ("model_config", "model_config_"),
        ("type", "type"),
        ("date", "date"),
        ("id", "id"),
    ],
)
def test_attributes(name: str, attribute: str) -> None:
    assert field_names([name], document=False) == {name: attribute}


def test_a_document_keeps_its_own_id_and_creation_time() -> None:
    names = field_names(["id", "creationTime"], document=True)
    assert names == {"id": "id_", "creationTime": "creation_time_"}


def test_reserved_are_exactly_the_public_names_of_the_runtime() -> None:
    """All of them, so that no field hides a method; and no more, so that names stay."""
    models = (Document, New, Object, OpenDocument, Patch)
    public = {name for model in models for name in dir(model) if name[0] != "_"}
    inherited = {"mro", "register"}  # of the metaclass: not in dir(), but attributes
    assert public | inherited == MODEL_ATTRIBUTES
    queries = {name for name in dir(Queries) if name[0] != "_"}
    assert queries == QUERIES_ATTRIBUTES
    calls = {name for call in (Call, OpenCall) for name in dir(call) if name[0] != "_"}
    assert calls - public == CALL_ATTRIBUTES


@given(IDENTIFIERS)
def test_the_runtime_derives_the_same_wire_names(name: str) -> None:
    attribute = snake_case(name)
    assert derived_wire_name(attribute) == wire_name(attribute)


@given(st.lists(IDENTIFIERS, unique=True, max_size=12), st.booleans())
def test_names_are_usable_and_distinct(names: list[str], document: bool) -> None:
    found = field_names(names, document=document)
    assert list(found) == names
    assert len(set(found.values())) == len(names)
    for attribute in found.values():
        assert attribute.isidentifier() and not keyword.iskeyword(attribute)
        assert not attribute.startswith("_")
        assert attribute not in MODEL_ATTRIBUTES
    assert field_names(sorted(names), document=document) == found


def test_names_that_meet_keep_the_exact_one() -> None:
    names = field_names(["userId", "user_id", "UserId"], document=False)
    assert names["user_id"] == "user_id"
    assert sorted(names.values()) == ["user_id", "user_id_2", "user_id_3"]


def test_modules_and_methods() -> None:
    assert module_names(["class", "types", "con", "agentSessions"]) == {
        "class": "class_",
        "types": "types_",
        "con": "con_",
        "agentSessions": "agent_sessions",
    }
    assert method_names(["byUser", "full_scan"]) == {
        "byUser": "by_user",
        "full_scan": "full_scan_",
    }


def test_what_generated_code_imports_is_there() -> None:
    for name in codegen.runtime.__all__:
        assert hasattr(codegen.runtime, name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("agentSessions", "AgentSessions"),
        ("image/*", "Image"),
        ("5_porques", "N5Porques"),
        ("🔥", ""),
        ("NEWCOMER", "Newcomer"),
    ],
)
def test_pascal_case(text: str, name: str) -> None:
    assert pascal_case(text) == name


@pytest.mark.parametrize(
    ("table", "model"),
    [
        ("users", "User"),
        ("agentSessions", "AgentSession"),
        ("categories", "Category"),
        ("statuses", "Status"),
        ("addresses", "Address"),
        ("boxes", "Box"),
        ("caches", "Cache"),
        ("people", "Person"),
        ("series", "Series"),
        ("status", "Status"),
        ("analytics", "Analytics"),
        ("metrics", "Metric"),
        ("heroes", "Hero"),
        ("responses", "Response"),
        ("databases", "Database"),
        ("viruses", "Virus"),
        ("houses", "House"),
        ("apis", "Api"),
        ("movies", "Movie"),
        ("canvas", "Canvas"),
        ("media", "Media"),
        ("news", "News"),
        ("userPreferences", "UserPreferences"),
        ("_scheduled_functions", "ScheduledFunction"),
    ],
)
def test_singular(table: str, model: str) -> None:
    assert singular_class(table) == model


@given(
    st.lists(IDENTIFIERS, unique=True, max_size=8),
    st.lists(st.from_regex(r"[A-Za-z0-9_.]{1,9}", fullmatch=True), unique=True),
)
@example(["L"], ["L"])  # a name that neither may have
def test_functions_and_modules_keep_apart(names: list[str], parts: list[str]) -> None:
    components = [part for part in parts if any(c.isalnum() for c in part)]
    modules = function_module_names(components)
    functions = function_names(names, modules.values())
    found = [*functions.values(), *modules.values()]
    assert (list(functions), list(modules)) == (names, components)
    assert len(set(found)) == len(found)
    for name in found:
        assert name.isidentifier() and not keyword.iskeyword(name)
        assert not name.startswith("_")


@pytest.mark.parametrize(
    ("component", "module"),
    [("userNotes", "user_notes"), ("2fa", "module_2fa"), ("v1.2", "v1_2")],
)
def test_modules_of_functions(component: str, module: str) -> None:
    assert function_module_names([component]) == {component: module}
