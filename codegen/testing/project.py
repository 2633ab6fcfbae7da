"""The generated package of the project that is tested."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Final

_OPTION: Final = "`tablewright_package` in [tool.pytest.ini_options]"
_ADVICE: Final = (
    "add the folder where imports begin to [tool.pytest.ini_options], such as"
    f' `pythonpath = ["."]`, or say the name of the package as {_OPTION}'
)


class NoPackage(Exception):
    """There is no package that can be imported; the message says what to do."""


def project_package(root: Path, name: str) -> ModuleType:
    """The package with this name or, without one, that of the nearest [tool.codegen].

    `root` is pytest's, from which pyproject.toml is looked for upwards.
    """
    if name:
        return _generated(_imported(name, f"{_OPTION} names it"))
    folder = _output(root)
    if not (folder / "__init__.py").is_file():
        raise NoPackage(
            f"there is no generated package in {folder}: run `codegen generate`, or say"
            f" which one it is as {_OPTION}"
        )
    return _generated(_known(folder) or _found(folder))


def _generated(module: ModuleType) -> ModuleType:
    from .packages import server_of

    try:
        server_of(module)
    except TypeError as error:
        raise NoPackage(str(error)) from None
    return module


def _known(folder: Path) -> ModuleType | None:
    """The package as the tests have imported it: they know its name."""
    for name, module in list(sys.modules.items()):
        if name.rpartition(".")[2] == folder.name and _is_in(module, folder):
            return module
    return None


def _found(folder: Path) -> ModuleType:
    """The package as it can be imported from the nearest folder of `sys.path` around it."""
    top = folder.parent
    while (top / "__init__.py").is_file():
        top = top.parent
    around = {Path(entry).resolve() for entry in sys.path}
    start = next((f for f in (top, *top.parents) if f.resolve() in around), top)
    name = ".".join(folder.relative_to(start).parts)
    found = _imported(name, _ADVICE)
    if not _is_in(found, folder):
        raise NoPackage(
            f"`import {name}` does not lead to {folder} but to {found.__file__}: {_ADVICE}"
        )
    return found


def _output(root: Path) -> Path:
    """The folder of the package: what [tool.codegen] says, or what it says by default."""
    import tomllib

    for folder in (root, *root.parents):
        file = folder / "pyproject.toml"
        if not file.is_file():
            continue
        try:
            config: Any = tomllib.loads(file.read_text("utf-8-sig"))
        except (OSError, ValueError) as error:
            raise NoPackage(f"{file} can't be read: {error}") from None
        try:
            output: Any = config["tool"]["codegen"].get("output", "generated")
        except (AttributeError, KeyError, TypeError):
            continue  # it has no such section
        if not isinstance(output, str):
            raise NoPackage(f"{file}: `output` of [tool.codegen] must be a path")
        return folder / output
    return root / "generated"


def _imported(name: str, advice: str) -> ModuleType:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name and f"{name}.".startswith(f"{error.name}."):
            raise NoPackage(
                f"the generated package `{name}` can't be imported: {advice}"
            ) from None
        raise


def _is_in(module: ModuleType, folder: Path) -> bool:
    """Whether a module is the package in a folder."""
    file: object = vars(module).get("__file__")
    package = folder / "__init__.py"
    return isinstance(file, str) and Path(file).resolve() == package.resolve()
