"""The schema as `convex/schema.ts`."""

from .schema_file import dumps

__all__ = ["dumps"]
