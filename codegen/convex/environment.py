"""The variables that Convex's command line reads, and where each of them comes from."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from .address import without_password
from .secret import Secret

# `EXPECTED_CONVEX_URL_NAMES` of npm's `convex`: what it writes for each framework.
URLS: Final = (
    *("CONVEX_URL", "VITE_CONVEX_URL", "NEXT_PUBLIC_CONVEX_URL"),
    *("PUBLIC_CONVEX_URL", "REACT_APP_CONVEX_URL", "EXPO_PUBLIC_CONVEX_URL"),
)
DEPLOY_KEY: Final = "CONVEX_DEPLOY_KEY"
DEPLOYMENT: Final = "CONVEX_DEPLOYMENT"
SELF_HOSTED_URL: Final = "CONVEX_SELF_HOSTED_URL"
SELF_HOSTED_KEY: Final = "CONVEX_SELF_HOSTED_ADMIN_KEY"
ALIAS: Final = "CONVEX_DEPLOYMENT_TOKEN"
NAMES: Final = (DEPLOY_KEY, ALIAS, SELF_HOSTED_URL, SELF_HOSTED_KEY, DEPLOYMENT, *URLS)
_SECRET: Final = {DEPLOY_KEY, ALIAS, SELF_HOSTED_KEY}
_FILES: Final = (".env.local", ".env")
_PROCESS: Final = "the environment"
_log: Final = logging.getLogger("codegen.convex")
# The line itself may have a key in it, which is nobody's business.
_MALFORMED: Final = (
    "%s:%d: warning: this is not a variable, and is left out\n"
    "  help: write NAME=value; what begins with a quote ends with the same one"
)


class Setting(NamedTuple):
    """A variable that is set, and where; `also` are the places that come too late."""

    name: str
    value: Secret
    source: str
    also: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The value, or that there is one; a URL without a password."""
        if self.name in _SECRET:
            return "(secret)"
        return without_password(self.value.reveal())


def read_environment(
    folder: str = ".",
    env_file: str | None = None,
    process: Mapping[str, str] = os.environ,
) -> dict[str, Setting]:
    """The variables by their names: of the process, else of `.env.local`, else of `.env`.

    This is the order of Convex's own command line, as is that a variable which is empty counts
    as not set, but hides those in files. With `env_file` that file alone is read. Raises an
    OSError for a file that can't be read, and a ValueError for one that is no text.
    """
    if env_file is not None:
        return _settings([(env_file, _values(Path(env_file)))])
    sources = [(_PROCESS, process)]
    for name in _FILES:
        path = Path(folder, name)
        if path.is_file():
            sources.append((name, _values(path)))
    return _settings(sources)


def deploy_key(settings: Mapping[str, Setting]) -> Setting | None:
    """The deploy key, under its present name or its old one."""
    return settings.get(DEPLOY_KEY) or settings.get(ALIAS)


def _settings(sources: Sequence[tuple[str, Mapping[str, str]]]) -> dict[str, Setting]:
    found: dict[str, Setting] = {}
    for name in NAMES:
        having = [
            (source, values[name]) for source, values in sources if name in values
        ]
        if having and having[0][1]:
            (source, value), *late = having
            also = tuple(source for source, _ in late)
            found[name] = Setting(name, Secret(value), source, also)
    return found


def _values(path: Path) -> dict[str, str]:
    """The variables of a file; `${…}` in it stays as it is, as with npm's `dotenv`.

    A statement that is none is left out, as there, and warned of.
    """
    from io import StringIO

    from dotenv.parser import parse_stream

    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        raise ValueError(f"{path} is no text in UTF-8: save it as such") from None
    values: dict[str, str] = {}
    for statement in parse_stream(StringIO(text)):
        if statement.error:
            written = statement.original.string
            blank = written[: len(written) - len(written.lstrip())]
            _log.warning(_MALFORMED, path, statement.original.line + blank.count("\n"))
        elif statement.key is not None and statement.value is not None:
            values[statement.key] = statement.value
    return values
