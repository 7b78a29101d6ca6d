"""Who may do what in the console. Pure: who, what, to which thing and when in; yes or the reason out.

The table is also in docs/access.md. Whatever isn't in it, nobody may do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto
from uuid import UUID

IDLE_AFTER = timedelta(minutes=20)  # if nobody acts, personal data locks


SESSION_LIVES = timedelta(hours=12)  # the length of a shift, whatever happens


FRESH_FOR = timedelta(
    minutes=5
)  # how long one use of the security key is good for: an address, an export, a role


class StaffRole(StrEnum):
    STEWARD = auto()
    COORDINATOR = auto()
    VERIFIER = auto()
    AUDITOR = auto()
    LAWYER = auto()


class Action(StrEnum):
    SEE_BOARD = auto()
    LISTEN = auto()  # the live socket: ids only
    WORK = auto()  # needs, requests, texts: every button of a case
    SEE_REQUESTS = auto()
    SEE_ADDRESS = auto()
    SEE_PEOPLE = auto()
    CHANGE_PEOPLE = auto()
    FIND = auto()  # by number, whole phone or name: what exactly, is for the search to say
    READ_TEXTS = auto()  # of unknown phones, and what came with texts
    SEE_ASKING = auto()
    CHANGE_ASKING = auto()  # surges and holidays
    SEE_SETTING_UP = auto()  # what a new network still lacks; a verifier, of their own people
    SEE_MEASURES = auto()  # counts, the small ones hidden
    SEE_DUTY = auto()  # who is on and next
    CHANGE_DUTY = auto()  # one's own shifts, and hand-offs
    SEE_DRILLS = auto()
    RUN_DRILLS = auto()
    SEE_TRUST = auto()  # organizations, vouches, what is proposed; a verifier of their own
    CHANGE_TRUST = auto()  # vouch, propose, agree, take back: the actions of trust decide which
    SET_RULES = auto()  # the network's own
    ENROL = auto()  # members and responders of one's own organization, and vouches for them
    EXPORT = auto()  # one's own organization's people
    SEE_STAFF = auto()
    END_SESSIONS = auto()  # of others
    MANAGE_STAFF = auto()  # invite, give a role, take access away
    MEET_STAFF = auto()  # say that one has met whoever holds an account
    RESTORE_FACTOR = auto()  # ask for it, and confirm as the second
    READ_HISTORY = auto()  # codes, ids and counts
    READ_LEGAL = auto()  # one's own organization's requests for a lawyer


class Scope(StrEnum):
    """Of which things a role may do it."""

    ANY = auto()
    ON_SHIFT = auto()  # any, while on shift
    OWN = auto()  # of one's own organization
    OWN_LEGAL = auto()  # of one's own organization, where a lawyer is asked for


class AccessRefusal(StrEnum):
    """Why not. The person who asks can do something about all but the first."""

    UNKNOWN = auto()  # for them it doesn't exist
    SET_UP = auto()  # they signed in without a second factor
    LOCKED = auto()  # nobody acted for a while: use the security key
    OFF_SHIFT = auto()
    CONFIRM = auto()  # use the security key for this


@dataclass(frozen=True, slots=True)
class Who:
    """A member of staff in one session."""

    id: UUID
    role: str
    organization: UUID | None
    is_in_good_standing: bool  # their organization is admitted and not suspended, or they are of none
    active: bool
    on_shift: bool
    factors: bool  # a second factor was used in this session, and is still set
    acted_at: datetime  # when they last acted, or last used the security key
    reauthenticated_at: datetime | None  # when they last used the security key


@dataclass(frozen=True, slots=True)
class Thing:
    """What it is done to: whose it is, and of what kind."""

    organization: UUID | None = None
    legal: bool = False  # a request for a lawyer


_CASE = {StaffRole.STEWARD: Scope.ANY, StaffRole.COORDINATOR: Scope.ON_SHIFT}


_BOARD = {StaffRole.STEWARD: Scope.ANY, StaffRole.COORDINATOR: Scope.ANY}


_STEWARD = {StaffRole.STEWARD: Scope.ANY}


_OWN = {StaffRole.STEWARD: Scope.ANY, StaffRole.VERIFIER: Scope.OWN}


TABLE: Mapping[Action, Mapping[StaffRole, Scope]] = {
    Action.SEE_BOARD: _BOARD,
    Action.LISTEN: _BOARD,
    Action.WORK: _CASE,
    Action.SEE_REQUESTS: _CASE,
    Action.SEE_ADDRESS: _CASE,
    Action.SEE_PEOPLE: {**_CASE, StaffRole.VERIFIER: Scope.OWN},
    Action.CHANGE_PEOPLE: _CASE,
    Action.FIND: {**_CASE, StaffRole.VERIFIER: Scope.OWN},
    Action.READ_TEXTS: _CASE,
    Action.SEE_ASKING: _CASE,
    Action.CHANGE_ASKING: _CASE,
    Action.SEE_SETTING_UP: {**_BOARD, StaffRole.VERIFIER: Scope.OWN},
    Action.SEE_MEASURES: {**_BOARD, StaffRole.AUDITOR: Scope.ANY},
    Action.SEE_DUTY: _BOARD,
    Action.CHANGE_DUTY: _BOARD,
    Action.SEE_DRILLS: _CASE,
    Action.RUN_DRILLS: _STEWARD,
    Action.SEE_TRUST: {**_CASE, StaffRole.VERIFIER: Scope.OWN},
    Action.CHANGE_TRUST: {**_CASE, StaffRole.VERIFIER: Scope.OWN},
    Action.SET_RULES: _STEWARD,
    Action.ENROL: _OWN,
    Action.EXPORT: {StaffRole.VERIFIER: Scope.OWN},
    Action.SEE_STAFF: _BOARD,
    Action.END_SESSIONS: _BOARD,
    Action.MANAGE_STAFF: _STEWARD,
    Action.MEET_STAFF: _BOARD,
    Action.RESTORE_FACTOR: _STEWARD,
    Action.READ_HISTORY: {StaffRole.STEWARD: Scope.ANY, StaffRole.AUDITOR: Scope.ANY},
    Action.READ_LEGAL: {StaffRole.LAWYER: Scope.OWN_LEGAL},
}


CONFIRMED = {
    Action.SEE_ADDRESS, Action.EXPORT, Action.MANAGE_STAFF, Action.MEET_STAFF, Action.RESTORE_FACTOR,
}  # fmt: skip


def may(who: Who, action: Action, thing: Thing | None, now: datetime) -> bool:
    """Whether they may do this to it, now. Without a thing: whether there may be one for them at all."""
    return refusal(who, action, thing, now) is None


def refusal(who: Who, action: Action, thing: Thing | None, now: datetime) -> AccessRefusal | None:
    """The first reason why not. What isn't theirs is unknown, before any other reason is given."""
    scope = scope_of(who, action)
    if scope is None or not _reaches(scope, who, thing):
        return AccessRefusal.UNKNOWN
    if not who.factors:
        return AccessRefusal.SET_UP
    if is_idle(who, now):
        return AccessRefusal.LOCKED
    if scope is Scope.ON_SHIFT and not who.on_shift:
        return AccessRefusal.OFF_SHIFT
    if action in CONFIRMED and not is_fresh(who, now):
        return AccessRefusal.CONFIRM
    return None


def scope_of(who: Who, action: Action) -> Scope | None:
    """On which things their role may do this. None if on nothing, if they have lost access, or if their
    organization isn't in good standing: what the network decided about it holds for its staff."""
    if not (who.active and who.is_in_good_standing):
        return None
    return next((scope for role, scope in TABLE[action].items() if role == who.role), None)


def _reaches(scope: Scope, who: Who, thing: Thing | None) -> bool:
    if scope in (Scope.ANY, Scope.ON_SHIFT):
        return True
    if who.organization is None:
        return False
    if thing is None:
        return True
    return thing.organization == who.organization and (scope is Scope.OWN or thing.legal)


def is_idle(who: Who, now: datetime) -> bool:
    return now - who.acted_at >= IDLE_AFTER


def is_fresh(who: Who, now: datetime) -> bool:
    """Whether the security key was used recently enough for actions that ask for it."""
    return who.reauthenticated_at is not None and now - who.reauthenticated_at < FRESH_FOR
