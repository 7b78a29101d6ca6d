"""Let a suspended responder be asked again."""

from network.management.taking_off import TakingOff
from network.people.actions.persons import restore


class Command(TakingOff):
    help = "Lifts the suspension of the person with this phone."
    does = staticmethod(restore)
    said = "restored"
