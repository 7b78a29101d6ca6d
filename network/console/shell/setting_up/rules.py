"""What a new network still lacks before people may rely on it. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

from network.staff.rules.access import Action


class Thing(StrEnum):
    """In the order in which they are best done."""

    NUMBER = auto()
    COORDINATOR = auto()
    STEWARD = auto()
    PAIR = auto()  # two who can decide together what takes two people
    ALARM = auto()
    ORGANIZATION = auto()
    VOLUNTEER = auto()
    MEMBER = auto()
    TRIAL = auto()
    BACKUP = auto()
    FOUNDING = auto()


# Who does it; what nobody does in the console is done by whoever has the server.
DONE_BY: dict[Thing, Action | None] = {
    Thing.NUMBER: None,
    Thing.COORDINATOR: Action.MANAGE_STAFF,
    Thing.STEWARD: Action.MANAGE_STAFF,
    Thing.PAIR: Action.MEET_STAFF,
    Thing.ALARM: Action.CHANGE_DUTY,
    Thing.ORGANIZATION: Action.SET_RULES,
    Thing.VOLUNTEER: Action.ENROL,
    Thing.MEMBER: Action.ENROL,
    Thing.TRIAL: Action.RUN_DRILLS,
    Thing.BACKUP: Action.SET_RULES,
    Thing.FOUNDING: Action.SET_RULES,
}
OF_AN_ORGANIZATION = (Thing.VOLUNTEER, Thing.MEMBER)  # what a verifier sees, counted among their own


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rows say. Of people, only how many."""

    number_set: bool
    heard_at: datetime | None  # the last text that the carrier brought us by itself
    coordinators: int  # with a key of their own; stewards are coordinators too
    stewards: int
    pair: bool
    phones: int  # of coordinators, where a text of ours arrived
    organizations: int
    volunteers: int
    members: int
    trials: int  # drills played to their end, and requests closed
    backup_at: datetime | None  # a steward said so
    founding_closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    thing: Thing
    have: int
    wanted: int
    at: datetime | None = None

    @property
    def done(self) -> bool:
        return self.have >= self.wanted


def standing(facts: Facts) -> list[Line]:
    """Every line, done or open."""
    return [
        Line(Thing.NUMBER, int(facts.number_set and facts.heard_at is not None), 1, facts.heard_at),
        Line(Thing.COORDINATOR, facts.coordinators, 2),
        Line(Thing.STEWARD, facts.stewards, 2),
        Line(Thing.PAIR, int(facts.pair), 1),
        Line(Thing.ALARM, facts.phones, 2),
        Line(Thing.ORGANIZATION, facts.organizations, 1),
        Line(Thing.VOLUNTEER, facts.volunteers, 1),
        Line(Thing.MEMBER, facts.members, 1),
        Line(Thing.TRIAL, facts.trials, 1),
        Line(Thing.BACKUP, int(facts.backup_at is not None), 1, facts.backup_at),
        Line(Thing.FOUNDING, int(facts.founding_closed_at is not None), 1, facts.founding_closed_at),
    ]
