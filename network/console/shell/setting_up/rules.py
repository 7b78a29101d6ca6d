"""What a new network still lacks before people may rely on it. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

from network.staff.rules.access import Action


class SetupStep(StrEnum):
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
DONE_BY: dict[SetupStep, Action | None] = {
    SetupStep.NUMBER: None,
    SetupStep.COORDINATOR: Action.MANAGE_STAFF,
    SetupStep.STEWARD: Action.MANAGE_STAFF,
    SetupStep.PAIR: Action.MEET_STAFF,
    SetupStep.ALARM: Action.CHANGE_DUTY,
    SetupStep.ORGANIZATION: Action.SET_RULES,
    SetupStep.VOLUNTEER: Action.ENROL,
    SetupStep.MEMBER: Action.ENROL,
    SetupStep.TRIAL: Action.RUN_DRILLS,
    SetupStep.BACKUP: Action.SET_RULES,
    SetupStep.FOUNDING: Action.SET_RULES,
}
OF_AN_ORGANIZATION = (SetupStep.VOLUNTEER, SetupStep.MEMBER)  # what a verifier sees, counted among their own


@dataclass(frozen=True, slots=True)
class SetupFacts:
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
class SetupLine:
    thing: SetupStep
    have: int
    wanted: int
    at: datetime | None = None

    @property
    def done(self) -> bool:
        return self.have >= self.wanted


def standing(facts: SetupFacts) -> list[SetupLine]:
    """Every line, done or open."""
    return [
        SetupLine(SetupStep.NUMBER, int(facts.number_set and facts.heard_at is not None), 1, facts.heard_at),
        SetupLine(SetupStep.COORDINATOR, facts.coordinators, 2),
        SetupLine(SetupStep.STEWARD, facts.stewards, 2),
        SetupLine(SetupStep.PAIR, int(facts.pair), 1),
        SetupLine(SetupStep.ALARM, facts.phones, 2),
        SetupLine(SetupStep.ORGANIZATION, facts.organizations, 1),
        SetupLine(SetupStep.VOLUNTEER, facts.volunteers, 1),
        SetupLine(SetupStep.MEMBER, facts.members, 1),
        SetupLine(SetupStep.TRIAL, facts.trials, 1),
        SetupLine(SetupStep.BACKUP, int(facts.backup_at is not None), 1, facts.backup_at),
        SetupLine(SetupStep.FOUNDING, int(facts.founding_closed_at is not None), 1, facts.founding_closed_at),
    ]
