"""A package's models as they are generated, with every kind of field."""

from typing import Annotated, Final, Literal, TypeAlias

from codegen.runtime import (
    KEEP,
    AnyValue,
    BigInt,
    Bytes,
    CommitTs,
    Discriminator,
    Document,
    Ge,
    Id,
    Le,
    MaxLen,
    MinLen,
    New,
    Object,
    OneOf,
    OpenDocument,
    OpenNew,
    OpenPatch,
    Opt,
    Patch,
    Pattern,
    Queries,
    Remove,
)


class UserId(Id["User"], table="users"):
    __slots__ = ()


class EventId(Id["Event"], table="events"):
    __slots__ = ()


class NoteId(Id["Note"], table="notes"):
    __slots__ = ()


class Presence(Object):
    """The four cells: optional, optional and nullable, any, required and nullable."""

    optional: Opt[float] = None
    either: str | None = None
    anything: AnyValue | None = None
    nullable: str | None


class Circle(Object):
    shape_kind: Literal["circle"]
    radius: float


class Square(Object):
    shape_kind: Literal["square", "rect"]
    side: float


class Scalars(Object):
    text: str
    number: float
    flag: bool
    nothing: None
    big: BigInt
    stamp: CommitTs
    blob: Bytes
    free: AnyValue
    user: UserId


class Literals(Object):
    word: Literal["a", "b"]
    yes: Literal[True]
    mixed: Literal["a", False]
    number: Annotated[float, OneOf(0.0, 1.0)]
    big: Annotated[Literal[1, 2], OneOf(1, 2)]
    both: Annotated[float, OneOf(1.0)] | Annotated[Literal[1], OneOf(1)]


class Constrained(Object):
    share: Annotated[float, Ge(0), Le(1)] = 0.0
    name: Annotated[str, MinLen(1), Pattern("^a(?!b)")] = "a"
    count: Annotated[BigInt, Ge(0)] = 0
    blob: Annotated[Bytes, MaxLen(2)] = b""
    items: Opt[Annotated[list[float], MinLen(1)]] = None


class Nested(Object):
    items: list[Presence]
    by_name: dict[str, Presence]
    by_user: dict[UserId, BigInt]
    maybe: Opt[list[list[float | None]]] = None
    shape: Annotated[Circle | Square, Discriminator("shape_kind")]
    loose: Presence | str | None


class Unions(Object):
    big_or_number: BigInt | float
    number_or_big: float | BigInt
    number_or_text: float | str
    number_or_null: float | None
    blob_or_text: Bytes | str
    lists: list[float] | list[str]
    number_or_record: float | dict[str, str]
    ids: EventId | UserId


class Hostile(
    Object,
    wire={"global_2": "Global", "user_id": "user_id", "x": "_x", "json_": "json"},
):
    from_: float
    str_: str
    global_2: float
    user_id: float
    x: float
    json_: float
    id: str
    creation_time: float
    table: str
    wire: str
    model_name: str


class User(Document, table="users", wire={"legacy_id": "legacy_id"}):
    id: UserId
    creation_time: float

    name: str
    email: Opt[str] = None
    nickname: str | None = None
    presence: Opt[Presence] = None
    legacy_id: Opt[float] = None


class UserNew(New[UserId], table="users", wire={"legacy_id": "legacy_id"}):
    name: str = "anonymous"
    email: Opt[str] = None
    nickname: str | None = None
    presence: Opt[Presence] = None
    legacy_id: Opt[float] = None


class UserPatch(Patch[User], table="users", wire={"legacy_id": "legacy_id"}):
    name: str = KEEP
    email: str | Remove = KEEP
    nickname: str | Remove | None = KEEP
    presence: Presence | Remove = KEEP
    legacy_id: float | Remove = KEEP


class UserQueries(Queries[User]):
    pass


users: Final = UserQueries(User)


class EventStarted(Document, table="events"):
    id: EventId
    creation_time: float

    event_kind: Literal["started"]
    at: float


class EventFailed(Document, table="events"):
    id: EventId
    creation_time: float

    event_kind: Literal["failed", "lost"]
    reason: str


Event: TypeAlias = EventStarted | EventFailed
events: Final = Queries[Event](EventStarted, EventFailed)


class Note(OpenDocument, table="notes", init=False):
    id: NoteId
    creation_time: float


class NoteNew(OpenNew[NoteId], table="notes", init=False):
    pass


class NotePatch(OpenPatch[Note], table="notes", init=False):
    pass
