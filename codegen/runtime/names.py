"""The name of a field on the wire, derived from its attribute."""

from __future__ import annotations


def wire_name(attribute: str) -> str:
    """The camelCase name of a snake_case attribute.

    One trailing underscore, which keeps an attribute off a name that is taken, is dropped:
    `current_step` is `currentStep`, `from_` is `from`. Inner underscores are dropped, too,
    and capitalise what follows them.
    """
    head, *rest = attribute.removesuffix("_").split("_")
    return head + "".join([part[:1].upper() + part[1:] for part in rest])
