"""What generated code imports, and what its users build and run operations with."""

from pydantic import Discriminator, ValidationError

from .anything import AnyValue
from .arms import Arms
from .calls import Call, Client, OpenCall
from .constraints import Ge, Gt, Le, Lt, MaxLen, MinLen, OneOf, Pattern
from .database import AsyncDb, AsyncSubscription, Db, Subscription
from .documents import Document, New, Patch
from .errors import (
    Closed,
    Conflict,
    CorruptDatabase,
    DatabaseError,
    ForeignDatabase,
    InvalidCursor,
    InvalidId,
    InvalidQuery,
    InvalidResult,
    LimitExceeded,
    NewerSchema,
    NotFound,
    NotUnique,
    ReadOnlyDatabase,
    SchemaChanged,
    SchemaMismatch,
    StorageFailed,
    TooManyResults,
    UniqueViolation,
    UnusableDatabase,
    ValidationFailed,
)
from .filters import UNFILTERED, AnyOf, any_of
from .ids import Id
from .model import Object
from .nothing import Nothing
from .open_documents import OpenDocument, OpenNew, OpenPatch
from .operations import Operation, Page, Read
from .presence import ABSENT, KEEP, REMOVE, Absent, Opt, Remove
from .queries import (
    First,
    Paginate,
    Queries,
    Query,
    SearchQuery,
    Selection,
    Take,
    Unique,
)
from .ranges import Bound, Range, between, gt, gte, lt, lte
from .scalars import BigInt, Bytes, CommitTs, Int64
from .schema import Schema, TableModels
from .vectors import Scored, VectorQuery

__all__ = [
    "ABSENT",
    "KEEP",
    "REMOVE",
    "UNFILTERED",
    "Absent",
    "AnyOf",
    "AnyValue",
    "Arms",
    "AsyncDb",
    "AsyncSubscription",
    "BigInt",
    "Bound",
    "Bytes",
    "Call",
    "Client",
    "Closed",
    "CommitTs",
    "Conflict",
    "CorruptDatabase",
    "DatabaseError",
    "Db",
    "Discriminator",
    "Document",
    "First",
    "ForeignDatabase",
    "Ge",
    "Gt",
    "Id",
    "Int64",
    "InvalidCursor",
    "InvalidId",
    "InvalidQuery",
    "InvalidResult",
    "Le",
    "LimitExceeded",
    "Lt",
    "MaxLen",
    "MinLen",
    "New",
    "NewerSchema",
    "NotFound",
    "NotUnique",
    "Nothing",
    "Object",
    "OneOf",
    "OpenCall",
    "OpenDocument",
    "OpenNew",
    "OpenPatch",
    "Operation",
    "Opt",
    "Page",
    "Paginate",
    "Patch",
    "Pattern",
    "Queries",
    "Query",
    "Range",
    "Read",
    "ReadOnlyDatabase",
    "Remove",
    "Schema",
    "SchemaChanged",
    "SchemaMismatch",
    "Scored",
    "SearchQuery",
    "Selection",
    "StorageFailed",
    "Subscription",
    "TableModels",
    "Take",
    "TooManyResults",
    "Unique",
    "UniqueViolation",
    "UnusableDatabase",
    "ValidationError",
    "ValidationFailed",
    "VectorQuery",
    "any_of",
    "between",
    "gt",
    "gte",
    "lt",
    "lte",
]
