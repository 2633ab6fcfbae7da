"""The Python file of a migration."""

from __future__ import annotations

import importlib.util
import os
import sys
import traceback
from collections import Counter

from codegen.migrations import Upgrade, collected


class BrokenMigration(Exception):
    """A file that is no migration."""


def load(path: str) -> list[Upgrade]:
    """The functions of a file, in their order; other modules beside it can be imported.

    Raises a `BrokenMigration` that says what is wrong with the file.
    """
    if not os.path.isfile(path):
        raise BrokenMigration(f"there is no file {path}")
    name = os.path.splitext(os.path.basename(path))[0]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise BrokenMigration(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    folder = os.path.dirname(os.path.abspath(path))
    sys.path.insert(0, folder)
    try:
        with collected() as upgrades:
            spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        said = "".join(traceback.format_exception_only(error)).strip()
        raise BrokenMigration(f"{path} can't be run: {said}") from error
    finally:
        sys.path.remove(folder)
    if not upgrades:
        raise BrokenMigration(
            f"{path} has no functions for tables: mark them with"
            ' `@upgrade("table")`, of `codegen.migrations`'
        )
    for table, count in Counter(upgrade.table for upgrade in upgrades).items():
        if count > 1:
            raise BrokenMigration(f"{path} has {count} functions for table `{table}`")
    return upgrades


def own_traceback(error: BaseException, path: str) -> str:
    """The traceback of what a function raised, from the file of the migration on."""
    cause = error.__cause__
    if cause is None:
        return ""
    told = traceback.TracebackException.from_exception(cause)
    here = os.path.abspath(path)
    frames = [*told.stack]
    inside = [n for n, f in enumerate(frames) if os.path.abspath(f.filename) == here]
    if not inside:
        return ""
    told.stack = traceback.StackSummary.from_list(frames[inside[0] :])
    return "".join(told.format(chain=False)).rstrip()
