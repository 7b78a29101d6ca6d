"""Who may be asked at all: the rules that keep somebody out, each with its name. Pure."""

from collections.abc import Callable, Collection
from enum import StrEnum
from uuid import UUID

import numpy as np

from network.dispatch.rules.case import NEAR_MILES, Policy, Situation, Width
from network.dispatch.rules.crowd import KIND_BIT, Candidate, Crowd, Flags
from network.support.rules.requests import Kind


class Refusal(StrEnum):
    """The rule that keeps a person out. The console shows it, so each has a name."""

    SAME_PERSON = "same_person"
    NOT_ACTIVE = "not_active"
    SUSPENDED = "suspended"
    OPTED_OUT = "opted_out"
    UNREACHABLE = "unreachable"
    OFF = "off"
    KIND = "kind"
    CLEARANCE = "clearance"
    VOUCHES = "vouches"
    OWN_VOUCH = "own_vouch"
    BAR = "bar"
    NEVER_TOGETHER = "never_together"
    PROBATION = "probation"
    DISTANCE = "distance"
    NIGHT = "night"
    ENGAGED = "engaged"
    RESTING = "resting"
    CAP = "cap"
    ALREADY_ASKED = "already_asked"
    OFFER_OPEN = "offer_open"
    LANGUAGE = "language"
    HOURS = "hours"
    FARTHER = "farther"


type Rule = Callable[[Crowd, Situation], Flags]

# What a wider look lets in, and from which width on.
SOFT: tuple[tuple[Width, Refusal, Rule], ...] = (
    (Width.LANGUAGE, Refusal.LANGUAGE, lambda c, s: ~c.speaking(s.language)),
    (Width.HOURS, Refusal.HOURS, lambda c, s: ~c.on_hours),
    (Width.FARTHER, Refusal.FARTHER, lambda c, s: c.miles > NEAR_MILES),
)


def within(width: Width, crowd: Crowd, situation: Situation) -> Flags:
    """Who may be asked when looking this wide."""
    inside = np.ones(len(crowd), dtype=np.bool_)
    for needed, _, beyond in SOFT:
        if width < needed:
            inside &= ~beyond(crowd, situation)
    return inside


def _among(people: Collection[UUID], crowd: Crowd) -> Flags:
    apart = nobody(crowd)
    apart[[row for person in people if (row := crowd.row_of.get(person)) is not None]] = True
    return apart


def nobody(crowd: Crowd) -> Flags:
    return np.zeros(len(crowd), dtype=np.bool_)


def _clearance_over(crowd: Crowd, situation: Situation) -> Flags:
    if situation.kind is not Kind.CHILDCARE:
        return nobody(crowd)
    return crowd.clearance_until < situation.today.toordinal()


def _not_of_their_own(crowd: Crowd, situation: Situation) -> Flags:
    return ~crowd.own_vouch if situation.kind is Kind.CHILDCARE else nobody(crowd)


def _no_bar(crowd: Crowd, situation: Situation) -> Flags:
    return ~crowd.bar_checked if situation.kind is Kind.LEGAL else nobody(crowd)


# The order is the order in which they are told: what can't change soon comes first.
RULES: tuple[tuple[Refusal, Rule], ...] = (
    (Refusal.SAME_PERSON, lambda c, s: _among((s.member,), c)),
    (Refusal.NOT_ACTIVE, lambda c, s: ~c.active),
    (Refusal.SUSPENDED, lambda c, s: c.suspended),
    (Refusal.KIND, lambda c, s: (c.kinds & KIND_BIT[s.kind]) == 0),
    (Refusal.CLEARANCE, _clearance_over),
    (Refusal.BAR, _no_bar),
    (Refusal.VOUCHES, lambda c, s: ~c.vouched),
    (Refusal.OWN_VOUCH, _not_of_their_own),
    (Refusal.NEVER_TOGETHER, lambda c, s: _among(s.never_with, c)),
    (Refusal.PROBATION, lambda c, s: c.probation),
    (Refusal.DISTANCE, lambda c, s: ~(c.miles <= c.max_miles)),
    (Refusal.OPTED_OUT, lambda c, s: c.opted_out),
    (Refusal.UNREACHABLE, lambda c, s: c.unreachable),
    (Refusal.OFF, lambda c, s: c.off),
    (Refusal.NIGHT, lambda c, s: ~c.awake),
    (Refusal.ENGAGED, lambda c, s: c.engaged),
    (Refusal.RESTING, lambda c, s: c.resting),
    (Refusal.ALREADY_ASKED, lambda c, s: _among(s.asked, c)),
    (Refusal.OFFER_OPEN, lambda c, s: c.offer_open),
)
HARD: frozenset[Refusal] = frozenset({*(why for why, _ in RULES), Refusal.CAP})

