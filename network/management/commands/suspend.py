"""Take a responder off, at once."""

from network.management.taking_off import TakingOff
from network.visits.actions.clocks import suspend


class Command(TakingOff):
    help = (
        "Suspends the person with this phone as a responder: link, offers and visits are dead at "
        "once, a waiting member is told that the word is void, and the search goes on. Their own "
        "requests as a member go on."
    )
    does = staticmethod(suspend)
    said = "suspended"
