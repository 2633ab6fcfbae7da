"""A deployment for documents of any schema."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

from codegen.engines.ids import FIRST_NUMBER
from tests.cases.cases import codegen
from tests.deployments import real_deployment
from tests.deployments.mock_deployment import Place, running


@contextmanager
def running_schema(
    node_folder: Path, folder: Path, schema: str, first_number: int = FIRST_NUMBER
) -> Generator[Place]:
    """A mock that has a schema and the functions that the engine needs; its app is in `folder`."""
    (folder / "schema.yaml").write_text(schema, "utf-8")
    (folder / "convex").mkdir()
    for kind, name in (("convex", "schema.ts"), ("convex-helper", "tablewright.ts")):
        argv = ["export", "--to", kind, "--schema", "schema.yaml"]
        code, text, errors = codegen(argv, folder)
        assert code == 0, errors
        (folder / "convex" / name).write_text(text, "utf-8")
    with running(node_folder, folder, first_number=first_number) as place:
        yield place


@contextmanager
def deployed_schema(node_folder: Path, folder: Path, schema: str) -> Generator[Place]:
    """The same; a real deployment, if the environment names one."""
    real = real_deployment.real_place()
    if real is None:
        with running_schema(node_folder, folder, schema) as place:
            yield place
        return
    (folder / "schema.yaml").write_text(schema, "utf-8")
    real_deployment.push(real, folder, "schema.yaml", node_folder)
    real_deployment.clear(real)
    yield real


def empty(place: Place) -> None:
    """Forgets all documents, and a mock also the past."""
    if not place.is_mock:
        real_deployment.clear(place)
        return
    with urlopen(Request(f"{place.url}/mock/empty", method="POST"), timeout=30):
        pass
