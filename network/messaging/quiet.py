"""Whether this database is a restored copy, which is quiet until somebody says that the original is dead.

Two processes that know the same people would text them twice, and each would take texts from the carrier that
the other never sees. So a copy sends nothing and asks the carrier nothing: `gateway.chosen` reaches nobody,
the engine and the workers' queues do nothing that people would notice. Webhooks go on storing texts.
"""

from network.database.compiled import Compiled
from network.messaging.models import RestoredCopy

_copy = Compiled(lambda: RestoredCopy.objects.filter(pk=1))


def restored_copy() -> RestoredCopy | None:
    """The mark, as long as this database is one. Asked anew each time: a database can be replaced under a
    process that runs, and nothing may go out by what it knew a second ago."""
    return _copy.first()


def is_quiet() -> bool:
    return restored_copy() is not None
