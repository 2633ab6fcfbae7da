"""Which deployment is meant: by what is given, else by the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from .address import cloud_name, origin_of
from .environment import (
    DEPLOY_KEY,
    DEPLOYMENT,
    SELF_HOSTED_KEY,
    SELF_HOSTED_URL,
    URLS,
    Setting,
    deploy_key,
    read_environment,
)
from .keys import deployment_of, kind_of
from .options import Options
from .secret import Secret

URL_OPTION: Final = "--url"
KEY_OPTION: Final = "--admin-key"
_LOCAL: Final = "http://127.0.0.1:3210"


class NoDeployment(ValueError):
    """Nothing says which deployment is meant, or several things contradict each other."""


class Chosen(NamedTuple):
    """A deployment, a key to it if there is one, and what they were taken from."""

    origin: str
    key: Secret | None
    origin_from: str
    key_from: str | None

    @property
    def how_to_give_a_key(self) -> str:
        """What to do where there is none; a key beside another URL does not count."""
        if self.origin_from == URL_OPTION:
            return f"give {KEY_OPTION}"
        if cloud_name(self.origin) is not None:
            return f"set {DEPLOY_KEY}"
        if self.origin_from == SELF_HOSTED_URL:
            return f"set {SELF_HOSTED_KEY}"
        return (
            f"set {SELF_HOSTED_URL} and {SELF_HOSTED_KEY}, which count together only, or"
            f" {DEPLOY_KEY} in the cloud"
        )


def choose(settings: Mapping[str, Setting]) -> Chosen:
    """The deployment that variables name, in the order of Convex's own command line.

    A deploy key comes first, then `CONVEX_SELF_HOSTED_…`, then `CONVEX_DEPLOYMENT`, then the
    variables that frameworks have for the URL. Raises `NoDeployment`, or a ValueError for a URL
    that is none.
    """
    key = deploy_key(settings)
    if key is not None:
        return _by_deploy_key(key, settings)
    hosted, hosted_key = settings.get(SELF_HOSTED_URL), settings.get(SELF_HOSTED_KEY)
    deployment = settings.get(DEPLOYMENT)
    if deployment is not None and (hosted or hosted_key):
        both = " and ".join(one.name for one in (hosted, hosted_key) if one)
        raise NoDeployment(
            f"{DEPLOYMENT} ({deployment.source}) must not be set beside {both}: remove one"
        )
    if hosted is not None:
        chosen = _at(hosted)
        return chosen if hosted_key is None else _with(chosen, hosted_key)
    url = _framework_url(settings)
    if deployment is not None:
        return _by_name(deployment, url)
    if url is None:
        raise NoDeployment(
            "nothing says which deployment is meant: set CONVEX_URL, or"
            f" {SELF_HOSTED_URL}, in the environment or in .env.local"
        )
    return _at(url)


def told(url: str | None, options: Options) -> tuple[str, Options]:
    """The origin of a deployment, and the options with the key that they ask for.

    Without a URL both are those of the environment; a key of the environment goes nowhere but
    to the deployment beside it. Raises what `choose` and `read_environment` raise.
    """
    if url is not None:
        if options.as_admin:
            raise ValueError(
                "as_admin takes the key of the environment, for the deployment that it names:"
                " leave out the URL, or give an admin_key"
            )
        return origin_of(url), options
    chosen = choose(read_environment())
    if not options.as_admin:
        return chosen.origin, options
    if chosen.key is None:
        raise NoDeployment(
            f"{chosen.origin_from} comes without a key: {chosen.how_to_give_a_key}"
        )
    with_key = replace(options, admin_key=chosen.key.reveal(), as_admin=False)
    return chosen.origin, with_key


def _by_deploy_key(key: Setting, settings: Mapping[str, Setting]) -> Chosen:
    name, kind = deployment_of(key.value), kind_of(key.value)
    if kind in ("preview", "project"):
        raise NoDeployment(
            f"{key.name} ({key.source}) is the key of a {kind}, which names no deployment:"
            " make a deploy key in the settings of the deployment"
        )
    if name is None:
        raise NoDeployment(
            f"{key.name} ({key.source}) has no deployment's name before a `|`:"
            " was it copied in full?"
        )
    url = _framework_url(settings)
    if url is not None:
        at = _at(url)
        # A domain of one's own says nothing of the deployment.
        if cloud_name(at.origin) in (name, None):
            return _with(at, key)
    return Chosen(f"https://{name}.convex.cloud", key.value, key.name, key.name)


def _by_name(deployment: Setting, url: Setting | None) -> Chosen:
    kind, _, name = deployment.value.reveal().rpartition(":")
    is_local = kind in ("local", "anonymous")
    if url is not None:
        at = _at(url)
        if is_local or cloud_name(at.origin) in (name, None):
            return at
    origin = _LOCAL if is_local else f"https://{name}.convex.cloud"
    return Chosen(origin_of(origin), None, deployment.name, None)


def _framework_url(settings: Mapping[str, Setting]) -> Setting | None:
    return next((settings[name] for name in URLS if name in settings), None)


def _at(url: Setting) -> Chosen:
    try:
        return Chosen(origin_of(url.value.reveal()), None, url.name, None)
    except ValueError as error:
        raise NoDeployment(f"{url.name} ({url.source}): {error}") from None


def _with(chosen: Chosen, key: Setting) -> Chosen:
    return chosen._replace(key=key.value, key_from=key.name)
