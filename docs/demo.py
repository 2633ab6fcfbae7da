"""An agent orchestrator on SQLite: `make demo`.

Every name and type here comes from schema/app.yaml. Write a status that does not exist, or pass
a session's id where a workflow's belongs, and mypy and pyright refuse the line.
"""

import sqlite3
import tempfile
import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from codegen.runtime import Db, NotFound, ValidationFailed, gte
from generated import (
    AgentSession,
    AgentSessionNew,
    AgentSessionPatch,
    Artifact,
    WorkflowId,
    WorkflowNew,
    WorkflowPatch,
    agent_sessions,
    connect,
    workflows,
)
from generated.tables.agent_sessions import AgentSessionMetadata
from generated.tables.workflows import WorkflowMetadata


def start(db: Db, task: str, agents: Iterable[str]) -> WorkflowId:
    """A workflow with a session for each agent: all of them, or nothing."""
    now = time.time() * 1000
    with db.transaction():
        workflow = db.insert(
            WorkflowNew(
                task=task,
                status="running",
                artifacts=[],
                metadata=WorkflowMetadata(created_at=now, updated_at=now),
            )
        )
        for agent in agents:
            enqueue(db, agent, workflow)
    return workflow


def enqueue(db: Db, agent: str, workflow: WorkflowId) -> None:
    metadata = AgentSessionMetadata(workflow_id=workflow)
    db.insert(AgentSessionNew(agent_type=agent, input={}, metadata=metadata))


def work(db: Db, workflow: WorkflowId) -> None:
    """Runs the sessions of a workflow in order, until one fails."""
    for session in db.run(agent_sessions.by_workflow(workflow)):
        if session.agent_type == "tester":
            failed = AgentSessionPatch(status="failed", error="2 of 90 tests fail")
            db.patch(session.id, failed)
            db.patch(workflow, WorkflowPatch(status="failed"))
            return
        db.patch(session.id, AgentSessionPatch(status="completed", output="done"))
    log = Artifact(kind="log", uri="file:///run.log")
    db.patch(workflow, WorkflowPatch(status="completed", artifacts=[log]))


def names(sessions: Iterable[AgentSession]) -> str:
    return ", ".join(f"{one.agent_type} ({one.status})" for one in sessions)


def demo(file: Path) -> None:
    with connect(f"sqlite:///{file}") as db:
        print("Two workflows run, each with its agent sessions:")
        parser = start(db, "write a parser", ["planner", "coder", "tester", "reviewer"])
        manual = start(db, "write a manual", ["writer", "editor"])
        work(db, parser)
        work(db, manual)
        for workflow in db.run(workflows.full_scan()):
            print(f"  {workflow.id[:3]}… {workflow.task}: {workflow.status}")

        print("\nQueries by index, in its order:")
        for failed in db.run(agent_sessions.by_status("failed")):
            print("  failed:", failed.agent_type, "-", failed.error)
        print("  of the parser:", names(db.run(agent_sessions.by_workflow(parser))))
        newest = agent_sessions.by_workflow(manual).order("desc").first()
        if editor := db.run(newest):
            since = agent_sessions.by_status("completed", gte(editor.creation_time))
            print("  completed, as new as the editor:", names(db.run(since)))
        print("  the plan:", db.explain(agent_sessions.by_workflow(parser)))

        print("\nPages of four:")
        page = db.run(agent_sessions.full_scan().paginate(4))
        print("  1:", names(page.items))
        page = db.run(agent_sessions.full_scan().paginate(4, page.cursor))
        print("  2:", names(page.items), "and no more" if page.cursor is None else "…")

        print("\nA transaction undoes everything when something in it fails:")
        try:
            with db.transaction():
                db.delete(parser)
                enqueue(db, "coder", WorkflowId("w1"))
        except ValidationFailed as error:
            print(f"  {type(error).__name__} at {error.path}: {error.reason}")
        print("  The parser is still there:", db.get(parser) is not None)

        print("\nErrors have types:")
        db.delete(parser)
        try:
            db.patch(parser, WorkflowPatch(status="running"))
        except NotFound as error:
            print(f"  NotFound: {error.id[:3]}… in {error.table}")

    print("\nWhat is stored, as any program sees it:")
    with closing(sqlite3.connect(file)) as plain:
        for (document,) in plain.execute("SELECT _document FROM workflows"):
            print(f"  {document}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        demo(Path(folder, "orchestrator.db"))
