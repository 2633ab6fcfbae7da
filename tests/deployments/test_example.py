"""The example of a server of one's own is what the pages say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples/self-hosted"


def test_the_steps_are_those_of_the_page() -> None:
    steps = re.findall(
        r"^   ```sh\n(.*?)^   ```", (EXAMPLE / "README.md").read_text(), re.M | re.S
    )
    page = (ROOT / "docs/deployments.md").read_text()
    section = page.partition("## A server of your own\n")[2]
    (shown,) = re.findall(
        r"^```sh\n(.*?)^```", section.partition("\n## ")[0], re.M | re.S
    )
    assert shown == re.sub("^   ", "", "".join(steps), flags=re.M)
    assert len(steps) == 5


def test_the_server_has_what_keys_are_made_from() -> None:
    composed: Any = yaml.safe_load((EXAMPLE / "docker-compose.yml").read_text())
    backend = composed["services"]["backend"]
    for name in ("INSTANCE_NAME", "INSTANCE_SECRET"):
        assert backend["environment"][name].startswith(f"${{{name}:?")
    assert all(port.startswith("127.0.0.1:") for port in backend["ports"])
    ignored = (EXAMPLE / ".gitignore").read_text().splitlines()
    assert {".env", ".env.local"} <= {*ignored}
