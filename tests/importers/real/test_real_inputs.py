"""Real schemas: what is imported and generated takes and refuses what the source does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.importers.real.compare import compare
from tests.importers.real.conftest import Find
from tests.importers.real.hypothesis_documents import Effort
from tests.importers.real.inputs import INPUTS, Input

DOCUMENTS = 250
EFFORT = Effort(largest=3000, seconds=0.3)
SMALL = [one for one in INPUTS if not one.is_large]

# A line of a native schema, and one that is nearly the same.
ALTERED = {
    "schemas/pins-lpa.schema.json": ("lpaName: str", "lpaName?: str"),
    "schemas/folder.schema.json": ("caseReference: str", "caseReference: str | None"),
    "3.1/json/petstore.json": ('"placed", ', ""),
    "lib/timings.json": ("send: float", "send: int"),
}


@pytest.mark.slow
@pytest.mark.parametrize("one", SMALL, ids=lambda one: one.name)
def test_same_documents(one: Input, find: Find, tmp_path: Path) -> None:
    compared = compare(one, find(one), tmp_path, DOCUMENTS, EFFORT)
    assert not compared.differences, "\n".join(map(str, compared.differences))
    assert compared.accepted > 4


@pytest.mark.slow
def test_enough_of_each_kind() -> None:
    kinds = [one.kind for one in SMALL]
    assert {kind: kinds.count(kind) for kind in kinds}["JSON Schema"] >= 30
    assert {"OpenAPI 3.0", "OpenAPI 3.1", "GraphQL"} < {*kinds}


@pytest.mark.slow
@pytest.mark.parametrize("name", ALTERED)
def test_mistakes_are_seen(name: str, find: Find, tmp_path: Path) -> None:
    """The comparison sees what a small mistake of the import would do."""
    (one,) = (one for one in INPUTS if one.file == name)
    before, after = ALTERED[name]

    def alter(text: str) -> str:
        assert before in text
        return text.replace(before, after, 1)

    compared = compare(one, find(one), tmp_path, DOCUMENTS, EFFORT, alter)
    assert compared.differences
