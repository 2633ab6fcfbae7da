"""What can go wrong with a deployment: a branch of the tree of `DatabaseError`."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import JsonValue

from codegen.runtime import AnyValue
from codegen.runtime.errors import DatabaseError
from codegen.runtime.model import Extra, Model

M = TypeVar("M", bound=Model)


class DeploymentError(DatabaseError):
    """The base of all that a deployment refuses or fails at.

    `may_have_run` says that a mutation or an action may have run all the same: nobody knows.
    """

    may_have_run: bool = False


class _Anything(Model):
    value: AnyValue


class FunctionError(DeploymentError):
    """A function threw. Where it threw a `ConvexError`, `data` is what it said.

    `message` is the deployment's own; one in production keeps it to itself. `log_lines` are
    what the function printed.
    """

    def __init__(
        self,
        function: str,
        message: str,
        wire_data: JsonValue = None,
        log_lines: tuple[str, ...] = (),
    ) -> None:
        super().__init__(f"`{function}` failed: {message}")
        self.function = function
        self.message = message
        self.wire_data = wire_data
        self.log_lines = log_lines

    @property
    def data(self) -> Any:
        """What the `ConvexError` has as its data, as Python's values; None where it has none."""
        return _Anything.from_wire({"value": self.wire_data}).value

    def data_as(self, model: type[M], *, extra: Extra | None = None) -> M:
        """The data as a model, such as a class of `types:`.

        `extra="ignore"` drops fields that it does not have. Raises a
        `pydantic.ValidationError` when the data does not fit.
        """
        return model.from_wire(self.wire_data, extra=extra)


class ArgumentError(FunctionError):
    """The deployed function does not take these arguments: it is another than the schema's."""


class FunctionNotFound(FunctionError):
    """The deployment has no such function, not of this kind, or not for this caller."""


class Refused(DeploymentError):
    """The deployment refused a request; `code` is its own word for why, `status` HTTP's."""

    def __init__(self, origin: str, status: int, code: str, message: str) -> None:
        super().__init__(f"{origin} refuses: {message} ({code or f'HTTP {status}'})")
        self.status = status
        self.code = code
        self.message = message


class AuthError(Refused):
    """The token or the key is wrong, has expired, or does not allow this."""


class RateLimited(Refused):
    """Too many requests; `retry_after_s` is when to come again, if the server has said so."""

    retry_after_s: float | None = None


class ServerFailed(Refused):
    """The deployment, or a proxy before it, can't answer now."""


class Unreachable(DeploymentError):
    """There was no connection, or it broke."""


class TimedOut(Unreachable):
    """There was no answer within the time that was given."""


class UnexpectedAnswer(DeploymentError):
    """Something answered, and not as a deployment does."""


class Unsupported(DeploymentError):
    """A deployment can not do this, or has no functions for it."""
