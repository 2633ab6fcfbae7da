"""The committed package of this repository, used as its adopter would."""

from __future__ import annotations

import subprocess
import sys
import warnings

import pytest

from codegen.runtime import REMOVE
from generated.ids import AgentSessionId, WorkflowId
from generated.server import schema
from generated.tables.agent_sessions import (
    AgentSession,
    AgentSessionMetadata,
    AgentSessionNew,
    AgentSessionPatch,
)


def test_a_session_from_start_to_end() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        new = AgentSessionNew(
            agent_type="coder",
            input={"files": ["a.py"], "tries": 3},
            error=None,
            metadata=AgentSessionMetadata(workflow_id=WorkflowId("w")),
        )
        wire = new.to_wire()
        assert wire == {
            "agentType": "coder",
            "status": "pending",
            "input": {"files": ["a.py"], "tries": 3.0},
            "error": None,
            "metadata": {"workflowId": "w"},
        }
        stored = {**wire, "_id": "s", "_creationTime": 1.0}
        session = AgentSession.from_wire(stored)
        assert session.id == AgentSessionId("s") and session.to_wire() == stored
        done = AgentSessionPatch(status="completed", session_id=REMOVE, error=None)
        assert done.to_wire() == {
            "status": "completed",
            "sessionId": {"$undefined": None},
            "error": None,
        }


def test_models_by_the_name_of_the_table() -> None:
    assert list(schema.tables) == ["agentSessions", "workflows"]
    assert len(schema.tables) == 2 and "agentSessions" in schema.tables
    table = schema.tables["agentSessions"]
    assert (table.document, table.new) == (AgentSession, AgentSessionNew)
    assert (table.patch, table.id) == (AgentSessionPatch, AgentSessionId)
    with pytest.raises(KeyError):
        schema.tables["agent_sessions"]


def test_tables_are_imported_on_use() -> None:
    code = (
        "import sys; from generated.server import schema;"
        "schema.tables['workflows'];"
        "assert 'generated.tables.workflows' in sys.modules;"
        "assert 'generated.tables.agent_sessions' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_dump_of_python_values_keeps_absent_and_null_apart() -> None:
    wire = {"_id": "1", "_creationTime": 1.0, "agentType": "a", "status": "pending"}
    for more in ({"input": 1.0}, {"input": None, "error": None, "output": [None]}):
        session = AgentSession.from_wire({**wire, **more})
        dumped = session.model_dump()
        assert AgentSession.model_validate(dumped).to_wire() == session.to_wire()
        assert ("error" in dumped) is ("error" in more)
        assert ('"error"' in session.model_dump_json()) is ("error" in more)
    assert "error" in session.model_dump(exclude_unset=False)
