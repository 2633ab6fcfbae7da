"""Convex deployments: how a program speaks to one, and what can go wrong with it."""

from __future__ import annotations

from .errors import (
    ArgumentError,
    AuthError,
    DeploymentError,
    FunctionError,
    FunctionNotFound,
    RateLimited,
    Refused,
    ServerFailed,
    TimedOut,
    UnexpectedAnswer,
    Unreachable,
    Unsupported,
)
from .options import LogLine, Options
from .paging import PageOf
from .selection import NoDeployment

__all__ = [
    "ArgumentError",
    "AuthError",
    "DeploymentError",
    "FunctionError",
    "FunctionNotFound",
    "LogLine",
    "NoDeployment",
    "Options",
    "PageOf",
    "RateLimited",
    "Refused",
    "ServerFailed",
    "TimedOut",
    "UnexpectedAnswer",
    "Unreachable",
    "Unsupported",
]
