"""What users write and both checkers accept, with the types that they see."""

from typing import Any, Final, Literal, TypeAlias, assert_type

from codegen.engines import AsyncDatabase
from codegen.runtime import (
    REMOVE,
    Absent,
    AsyncDb,
    Call,
    Db,
    Document,
    Id,
    New,
    OpenDocument,
    OpenNew,
    OpenPatch,
    Page,
    Patch,
    Queries,
    Range,
    between,
    gt,
    gte,
    lt,
)
from generated.ids import AgentSessionId, WorkflowId
from generated.server import async_connect, schema
from generated.tables.agent_sessions import (
    AgentSession,
    AgentSessionMetadata,
    AgentSessionNew,
    AgentSessionPatch,
    agent_sessions,
)
from generated.tables.workflows import (
    Workflow,
    WorkflowMetadata,
    WorkflowNew,
    WorkflowPatch,
    workflows,
)
from generated.types import RunStatus
from generated.types.artifact import Artifact


class EventId(Id["Event"], table="events"):
    __slots__ = ()


class EventStarted(Document, table="events"):
    id: EventId
    creation_time: float

    kind: Literal["started"]


class EventFailed(Document, table="events"):
    id: EventId
    creation_time: float

    kind: Literal["failed"]
    reason: str


Event: TypeAlias = EventStarted | EventFailed


class EventStartedNew(New[EventId], table="events"):
    kind: Literal["started"]


class EventFailedPatch(Patch[Event], table="events"):
    reason: str


class EventQueries(Queries[Event]):
    pass


events: Final = EventQueries(EventStarted, EventFailed)


class NoteId(Id["Note"], table="notes"):
    __slots__ = ()


class Note(OpenDocument, table="notes", init=False):
    id: NoteId
    creation_time: float


class NoteNew(OpenNew[NoteId], table="notes", init=False):
    pass


class NotePatch(OpenPatch[Note], table="notes", init=False):
    pass


def queries(db: Db, workflow: WorkflowId, session: AgentSessionId) -> None:
    query = workflows.by_status("running").order("desc").filter(lambda w: w.task != "")
    assert_type(db.get(workflow), Workflow | None)
    assert_type(db.run(query), list[Workflow])
    assert_type(db.run(query.take(10)), list[Workflow])
    assert_type(db.run(query.first()), Workflow | None)
    assert_type(db.run(query.unique()), Workflow | None)
    assert_type(db.run(query.paginate(10)), Page[Workflow])
    assert_type(db.run(workflows.full_scan()), list[Workflow])
    for followed in db.subscribe(query.take(10), timeout_ms=1000):
        assert_type(followed, list[Workflow])
    with db.subscribe(query.first()) as first:
        assert_type(next(first), Workflow | None)
    for found in db.stream(query):
        assert_type(found, Workflow)
    with db.transaction() as inside:
        assert_type(inside.run(query.take(3)), list[Workflow])
    assert_type(db.get(session), AgentSession | None)
    assert_type(db.run(events.full_scan().take(3)), list[EventStarted | EventFailed])
    assert_type(db.get(EventId("e")), EventStarted | EventFailed | None)
    assert_type(db.get(NoteId("n")), Note | None)


def bounds(status: RunStatus, workflow: WorkflowId) -> None:
    workflows.by_status()
    workflows.by_status(status)
    workflows.by_status(gte("running"))
    workflows.by_status(gte(status))
    workflows.by_status("running", gt(5))
    workflows.by_status("running", between(5, 6.5))
    workflows.by_status("running", 5)
    workflows.by_creation_time()
    workflows.by_creation_time(gt(5) & lt(6.5))
    agent_sessions.by_workflow(None)
    agent_sessions.by_workflow(workflow, lt(3))
    agent_sessions.by_workflow(gt(None))
    assert_type(gte(workflow), Range[WorkflowId])


def writes(db: Db, workflow: WorkflowId, session: AgentSessionId) -> None:
    new = WorkflowNew(
        task="ship it",
        status="pending",
        artifacts=[Artifact(kind="file", uri="a")],
        metadata=WorkflowMetadata(created_at=1, updated_at=2),
    )
    assert_type(db.insert(new), WorkflowId)
    assert_type(db.insert_many([new]), list[WorkflowId])
    db.replace(workflow, new)
    db.patch(workflow, WorkflowPatch(status="failed", current_step=REMOVE))
    db.patch(session, AgentSessionPatch(error=None, output=REMOVE))
    db.insert(
        AgentSessionNew(
            agent_type="coder",
            input={"files": ["a.py", 3]},
            metadata=AgentSessionMetadata(workflow_id=workflow),
        )
    )
    db.delete(session)
    db.patch(EventId("e"), EventFailedPatch(reason="lost"))
    assert_type(db.insert(EventStartedNew(kind="started")), EventId)


def open_documents(db: Db, note: Note) -> None:
    assert_type(Note(id=NoteId("n"), creation_time=1, anything=2), Note)
    assert_type(note.id, NoteId)
    assert_type(note.anything, Any)
    assert_type(db.insert(NoteNew(anything=[1, 2], more=None)), NoteId)
    db.patch(note.id, NotePatch(anything=REMOVE, more="x"))


def documents(data: bytes) -> None:
    workflow = Workflow.from_wire_json(data, extra="ignore")
    assert_type(workflow, Workflow)
    assert_type(workflow.id, WorkflowId)
    assert_type(workflow.current_step, str | None)
    assert_type(workflow.artifacts[0].kind, Literal["file", "diff", "log"])
    assert_type(Workflow.from_wire(workflow.to_wire()), Workflow)
    assert_type(workflow.to_wire_json(), bytes)
    assert_type(schema.tables["workflows"].name, str)


async def asynchronous(db: AsyncDb, workflow: WorkflowId, new: WorkflowNew) -> None:
    assert_type(await db.run(workflows.full_scan().take(10)), list[Workflow])
    assert_type(await db.get(workflow), Workflow | None)
    assert_type(await db.insert(new), WorkflowId)
    assert_type(await db.insert_many([new]), list[WorkflowId])
    await db.patch(workflow, WorkflowPatch(status="failed"))
    async for followed in db.subscribe(workflows.full_scan().paginate(3)):
        assert_type(followed, Page[Workflow])
    async for found in db.stream(workflows.full_scan()):
        assert_type(found, Workflow)
    async with db.transaction() as inside:
        assert_type(await inside.run(workflows.full_scan().first()), Workflow | None)

    async def rename(inside: AsyncDb) -> Workflow | None:
        return await inside.get(workflow)

    assert_type(await db.transact(rename), Workflow | None)


async def connected(workflow: WorkflowId, new: WorkflowNew) -> None:
    async with async_connect("sqlite://", timeout_ms=5) as db:
        assert_type(db, AsyncDatabase)
        await asynchronous(db, workflow, new)
        assert_type(await db.transact(lambda inside: inside.insert(new)), WorkflowId)
        assert_type(await db.explain(workflows.full_scan()), str)
        async with db.transaction() as inside:
            assert_type(inside, AsyncDatabase)
    assert_type(await async_connect("sqlite://"), AsyncDatabase)
    async with await async_connect("sqlite://") as db:
        assert_type(db, AsyncDatabase)
    await db.close()


def calls(db: Db, call: Call[list[Workflow]], absent: Absent) -> None:
    assert_type(db.run(call), list[Workflow])
