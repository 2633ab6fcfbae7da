"""What OpenAPI says in words of its own: versions, and `nullable`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .importing import of_text, told

OWNERS = """\
{version}
components:
  schemas:
    Pet:
      type: object
      additionalProperties: false
      properties:
        owner: {{nullable: true, {keyword}: [{{$ref: '#/components/schemas/Owner'}}]}}
        other: {{$ref: '#/components/schemas/MayBe'}}
    MayBe:
      nullable: true
      allOf: [{{$ref: '#/components/schemas/Owner'}}]
    Owner:
      type: object
      additionalProperties: false
      required: [name]
      properties: {{name: {{type: string, nullable: true}}}}
"""


@pytest.mark.parametrize("keyword", ["allOf", "anyOf", "oneOf"])
def test_a_reference_that_may_be_null(tmp_path: Path, keyword: str) -> None:
    source = OWNERS.format(version="openapi: 3.0.3", keyword=keyword)
    text, found = of_text(tmp_path, "api.yaml", source)
    assert found == []
    assert text == """\
types:
  Owner: {name: str | None}
  MayBe: Owner | None

tables:
  pets:
    fields:
      owner?: Owner | None
      other?: MayBe
"""


def test_what_may_be_null_or_itself(tmp_path: Path) -> None:
    source = """\
openapi: 3.0.3
components:
  schemas:
    Node:
      type: object
      additionalProperties: false
      properties:
        next: {nullable: true, allOf: [{$ref: '#/components/schemas/Node'}]}
        odd: {$ref: '#/components/schemas/Odd'}
    Odd: {nullable: true, allOf: [{$ref: '#/components/schemas/Odd'}]}
"""
    text, found = of_text(tmp_path, "api.yaml", source)
    assert (text, {d.code for d in found}) == (None, {"E804"})
    text, found = of_text(tmp_path, "api.yaml", source, cycles="any")
    assert {d.code for d in found} == {"W805"}
    assert text is not None
    assert "      next?: AnyNode | None\n" in text


def test_a_reference_that_may_be_null_as_an_id(tmp_path: Path) -> None:
    source = OWNERS.format(version="openapi: 3.0.3", keyword="allOf")
    given: Any = {"tables": ("Pet", "Owner"), "references": "id"}
    text, found = of_text(tmp_path, "api.yaml", source, **given)
    assert [d.code for d in found] == ["W810"]
    assert text is not None
    assert "      owner?: Id[owners] | None\n" in text


@pytest.mark.parametrize(
    ("version", "name", "is_30"),
    [
        ("openapi: 3.0", "str | None", True),
        ("openapi: '3.0'", "str | None", True),
        ("swagger: 2.0", "str | None", True),
        ("swagger: 2", "str | None", True),
        ("openapi: 3.1", "str", False),
        ("openapi: 3.1.0", "str", False),
    ],
)
def test_versions_with_and_without_quotes(
    tmp_path: Path, version: str, name: str, is_30: bool
) -> None:
    source = OWNERS.format(version=version, keyword="allOf")
    text, found = of_text(tmp_path, "api.yaml", source, tables=("Owner",))
    assert text is not None
    assert text.endswith(f"      name: {name}\n")
    assert [d.code for d in found] == ([] if is_30 else ["W812"])


def test_null_that_only_a_later_version_has(tmp_path: Path) -> None:
    source = """\
openapi: 3.1.0
components:
  schemas:
    Pet:
      type: object
      additionalProperties: false
      properties:
        name: {type: string, nullable: true}
        kind: {enum: [cat, dog], nullable: true}
        born: {type: [integer, "null"]}
"""
    text, found = of_text(tmp_path, "api.yaml", source)
    assert told(found) == [
        "8:30 W812 `nullable` is of OpenAPI 3.0, and means nothing here",
        "9:34 W812 `nullable` is of OpenAPI 3.0, and means nothing here",
    ]
    assert text is not None
    assert text.split("fields:\n")[1] == (
        '      name?: str\n      kind?: Literal["cat", "dog"]\n      born?: int | None\n'
    )
