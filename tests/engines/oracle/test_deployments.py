"""A deployment, asked through its functions, gives the answers of its database."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pprint import pformat
from random import Random

import pytest

from codegen.convex import Options
from tests.deployments.deployed_schema import running_schema
from tests.deployments.mock_deployment import Place, mock_folder
from tests.engines.oracle.conftest import HERE, Compared
from tests.engines.oracle.ours import Ours
from tests.engines.oracle.process import Oracle
from tests.engines.oracle.steps import Find, Turn
from tests.engines.oracle.story import Story
from tests.engines.oracle.theirs import Theirs
from tests.ir.strategies import same_json


@pytest.fixture(scope="module")
def deployment(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    schema = (HERE / "schema.yaml").read_text("utf-8")
    folder = tmp_path_factory.mktemp("app")
    with running_schema(mock_folder(pytestconfig), folder, schema) as place:
        yield place


def test_programs(compared: Compared, oracle: Oracle, deployment: Place) -> None:
    story = Story(compared.schema, Random(7))
    options = Options(admin_key=deployment.admin_key)
    theirs = Theirs(oracle, compared.exported)
    connect = compared.package.server.connect
    ours = Ours(compared.package, partial(connect, deployment.url, options=options))
    found = pages = 0
    try:
        for _ in range(600):
            step = story.alone()
            (answer,) = ours.run([step], fails=False)
            (wanted,) = theirs.run([step], fails=False)
            same = answer.refused == wanted.refused
            assert same and same_json(answer.value, wanted.value), (
                f"{pformat(step)}\nis answered by the deployment\n{pformat(answer)}\n"
                f"and by its database\n{pformat(wanted)}"
            )
            story.told([step], [answer])
            found += isinstance(step, Find) and bool(answer.value)
            pages += isinstance(step, Turn)
    finally:
        ours.close()
    assert found > 50 and pages > 30
