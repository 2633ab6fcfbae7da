"""What users get wrong: both checkers find an error on each marked line, and nowhere else."""

from codegen.runtime import AsyncDb, Db, SearchQuery, VectorQuery, gt, gte
from generated.ids import (
    AgentSessionId,
    WorkflowId,
)
from generated.server import async_connect, connect
from generated.tables.agent_sessions import (
    AgentSessionMetadata,
    AgentSessionNew,
    AgentSessionPatch,
    agent_sessions,
)
from generated.tables.workflows import Workflow, WorkflowPatch, workflows


def ids(db: Db, workflow: WorkflowId, session: AgentSessionId) -> None:
    db.get("w")  # E:
    db.patch(session, WorkflowPatch(status="failed"))  # E:
    db.patch(workflow, AgentSessionPatch(status="failed"))  # E:
    db.replace(workflow, AgentSessionNew(agent_type="a", input=1))  # E:
    AgentSessionMetadata(workflow_id=session)  # E:
    AgentSessionMetadata(workflow_id="w")  # E:


def fields(workflow: Workflow) -> None:
    AgentSessionNew(agent_type="a")  # E:
    AgentSessionNew(agent_type="a", input=1, status="done")  # E:
    AgentSessionNew(agent_type="a", input=1, statsu="failed")  # E:
    AgentSessionNew(agent_type=None, input=1)  # E:
    AgentSessionNew(agentType="a", input=1)  # E:
    AgentSessionPatch(agent_type=None)  # E:
    AgentSessionPatch(session_id=None)  # E:
    print(workflow.taks)  # E:
    workflow.current_step.upper()  # E:


def bounds(workflow: WorkflowId, session: AgentSessionId) -> None:
    workflows.by_status("nope")  # E:
    workflows.by_status(gte("nope"))  # E:
    workflows.by_status(gte("running"), 5)  # E:
    workflows.by_status("running", gt("x"))  # E:
    workflows.by_status("running", 5, 6)  # E:
    workflows.by_status(status="running")  # E:
    workflows.by_statu("running")  # E:
    workflows.by_creation_time("now")  # E:
    agent_sessions.by_workflow(session)  # E:
    agent_sessions.by_workflow("w")  # E:
    workflows.by_status("running").order("down")  # E:
    workflows.by_status("running").take("10")  # E:


def operations(db: Db, workflow: WorkflowId) -> None:
    db.run(workflow)  # E:
    db.run(3)  # E:
    db.stream(workflows.full_scan().take(3))  # E:
    db.subscribe(workflow)  # E:
    db.insert(workflow)  # E:


def searches(
    db: Db,
    other: AsyncDb,
    search: SearchQuery[Workflow],
    near: VectorQuery[Workflow],
) -> None:
    db.stream(search)  # E:
    db.stream(near)  # E:
    other.stream(search)  # E:
    other.stream(near)  # E:
    search.order("desc")  # E:


def takes_a_blocking_one(db: Db) -> None:
    print(async_connect("sqlite://").get)  # E:
    takes_a_blocking_one(async_connect("sqlite://"))  # E:


async def asynchronous(db: AsyncDb, session: AgentSessionId) -> None:
    await db.patch(session, WorkflowPatch(status="failed"))  # E:
    await db.get("w")  # E:
    print((await db.get(session)).status)  # E:
    print(db.get(session).status)  # E:
    await db.transact(lambda inside: 3)  # E:
    with db.transaction():  # E:
        pass
    await asynchronous(connect("sqlite://"), session)  # E:
    await asynchronous(async_connect("sqlite://"), session)  # E:
    async_connect("sqlite://", timeout="5")  # E:
