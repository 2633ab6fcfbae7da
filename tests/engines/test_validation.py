"""What checks documents before they are written takes what their models take, and no more."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

import pytest
from pydantic import ValidationError
from pydantic_core import from_json

from codegen.engines.package import Package
from codegen.engines.validation import json_validator
from tests.cases.cases import codegen
from tests.interop.documents import Sampler, changes

ROOT = Path(__file__).parents[2]
SCHEMAS = [
    ROOT / "schema",
    ROOT / "tests/interop/everything.yaml",
    *sorted((ROOT / "tests/corpus/schemas").glob("*.json")),
]


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda path: path.stem)
def test_it_judges_as_models_do(
    schema: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"validated_{schema.stem.replace('-', '_')}"
    argv = ["generate", "--schema", str(schema), "--output", name]
    assert codegen(argv, tmp_path)[0] == 0
    monkeypatch.syspath_prepend(str(tmp_path))
    server = import_module(f"{name}.server")
    definition = Package(name, server.schema).schema
    random = Random(11)
    sampler = Sampler(definition, random)
    taken = refused = 0
    for table in definition.tables.values():
        arms = server.schema.tables[table.name].arms
        validate, parse = json_validator(arms), arms.parser()
        for _ in range(3):
            document = sampler.draw_document(table.document)
            some = list(changes(document))
            for one in [document, *random.sample(some, min(15, len(some)))]:
                text = _text(one)
                judged = _judged(parse, text)
                found = _judged(validate, text)
                assert (found is None) == (judged is None), text
                if found is not None:
                    taken += 1
                    assert found == from_json(text)
                else:
                    refused += 1
    assert taken and refused


def _text(document: Any) -> str:
    if isinstance(document, dict):
        document = {"_id": "id", "_creationTime": 1.5, **document}
    return json.dumps(document)


def _judged(judge: Any, text: str) -> Any:
    try:
        return judge(text)
    except ValidationError:
        return None
