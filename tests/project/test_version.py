"""The version has two places, which agree."""

import tomllib
from pathlib import Path

from codegen.project.version import DISTRIBUTION, VERSION

ROOT = Path(__file__).parents[2]


def test_the_version_is_that_of_the_distribution() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert (project["name"], project["version"]) == (DISTRIBUTION, VERSION)
