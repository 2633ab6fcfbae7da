"""Convex's own command line: which of its words pushes, and how it learns of the deployment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .environment import (
    ALIAS,
    DEPLOY_KEY,
    DEPLOYMENT,
    SELF_HOSTED_KEY,
    SELF_HOSTED_URL,
    Setting,
)
from .keys import kind_of
from .selection import Chosen, NoDeployment

DEPLOY: Final = ("convex", "deploy")
DEVELOP: Final = ("convex", "dev", "--once")
_SELECTING: Final = (DEPLOY_KEY, ALIAS, SELF_HOSTED_URL, SELF_HOSTED_KEY, DEPLOYMENT)


def pushing(chosen: Chosen, settings: Mapping[str, Setting]) -> tuple[str, ...]:
    """The words behind `npx` that push to a deployment.

    Beside `CONVEX_DEPLOYMENT`, `deploy` pushes to the project's deployment in production, whatever
    other deployment the variable names.
    """
    if chosen.key is not None:
        return DEVELOP if kind_of(chosen.key) == "dev" else DEPLOY
    named = settings.get(DEPLOYMENT)
    is_production = named is not None and named.value.reveal().startswith("prod:")
    return DEPLOY if is_production else DEVELOP


def told_by(chosen: Chosen, settings: Mapping[str, Setting]) -> dict[str, str]:
    """The variables that name a deployment to Convex's command line, and hide all others.

    It takes one that is empty for one that is not set, and does not look for it in files.
    Raises `NoDeployment` where nothing lets anybody push.
    """
    variables = dict.fromkeys(_SELECTING, "")
    if chosen.key is None:
        named = settings.get(DEPLOYMENT)
        if named is None:
            raise NoDeployment(
                f"{chosen.origin_from} comes without a key, and nobody pushes without one:"
                f" {chosen.how_to_give_a_key}"
            )
        # Who has logged in needs no key.
        return variables | {DEPLOYMENT: named.value.reveal()}
    key = chosen.key.reveal()
    if chosen.key_from in (DEPLOY_KEY, ALIAS):
        return variables | {DEPLOY_KEY: key}
    return variables | {SELF_HOSTED_URL: chosen.origin, SELF_HOSTED_KEY: key}