# Somebody who was asked and says yes: they know their own hours, and how much they can bear.
EXCUSED_BY_A_YES = frozenset({
    Refusal.ALREADY_ASKED, Refusal.OFFER_OPEN, Refusal.NIGHT, Refusal.OFF, Refusal.CAP, Refusal.RESTING,
    Refusal.PROBATION,
})  # fmt: skip
# A coordinator who names somebody is the person whose yes probation waits for, and may ask again.
EXCUSED_BY_HAND = frozenset({Refusal.ALREADY_ASKED, Refusal.PROBATION})
# And one of these with a reason, and the yes of a second person; two that both say no are a no.
EXCUSED_BY_TWO = frozenset({Refusal.NIGHT, Refusal.CAP, Refusal.RESTING, Refusal.OFF})


def _rules(policy: Policy) -> tuple[tuple[Refusal, Rule], ...]:
    return (*RULES, (Refusal.CAP, lambda c, s: c.asked_today >= policy.daily_cap))


def unfit(crowd: Crowd, situation: Situation, policy: Policy, *, excused: Collection[Refusal] = ()) -> Flags:
    """Whom a hard rule keeps out."""
    out = nobody(crowd)
    for why, rule in _rules(policy):
        if why not in excused:
            out |= rule(crowd, situation)
    return out


def refusals(
    crowd: Crowd, situation: Situation, policy: Policy, *, width: Width, excused: Collection[Refusal] = ()
) -> list[Refusal | None]:
    """For each row the first rule, hard or of this width, that keeps them out; None for the rest."""
    reasons: list[Refusal | None] = [None] * len(crowd)
    soft = ((why, rule) for needed, why, rule in SOFT if width < needed)
    for why, rule in (*_rules(policy), *soft):
        if why not in excused:
            for row in np.flatnonzero(rule(crowd, situation)):
                reasons[row] = reasons[row] or why
    return reasons


def refusal(
    candidate: Candidate,
    situation: Situation,
    policy: Policy | None = None,
    *,
    width: Width = Width.FARTHER,
    excused: Collection[Refusal] = (),
) -> Refusal | None:
    """The first rule that keeps this person out when looking this wide, or None."""
    return refusals(Crowd.of([candidate]), situation, policy or Policy(), width=width, excused=excused)[0]


def refusal_of_acceptance(candidate: Candidate, situation: Situation) -> Refusal | None:
    """As refusal(), for somebody who was asked and says yes: the hour and the open offer don't count."""
    return refusal(candidate, situation, width=Width.LANGUAGE, excused=EXCUSED_BY_A_YES)


def refusal_by_hand(
    candidate: Candidate, situation: Situation, policy: Policy | None = None, *, agreed: Refusal | None = None
) -> Refusal | None:
    """As refusal(), for a coordinator who names somebody: hours, miles nearby and language don't count.

    Nor does the one rule that two people have `agreed` to set aside, where two people may.
    """
    excused = EXCUSED_BY_HAND | {why for why in EXCUSED_BY_TWO if why is agreed}
    return refusal(candidate, situation, policy, width=Width.LANGUAGE, excused=excused)
