"""PostgreSQL: an engine for those who have installed what speaks to a server."""

from importlib import import_module


def check_installed() -> None:
    """Raises a `ModuleNotFoundError` that says what to install."""
    try:
        for name in ("psycopg", "psycopg_pool"):
            import_module(name)
    except ImportError as error:
        raise ModuleNotFoundError(
            f'PostgreSQL needs psycopg: pip install "tablewright[postgres]" ({error})'
        ) from None
