"""The vouch graph: what counts, what is enough, what may be given, and what falls when a word is taken back."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.trust.rules.graph import (
    LIMITS,
    Edge,
    Graph,
    Needed,
    NotANumber,
    TrustRules,
    VouchLack,
    VouchRole,
    counted,
    enough,
    holders,
    in_force,
    lacks,
    next_organization,
    past_probation,
    unvouched,
    with_numbers,
    without,
    without_organization,
)
from network.trust.rules.vouching import (
    Offered,
    VouchRefusal,
    closes_a_cycle,
    ends_at,
    quota_left,
    refusal,
    reminder_due,
)

NOW = datetime(2026, 10, 6, 15, tzinfo=UTC)
RULES = TrustRules()
AZUL, ROJA, PUENTE = (UUID(int=n) for n in (1, 2, 3))
VERA, VITO, VALE = (UUID(int=n) for n in (11, 12, 13))  # verifiers
ANA, BETO, CLEO = (UUID(int=n) for n in (21, 22, 23))  # persons
STANDING = frozenset({AZUL, ROJA, PUENTE})


def vouch(person=ANA, role=VouchRole.ACCOMPANIMENT, organization=AZUL, verifier=VERA, days_ago=1, **more):
    given_at = NOW - timedelta(days=days_ago)
    return Edge(
        uuid4(), organization, person, role, given_at, given_at + timedelta(days=365), verifier, **more
    )


def graph(*edges, standing=STANDING):
    return Graph(tuple(edges), standing)


@pytest.mark.parametrize(
    ("role", "edges", "is_enough"),
    [
        (VouchRole.MEMBER, [], False),
        (VouchRole.MEMBER, [vouch()], True),
        (VouchRole.ACCOMPANIMENT, [vouch()], False),
        (VouchRole.ACCOMPANIMENT, [vouch(), vouch(verifier=VITO)], True),
        (VouchRole.ACCOMPANIMENT, [vouch(), vouch(organization=ROJA)], False),  # one verifier is one verifier
        (
            VouchRole.ACCOMPANIMENT,
            [vouch(), vouch(verifier=None)],
            False,
        ),  # whose word the sheet brought is unknown
        (VouchRole.ACCOMPANIMENT, [vouch(), vouch(verifier=None, organization=ROJA)], True),
        (VouchRole.ACCOMPANIMENT, [vouch(verifier=None), vouch(verifier=None, organization=ROJA)], True),
        (VouchRole.ACCOMPANIMENT, [vouch(founding=True)], True),
        (VouchRole.LEGAL, [vouch()], True),
        (VouchRole.CHILDCARE, [vouch(), vouch(verifier=VITO)], False),
        (VouchRole.CHILDCARE, [vouch(), vouch(verifier=VITO, organization=ROJA)], True),
        (VouchRole.CHILDCARE, [vouch(founding=True)], False),
        (VouchRole.CHILDCARE, [vouch(founding=True), vouch(verifier=None, organization=ROJA)], True),
    ],
)
def test_what_each_role_needs(role, edges, is_enough):
    assert enough(role, edges, RULES) is is_enough


def test_a_network_may_ask_for_two_organizations_or_be_content_with_one():
    two = replace(RULES, accompaniment_organizations=2)
    assert not enough(VouchRole.ACCOMPANIMENT, [vouch(), vouch(verifier=VITO)], two)
    assert enough(VouchRole.ACCOMPANIMENT, [vouch(), vouch(verifier=VITO, organization=ROJA)], two)
    assert enough(
        VouchRole.CHILDCARE, [vouch(), vouch(verifier=VITO)], replace(RULES, childcare_organizations=1)
    )
    assert counted([vouch(), vouch(verifier=None), vouch(verifier=None, organization=ROJA)]) == Needed(2, 2)


def test_what_has_ended_was_taken_back_or_comes_from_who_no_longer_stands_does_not_count():
    good = vouch()
    over, back = vouch(days_ago=365), vouch(withdrawn_at=NOW)
    stranger = vouch(organization=uuid4())
    assert in_force(graph(good, over, back, stranger), now=NOW) == (good,)
    assert in_force(graph(good), now=good.ends_at) == ()


def test_numbers_are_known_and_bounded():
    assert set(LIMITS) == {field.name for field in fields(TrustRules)}
    assert all(low <= getattr(RULES, name) <= high for name, (low, high) in LIMITS.items())
    assert with_numbers({"quota": 7}).quota == 7
    for numbers in ({"quota": 0}, {"nonsense": 1}, {"wait_hours": 10**6}):
        with pytest.raises(NotANumber):
            with_numbers(numbers)


def test_gaps_are_named():
    facts = {"clearance_until": date(2027, 1, 1), "has_bar": True, "today": NOW.date()}
    assert lacks(VouchRole.CHILDCARE, [vouch()], RULES, **facts) == (
        VouchLack.VOUCHERS,
        VouchLack.ORGANIZATIONS,
    )
    both = [vouch(), vouch(verifier=VITO, organization=ROJA)]
    assert lacks(VouchRole.CHILDCARE, both, RULES, **facts) == ()
    assert lacks(VouchRole.CHILDCARE, both, RULES, **{**facts, "clearance_until": None}) == (
        VouchLack.CLEARANCE,
    )
    late = {**facts, "clearance_until": NOW.date() - timedelta(days=1)}
    assert lacks(VouchRole.CHILDCARE, both, RULES, **late) == (VouchLack.CLEARANCE,)
    assert lacks(VouchRole.LEGAL, [vouch()], RULES, **{**facts, "has_bar": False}) == (VouchLack.BAR,)
    assert lacks(VouchRole.LEGAL, [vouch()], RULES, **facts) == ()
    same_house = [vouch(), vouch(verifier=VITO)]
    assert lacks(VouchRole.CHILDCARE, same_house, RULES, **facts) == (VouchLack.ORGANIZATIONS,)


def offer(**change):
    return Offered(
        **{
            "organization": AZUL,
            "verifier": VERA,
            "person": ANA,
            "role": VouchRole.ACCOMPANIMENT,
            "met_in_person": True,
            **change,
        }
    )


@pytest.mark.parametrize(
    ("offered", "edges", "persons", "why"),
    [
        (offer(), [], {}, None),
        (offer(organization=uuid4()), [], {}, VouchRefusal.ORGANIZATION),
        (offer(has_phone=False), [], {}, VouchRefusal.NO_PHONE),
        (offer(met_in_person=False), [], {}, VouchRefusal.NOT_MET),
        (offer(), [], {VERA: ANA}, VouchRefusal.THEMSELF),
        (offer(), [vouch()], {}, VouchRefusal.TWICE),
        (
            offer(),
            [vouch(organization=ROJA)],
            {},
            VouchRefusal.TWICE,
        ),  # whoever changes houses is one verifier still
        (offer(), [vouch(withdrawn_at=NOW)], {}, None),
        (offer(), [vouch(person=uuid4()) for _ in range(5)], {}, VouchRefusal.QUOTA),
        (offer(), [vouch(person=uuid4(), withdrawn_at=NOW) for _ in range(5)], {}, VouchRefusal.QUOTA),
        (offer(), [vouch(person=uuid4(), days_ago=31) for _ in range(5)], {}, None),
        (offer(), [vouch(person=BETO, verifier=VITO)], {VERA: BETO, VITO: ANA}, VouchRefusal.CYCLE),
        (offer(), [vouch(person=BETO, verifier=VITO, withdrawn_at=NOW)], {VERA: BETO, VITO: ANA}, None),
        (offer(), [vouch(person=BETO, verifier=VITO)], {VERA: BETO}, None),
        (
            offer(),
            [vouch(person=CLEO, verifier=VITO), vouch(person=BETO, verifier=VALE)],
            {VERA: BETO, VALE: CLEO, VITO: ANA},
            VouchRefusal.CYCLE,
        ),
    ],
)
def test_why_a_vouch_is_not_taken(offered, edges, persons, why):
    assert refusal(offered, graph(*edges), persons, RULES, now=NOW) is why


def test_reminders_come_once_early_and_once_late_and_never_after():
    vouched = vouch(days_ago=0)
    early, late = vouched.ends_at - timedelta(days=30), vouched.ends_at - timedelta(days=7)
    second = timedelta(seconds=1)
    assert not reminder_due(vouched, None, RULES, now=early - second)
    assert reminder_due(vouched, None, RULES, now=early)
    assert not reminder_due(vouched, early, RULES, now=late - second)
    assert reminder_due(vouched, early, RULES, now=late)
    assert not reminder_due(vouched, late, RULES, now=late + second)
    assert not reminder_due(vouched, None, RULES, now=vouched.ends_at)
    assert not reminder_due(replace(vouched, withdrawn_at=NOW), None, RULES, now=early)
    assert ends_at(NOW, RULES) == NOW + timedelta(days=365)


def test_probation_ends_after_visits_or_by_a_word_while_founding():
    assert not past_probation(1, RULES, founding=False)
    assert past_probation(2, RULES, founding=False)
    assert past_probation(0, RULES, founding=True)


def test_a_member_who_fell_goes_to_who_knows_them_else_to_who_has_fewest():
    sizes = {AZUL: 1, ROJA: 9, PUENTE: 4}
    knows = graph(vouch(person=ANA, organization=ROJA))
    assert next_organization(ANA, knows, sizes, now=NOW) == ROJA
    assert next_organization(BETO, knows, sizes, now=NOW) == AZUL
    assert next_organization(BETO, without_organization(knows, AZUL), sizes, now=NOW) == PUENTE
    assert next_organization(BETO, graph(standing=frozenset()), {}, now=NOW) is None


houses = st.sampled_from([AZUL, ROJA, PUENTE])
verifiers = st.sampled_from([VERA, VITO, VALE, None])
people = st.sampled_from([ANA, BETO, CLEO, UUID(int=24)])
edges = st.builds(
    vouch,
    people,
    st.sampled_from(VouchRole),
    houses,
    verifiers,
    st.integers(0, 400),
    founding=st.booleans(),
    withdrawn_at=st.sampled_from([None, None, None, NOW]),
)
graphs = st.builds(
    lambda many, standing: graph(*many, standing=frozenset(standing)),
    st.lists(edges, max_size=14),
    st.sets(houses),
)
ME = {VERA: ANA, VITO: BETO, VALE: CLEO}


@given(graphs, st.data())
def test_taking_back_leaves_nobody_who_did_not_fall_below_what_they_need(before, data):
    ids = [edge.id for edge in before.edges]
    taken = frozenset(data.draw(st.sets(st.sampled_from(ids)))) if ids else frozenset()
    after = without(before, taken, at=NOW)
    down = unvouched(before, after, RULES, now=NOW)
    active = holders(before, RULES, now=NOW) - down
    for person, role in active:
        theirs = [e for e in in_force(after, now=NOW) if (e.person, e.role) == (person, role)]
        assert enough(role, theirs, RULES)
    assert {edge.id for edge in after.edges} == set(ids)  # no edge is ever deleted
    assert without(after, taken, at=NOW + timedelta(days=1)) == after


@given(graphs, houses)
def test_suspending_an_organization_makes_its_word_count_for_nothing(before, house):
    after = without_organization(before, house)
    assert all(edge.organization != house for edge in in_force(after, now=NOW))
    assert holders(after, RULES, now=NOW) <= holders(before, RULES, now=NOW)
    assert after.edges == before.edges


@given(graphs, edges)
def test_adding_a_vouch_never_takes_anybodys_standing(before, more):
    after = replace(before, edges=(*before.edges, more))
    assert unvouched(before, after, RULES, now=NOW) == frozenset()


@given(st.lists(st.builds(offer, organization=houses, verifier=st.sampled_from([VERA, VITO, VALE]),
                          person=people, role=st.sampled_from(VouchRole)), max_size=40),
       st.integers(1, 6))  # fmt: skip
def test_of_any_vouches_offered_none_is_above_the_quota_and_no_cycle_is_taken(offers, quota):
    rules, grown = replace(RULES, quota=quota), graph()
    for one_offer in offers:
        if refusal(one_offer, grown, ME, rules, now=NOW) is None:
            edge = Edge(
                uuid4(),
                one_offer.organization,
                one_offer.person,
                one_offer.role,
                NOW,
                ends_at(NOW, rules),
                one_offer.verifier,
            )
            grown = replace(grown, edges=(*grown.edges, edge))
    for verifier in ME:
        given_by = [edge for edge in grown.edges if edge.verifier == verifier]
        assert len(given_by) <= quota
        assert quota_left(given_by, rules, now=NOW) == quota - len(given_by)
    follows = {(ME[edge.verifier], edge.person) for edge in grown.edges}
    assert not _has_cycle(follows)


def _has_cycle(pairs):
    """By taking away, again and again, whoever vouches for nobody who is left."""
    while pairs:
        left = {(a, b) for a, b in pairs if b in {giver for giver, _ in pairs}}
        if left == pairs:
            return True
        pairs = left
    return False


def test_whoever_is_nobody_in_the_network_closes_no_cycle():
    assert not closes_a_cycle(graph(vouch()), ME, giver=None, taker=ANA)
