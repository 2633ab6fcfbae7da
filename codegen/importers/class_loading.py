"""Python classes by name, and what a user's module does while it is imported."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager, redirect_stdout
from dataclasses import is_dataclass
from types import ModuleType

from pydantic import BaseModel

from codegen.diagnostics import closest

_WHERE = "write `module:Name`; modules are looked for in the working directory first"


class NoClass(Exception):
    """There is no such class; `hint` says what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


@contextmanager
def modules_of_the_user() -> Generator[None]:
    """Modules can be imported from the working directory; the process is left as it was.

    What they print goes to standard error: standard output is for the result.
    """
    folder, before = os.getcwd(), {*sys.modules}
    sys.path.insert(0, folder)
    importlib.invalidate_caches()
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        os.chdir(folder)
        if folder in sys.path:
            sys.path.remove(folder)
        for name in {*sys.modules} - before:
            if _is_inside(sys.modules[name], folder):
                del sys.modules[name]


def load_class(name: str) -> type:
    """The class that `module:Name` names, which may stand in another one.

    Raises:
        NoClass: there is no such module, or nothing in it that can be imported as a table.
        Exception, SystemExit: whatever the module raises.
    """
    module_name, _, path = name.partition(":")
    if not module_name or not path:
        raise NoClass(f"`{name}` is no name of a class", _WHERE)
    try:
        found: object = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        missing = error.name or ""
        if f"{module_name}.".startswith(f"{missing}."):
            raise NoClass(f"there is no module `{missing}`", _WHERE) from error
        raise
    around = f"module `{module_name}`"
    for step in path.split("."):
        try:
            found, outer = getattr(found, step), found
        except AttributeError:
            hint = closest(step, _names_of_classes(found))
            raise NoClass(f"{around} has no `{step}`", hint) from None
        around = f"`{getattr(outer, '__name__', '')}.{step}`"
    if isinstance(found, type) and _is_known(found):
        return found
    what = "a class" if isinstance(found, type) else f"of type {type(found).__name__}"
    raise NoClass(
        f"`{name}` is {what}, and not a Pydantic (2) model, a dataclass or a TypedDict"
    )


def _is_known(found: type[object]) -> bool:
    return (
        issubclass(found, BaseModel)
        or is_dataclass(found)
        or hasattr(found, "__required_keys__")
    )


def _names_of_classes(found: object) -> list[str]:
    return [name for name, one in vars(found).items() if isinstance(one, type)]


def _is_inside(module: ModuleType, folder: str) -> bool:
    path = getattr(module, "__file__", None) or ""
    return path.startswith(folder + os.sep) and "site-packages" not in path
