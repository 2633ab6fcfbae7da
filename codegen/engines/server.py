"""What a generated package connects with."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, overload

from codegen.runtime.schema import Schema
from codegen.runtime.times import check_time

if TYPE_CHECKING:
    from codegen.convex.options import Options

    from .asynchronous.connecting import Connecting
    from .asynchronous.database import AsyncDatabase
    from .asynchronous.deployment import AsyncDeployment
    from .asynchronous.storage import AsyncStorage
    from .database import Database
    from .deployment import Deployment
    from .package import Package
    from .storage import Storage
    from .tables import Tables

_DEPLOYMENTS: Final = ("convex+", "https://", "http://")


class Server:
    """The schema of a generated package, and the way to its databases."""

    def __init__(self, module: str, modules: Mapping[str, str]) -> None:
        """`module` is the one that makes the server, `modules` are those of the tables."""
        self._package = module.rpartition(".")[0]
        self.schema = Schema(module, modules)

    @overload
    def connect(
        self,
        url: str,
        /,
        *,
        timeout_ms: float = 30_000,
        synchronous: Literal["full", "normal"] = "full",
        older_schema: bool = False,
        pooled: bool = False,
    ) -> Database: ...

    @overload
    def connect(self, url: str, /, *, options: Options) -> Deployment: ...

    @overload
    def connect(
        self, url: None = None, /, *, options: Options | None = None
    ) -> Deployment: ...

    def connect(
        self,
        url: str | None = None,
        /,
        *,
        timeout_ms: float = 30_000,
        synchronous: Literal["full", "normal"] = "full",
        older_schema: bool = False,
        pooled: bool = False,
        options: Options | None = None,
    ) -> Database:
        """Opens a database, makes it if it is not there, and brings it to this schema.

        `sqlite:///app.db` is a file beside the program, `sqlite:////var/app.db` one at an
        absolute path, and `sqlite://` is a database in memory. `postgresql://user@host/name` is
        one of a server, which has to be there; it needs `pip install "tablewright[postgres]"`.
        `convex+https://name.convex.cloud` is a Convex deployment, which runs its functions, and
        without a URL it is that of the environment; it needs `pip install
        "tablewright[convex]"`.

        Args:
            timeout_ms: How long to wait for other writers, in ms, before a `Conflict`.
            synchronous: `full` keeps what is committed through a loss of power; `normal`
                through a crash of the program only, and is faster.
            pooled: Whether there is a PgBouncer before the server that gives each transaction
                any of its connections.
            older_schema: Whether to apply a schema that the database had before its present
                one, instead of raising `NewerSchema`.
            options: As whom a deployment is spoken to, and for how long.

        Raises:
            TypeError: The URL is no text, but a path, for example; or a time is no number.
            ValueError: The URL is none of these, or an argument is out of its range.
            UnusableDatabase: The database is foreign, damaged, read-only, newer or out of reach.
            ModuleNotFoundError: What speaks to the server is not installed.
            SchemaMismatch: Documents in it do not fit this schema; nothing was changed.
            Conflict: Others kept it busy.
        """
        if chosen := _deployment(url, options, timeout_ms, pooled):
            from .deployment import Deployment

            return Deployment(*chosen, self._made_package())
        assert url is not None
        from .database import Database

        way = self._way(url, timeout_ms, synchronous, older_schema, pooled)
        return Database(*way.blocking())

    @overload
    def async_connect(
        self,
        url: str,
        /,
        *,
        timeout_ms: float = 30_000,
        synchronous: Literal["full", "normal"] = "full",
        older_schema: bool = False,
        pooled: bool = False,
    ) -> Connecting[AsyncDatabase]: ...

    @overload
    def async_connect(
        self, url: str, /, *, options: Options
    ) -> Connecting[AsyncDeployment]: ...

    @overload
    def async_connect(
        self, url: None = None, /, *, options: Options | None = None
    ) -> Connecting[AsyncDeployment]: ...

    def async_connect(
        self,
        url: str | None = None,
        /,
        *,
        timeout_ms: float = 30_000,
        synchronous: Literal["full", "normal"] = "full",
        older_schema: bool = False,
        pooled: bool = False,
        options: Options | None = None,
    ) -> Connecting[AsyncDatabase] | Connecting[AsyncDeployment]:
        """Opens a database for `async` code: see `connect`, which has the same arguments.

        `async with async_connect(url) as db:` closes it at the end, and
        `db = await async_connect(url)` leaves that to `await db.close()`. The database belongs
        to the event loop that opens it. A URL or an argument that is wrong is refused now,
        everything else when it is awaited.
        """
        from .asynchronous.connecting import Connecting

        if chosen := _deployment(url, options, timeout_ms, pooled):
            from .asynchronous.deployment import AsyncDeployment

            async def open_deployment() -> AsyncDeployment:
                return AsyncDeployment(*chosen, self._made_package())

            return Connecting(open_deployment)
        assert url is not None
        from .asynchronous.database import AsyncDatabase

        way = self._way(url, timeout_ms, synchronous, older_schema, pooled)

        async def open_database() -> AsyncDatabase:
            return AsyncDatabase(*await way.awaited())

        return Connecting(open_database)

    def _made_package(self) -> Package:
        from .package import Package

        return Package(self._package, self.schema)

    def _way(
        self,
        url: str,
        timeout_ms: float,
        synchronous: Literal["full", "normal"],
        older_schema: bool,
        pooled: bool,
    ) -> _Way:
        from .url import is_postgres, sqlite_path

        if synchronous not in ("full", "normal"):
            raise ValueError(f"synchronous is 'full' or 'normal', not {synchronous!r}")
        check_time("timeout_ms", timeout_ms)
        package = self._made_package()
        if is_postgres(url):
            return _to_server(
                package, url, timeout_ms, synchronous, pooled, older_schema
            )
        if pooled:
            raise ValueError("only a database of a PostgreSQL server can be pooled")
        path = sqlite_path(url)
        # The working directory may change while the database is open.
        path = path and os.path.abspath(path)
        return _to_file(package, path, timeout_ms, synchronous, older_schema)


def _deployment(
    url: str | None, options: Options | None, timeout_ms: float, pooled: bool
) -> tuple[str, Options] | None:
    """The deployment that is meant, and how it is spoken to; None for a database."""
    if url is not None:
        from .url import check_text

        check_text(url)
    if url is not None and not url.startswith(_DEPLOYMENTS):
        if options is not None:
            raise ValueError("options are for a deployment, not for a database")
        return None
    if pooled:
        raise ValueError("only a database of a PostgreSQL server can be pooled")
    from codegen.convex.http import check_installed
    from codegen.convex.options import Options
    from codegen.convex.selection import told

    check_installed()
    return told(url, options or Options(timeout_ms=timeout_ms))


class _Way(NamedTuple):
    """How a database is opened: by threads, and by tasks."""

    blocking: Callable[[], tuple[Storage, Tables]]
    awaited: Callable[[], Awaitable[tuple[AsyncStorage, Tables]]]


def _to_file(
    package: Package,
    path: str | None,
    timeout_ms: float,
    synchronous: Literal["full", "normal"],
    older_schema: bool,
) -> _Way:
    from .sqlite.connection import Target
    from .sqlite.opening import open_storage

    target = Target(path, timeout_ms, synchronous)

    async def open_for_tasks() -> tuple[AsyncStorage, Tables]:
        # It needs asyncio, which takes longer to import than all of this.
        from .sqlite.async_opening import open_async_storage

        return await open_async_storage(package, target, older_schema=older_schema)

    return _Way(
        partial(open_storage, package, target, older_schema=older_schema),
        open_for_tasks,
    )


def _to_server(
    package: Package,
    url: str,
    timeout_ms: float,
    synchronous: Literal["full", "normal"],
    pooled: bool,
    older_schema: bool,
) -> _Way:
    from .postgres import check_installed

    check_installed()
    from .postgres.opening import open_async_storage, open_storage
    from .postgres.target import Target

    target = Target.of(url, timeout_ms, synchronous, pooled=pooled)
    return _Way(
        partial(open_storage, package, target, older_schema=older_schema),
        partial(open_async_storage, package, target, older_schema=older_schema),
    )
