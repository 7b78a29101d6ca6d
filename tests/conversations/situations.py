"""Whether a text was understood as it may be."""

from network.conversations.rules.commands import Command
from network.conversations.trying import SITUATIONS, name_of

__all__ = ["SITUATIONS", "is_one_of", "name_of"]


def is_one_of(command: Command, accepted: list[str]) -> bool:
    """An entry without parentheses takes any; `Accept(41)` takes it with minutes too."""
    name = name_of(command)
    return any(
        name == meaning
        or name.split("(")[0] == meaning
        or (meaning.endswith(")") and name.startswith(f"{meaning[:-1]}, "))
        for meaning in accepted
    )
