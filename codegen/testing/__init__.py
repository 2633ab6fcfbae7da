"""What tests of a program that uses a generated package need: documents, and a database."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .factory import Factory
    from .possibilities import CannotMake

__all__ = ["CannotMake", "Factory"]

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Imports on first use: pytest loads the plugin beside this in every run."""
        if name == "Factory":
            from .factory import Factory

            return Factory
        if name == "CannotMake":
            from .possibilities import CannotMake

            return CannotMake
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
