"""The same as by SQLModel, but many are inserted as rows, past its objects and its session's work.

SQLModel's documentation does not speak of it; SQLAlchemy's calls it a bulk insert.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, insert

from ..tickets import Values
from . import with_sqlmodel


class Tickets(with_sqlmodel.Tickets):
    def insert_all(self, many: Sequence[Values]) -> Sequence[Any]:
        # The rows of one statement all have the same columns.
        rows = [
            {
                "id": secrets.token_hex(16),
                "created": time.time() * 1000,
                "body": None,
                **values,
            }
            for values in many
        ]
        with Session(self._engine) as session:
            session.execute(insert(with_sqlmodel.Ticket), rows)
            session.commit()
        return [row["id"] for row in rows]
