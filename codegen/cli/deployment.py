"""What the commands have in common that speak to a deployment of Convex."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from codegen.diagnostics import Diagnostic, Diagnostics

from .console import Console, Exit

if TYPE_CHECKING:
    from codegen.convex.administration import Administrator
    from codegen.convex.environment import Setting
    from codegen.convex.selection import Chosen


def add_arguments(parser: ArgumentParser, about: str) -> None:
    """The options that name a deployment; `about` says when there is one to name."""
    group = parser.add_argument_group("deployments of Convex", about)
    group.add_argument("--url", help="the deployment, in place of the environment's")
    group.add_argument(
        "--admin-key",
        metavar="KEY",
        help="its admin key or deploy key (better in the environment, where no history"
        " keeps it)",
    )
    group.add_argument(
        "--env-file", metavar="FILE", help="a file to read in place of the environment"
    )


class Unusable(Exception):
    """There is no deployment to speak to, or it does not say what is asked; told already."""


def settings_of(given: Namespace, folder: str = ".") -> Mapping[str, Setting]:
    """The variables that may say which deployment is meant; none count beside `--url`.

    Their files are looked for in the folder, but `--env-file` where the command runs. Raises
    an OSError or a ValueError for a file that can't be read.
    """
    from codegen.convex.environment import read_environment
    from codegen.convex.http import check_installed

    check_installed()
    return {} if given.url is not None else read_environment(folder, given.env_file)


def find(given: Namespace, settings: Mapping[str, Setting]) -> Chosen:
    """The deployment of the options, else of the variables; a ValueError says why there is none."""
    from codegen.convex.selection import KEY_OPTION, URL_OPTION, choose

    if given.url is not None:
        return _by_options(given)
    if given.admin_key is not None:
        raise ValueError(
            f"{KEY_OPTION} is for the deployment that {URL_OPTION} names: give both, or set"
            " the key in the environment"
        )
    return choose(settings)


def report_none(console: Console, error: Exception) -> Exit:
    """Why there is no deployment to speak to."""
    return _report(console, Diagnostic("E610", str(error)))


@contextmanager
def administered(console: Console, given: Namespace) -> Generator[Administrator]:
    """The deployment that is meant, for its administrator, for the time of a `with`.

    Raises `Unusable`, after a report, when there is none, or when it fails within.
    """
    try:
        chosen = find(given, settings_of(given))
    except (OSError, ValueError) as error:
        report_none(console, error)
        raise Unusable from None
    with administering(console, chosen, given.timeout_ms) as administrator:
        yield administrator


@contextmanager
def administering(
    console: Console, chosen: Chosen, timeout_ms: float
) -> Generator[Administrator]:
    """A deployment for its administrator, for the time of a `with`.

    Raises `Unusable`, after a report, when there is no key, or when it fails within.
    """
    from codegen.convex.administration import administered
    from codegen.convex.errors import DeploymentError
    from codegen.project.deployed import UnreadableSchema

    with ExitStack() as stack:
        try:
            opened = administered(chosen, timeout_ms)
            administrator = stack.enter_context(opened)
        except ValueError as error:
            report_none(console, error)
            raise Unusable from None
        try:
            yield administrator
        except (DeploymentError, UnreadableSchema) as error:
            hint = "`codegen doctor` looks for what is wrong"
            _report(console, Diagnostic("E612", str(error), hint=hint))
            raise Unusable from None


def _by_options(given: Namespace) -> Chosen:
    from codegen.convex.address import origin_of
    from codegen.convex.secret import Secret
    from codegen.convex.selection import KEY_OPTION, URL_OPTION, Chosen

    origin = origin_of(given.url)
    if given.admin_key is None:
        return Chosen(origin, None, URL_OPTION, None)
    return Chosen(origin, Secret(given.admin_key), URL_OPTION, KEY_OPTION)


def _report(console: Console, diagnostic: Diagnostic) -> Exit:
    diagnostics = Diagnostics()
    diagnostics.add(diagnostic)
    console.report_aside(diagnostics)
    return Exit.ERROR
