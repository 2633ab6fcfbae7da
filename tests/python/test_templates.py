"""Each template says which view it prints, prints only what that view has, and decides nothing."""

from __future__ import annotations

import dataclasses
import importlib
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, nodes

from codegen.ir.model import Function, Schema, Table
from codegen.ir.types import STRING, Field, Object
from codegen.python import render
from codegen.python.code import Code
from codegen.python.outputs import outputs, package

TEMPLATES = sorted(Path(render.TEMPLATES).glob("*.jinja"))
WHOLE = [path for path in TEMPLATES if not path.name.startswith("_")]
ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.For,
    nodes.If,
    nodes.Include,
    nodes.Name,
    nodes.Getattr,
    nodes.Const,
)


def parse(path: Path) -> nodes.Template:
    return Environment(trim_blocks=True, lstrip_blocks=True).parse(path.read_text())


def view_class(path: Path) -> type[Any]:
    """The class that the first line names: `{#- view: TableView -#}`."""
    first = path.read_text().splitlines()[0]
    assert first.startswith("{#- view: ") and first.endswith(" -#}"), first
    name = first.removeprefix("{#- view: ").removesuffix(" -#}")
    for module in ("tables", "types", "functions", "package"):
        views = importlib.import_module(f"codegen.python.views.{module}")
        if hasattr(views, name):
            return typing.cast("type[Any]", getattr(views, name))
    raise AssertionError(f"there is no view {name}")


def attribute_type(owner: Any, name: str, line: int) -> Any:
    hints = typing.get_type_hints(owner)
    fields = {field.name for field in dataclasses.fields(owner)}
    assert name in fields, f"line {line}: {owner.__name__} has no {name}"
    return hints[name]


def resolve(node: nodes.Expr, known: dict[str, Any]) -> Any:
    if isinstance(node, nodes.Name):
        assert node.name in known, f"line {node.lineno}: {node.name} is not the view"
        return known[node.name]
    assert isinstance(node, nodes.Getattr), f"line {node.lineno}: logic in a template"
    return attribute_type(resolve(node.node, known), node.attr, node.lineno)


def check(body: list[nodes.Node], known: dict[str, Any]) -> None:
    for node in body:
        assert isinstance(node, ALLOWED), f"line {node.lineno}: {type(node).__name__}"
        if isinstance(node, nodes.Output):
            for part in node.nodes:
                if not isinstance(part, nodes.TemplateData):
                    assert resolve(part, known) is Code, f"line {node.lineno}"
        elif isinstance(node, nodes.If):
            resolve(typing.cast(nodes.Expr, node.test), known)
            check([*node.body, *node.elif_, *node.else_], known)
        elif isinstance(node, nodes.For):
            items = resolve(typing.cast(nodes.Expr, node.iter), known)
            assert isinstance(items, types.GenericAlias), f"line {node.lineno}"
            assert isinstance(node.target, nodes.Name)
            check(node.body, known | {node.target.name: items.__args__[0]})
        elif isinstance(node, nodes.Include):
            name = node.template
            assert isinstance(name, nodes.Const)
            included = Path(render.TEMPLATES, name.value)
            check(parse(included).body, known)


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.name)
def test_a_template_fits_its_view(path: Path) -> None:
    check(parse(path).body, {"view": view_class(path)})


def test_the_check_can_fail(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.jinja"
    known = {"view": view_class(WHOLE[0])}
    for text in (
        "{{ view.anotation }}",
        "{{ vew.docstring }}",
        "{{ view.docstring | upper }}",
        "{% set x = 1 %}",
        "{{ 'text' }}",
    ):
        wrong.write_text(text)
        with pytest.raises(AssertionError):
            check(parse(wrong).body, known)


def test_views_are_frozen() -> None:
    for path in WHOLE:
        assert view_class(path).__dataclass_params__.frozen


def test_a_template_prints_nothing_but_code() -> None:
    @dataclasses.dataclass(frozen=True)
    class View:
        docstring: str

    with pytest.raises(TypeError, match="only Code can be printed"):
        render.render("tables.py.jinja", View('"""\nimport os'))


def files(schema: Schema) -> Iterator[str]:
    planned, faults = package(schema, {})
    assert not faults
    yield from (output.path for output in outputs(planned))


def test_the_table_of_outputs() -> None:
    schema = Schema({"users": Table("users", Object((Field("name", STRING),)))})
    assert list(files(schema)) == [
        "tables/users.py",
        "ids.py",
        "tables/__init__.py",
        "server.py",
        "__init__.py",
        "_schema.json",
        "py.typed",
    ]


def test_functions_have_modules_of_their_own() -> None:
    functions = [
        Function("users:get", "query"),
        Function("users/admin:get", "mutation"),
        Function("a/b:get", "action", "internal"),
    ]
    schema = Schema(functions={function.path: function for function in functions})
    found = [path for path in files(schema) if path.startswith(("api/", "internal/"))]
    # what others import comes first
    assert found == [
        "api/users/admin.py",
        "api/users/__init__.py",
        "api/__init__.py",
        "internal/a/b.py",
        "internal/a/__init__.py",
        "internal/__init__.py",
    ]
