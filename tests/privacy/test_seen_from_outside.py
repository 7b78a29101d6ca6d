"""What somebody can learn who doesn't hold a phone: whether a phone, an e-mail or a person is in the network.

By what is said (status, words, headers) and by how long it takes: 200 trials a side in random order, medians
within 25 ms, and a two-sample Kolmogorov-Smirnov test that finds no difference.
"""

import math
import random
import re
import statistics
import time
from bisect import bisect_right
from collections import Counter
from datetime import timedelta
from itertools import count

import psycopg
import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache

from network.audit.rules import COMMAND_LINE
from network.conversations.handling import texts
from network.conversations.handling.strangers import on_the_second
from network.desk.models import Need
from network.messaging.contacts import contact_of
from network.messaging.models import Outbound
from network.messaging.rules.states import Lane
from network.messaging.texts.keys import Text
from network.messaging.texts.rendering import TABLES
from network.people.actions import persons
from network.people.models import Person
from network.privacy.models import KnownPhone
from network.privacy.queries import fingerprint
from network.privacy.rules.sealing import token_digest
from network.staff.actions import accounts, sign_in_links
from network.staff.models import Staff
from network.trust.models import Vouch
from network.visits.models import Visit
from tests.console.signing_in import PASSWORD, browser, by_link, get, post, staff_of, with_code
from tests.world import PIN

TRIALS = 200
APART_S = 0.025
LEAST_P = 0.001
NOBODY = "00000000-0000-4000-8000-000000000000"


def same(first, other):
    """The p-value of the two-sample Kolmogorov-Smirnov test, in its limit for many trials.

    Smirnov 1948: 2 * sum of (-1)^(k-1) exp(-2 k^2 x^2), x = D sqrt(n m / (n + m)).
    """
    a, b = sorted(first), sorted(other)
    apart = max(abs(bisect_right(a, x) / len(a) - bisect_right(b, x) / len(b)) for x in (*a, *b))
    x = apart * math.sqrt(len(a) * len(b) / (len(a) + len(b)))
    if x < 0.2:
        return 1.0  # there the sum hardly converges, and is 1 to twelve digits
    return 2 * sum((-1) ** (k - 1) * math.exp(-2 * k * k * x * x) for k in range(1, 101))


def test_the_test_of_two_samples_finds_a_difference_and_none():
    dice = random.Random(7)
    first, second = ([dice.gauss(10, 1) for _ in range(200)] for _ in range(2))
    assert same(first, first) == 1
    assert same(first, second) > 0.01
    assert same(first, [x + 1 for x in second]) < 1e-6
    # D = 0.2 of 200 and 200: 2 exp(-8)
    shifted = [*range(40, 200), *range(200, 240)]
    assert same(range(200), shifted) == pytest.approx(2 * math.exp(-8), rel=1e-3)


def as_long(first, other, trials=TRIALS):
    """Each is called with the number of its trial and returns how many seconds it took."""
    order = ["one"] * trials + ["other"] * trials
    random.shuffle(order)
    took = {"one": [], "other": []}
    for n, side in enumerate(order):
        took[side].append((first if side == "one" else other)(n))
    middles = [statistics.median(times) for times in took.values()]
    print(f"medians {middles[0] * 1000:.2f} and {middles[1] * 1000:.2f} ms, p {same(*took.values()):.3f}")
    assert abs(middles[0] - middles[1]) < APART_S
    assert same(*took.values()) > LEAST_P


def clocked(act, *args, **form):
    began = time.perf_counter()
    act(*args, **form)
    return time.perf_counter() - began


def seen(answer, *mask):
    """All that a browser is told, less what is of this answer alone."""
    body = answer.content.decode()
    body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "csrf", body)
    cookies = sorted(
        (name, morsel.key, *((k, v) for k, v in sorted(morsel.items()) if k != "expires"))
        for name, morsel in answer.cookies.items()
    )
    headers = sorted(
        header for header in answer.headers.items() if header[0] != "Expires"
    )  # the second it was said
    told = f"{answer.status_code} {headers} {cookies} {body}"
    for word in mask:
        told = told.replace(word, "MASKED")
    return re.sub(r'"nonce-[^"]+"|challenge": "[^"]+"', "once", told)


def difference(told):
    """Where two answers part, for whoever mends it."""
    first, other = sorted(told)[:2]
    at = next(n for n, (a, b) in enumerate(zip(first, other, strict=False)) if a != b)
    return first[at - 60 : at + 60], other[at - 60 : at + 60]


# E-mails


class QuickArgon2(Argon2PasswordHasher):
    """One cheap turn, so that what stands beside the hash shows in the times."""

    time_cost, memory_cost, parallelism = 1, 64, 1


@pytest.fixture
def emails(world, settings):
    """With a password, without one, taken off, of a suspended organization; and unknown. All as long."""
    settings.PASSWORD_HASHERS = [f"{__name__}.QuickArgon2"]
    ana, off, cut = (
        with_code(staff_of(world, role, organization=world.azul, email=f"{name}@example.org"))
        for name, role in (("anaana", "coordinator"), ("offoff", "coordinator"), ("cutcut", "verifier"))
    )
    bare = staff_of(world, "coordinator", email="karekr@example.org")
    Staff.objects.filter(pk=off.pk).update(is_active=False)
    world.azul.suspended_at = world.now
    world.azul.save()
    return {"known": ana.email, "bare": bare.email, "off": off.email, "cut": cut.email,
            "unknown": "nobody@example.org"}  # fmt: skip


@pytest.mark.parametrize("password", ["wrong and wrong", ""])
def test_a_sign_in_with_a_wrong_password_says_the_same_whoever_has_the_email(emails, password):
    told = set()
    for email in emails.values():
        cache.clear()
        answer = post(browser(), "/accounts/login/", login=email, password=password)
        told.add(seen(answer, email))
    assert len(told) == 1, difference(told)


def test_somebody_who_was_taken_off_is_told_nothing_else_with_the_right_password_either(emails):
    told = set()
    for email in (emails["off"], emails["unknown"]):
        cache.clear()
        told.add(seen(post(browser(), "/accounts/login/", login=email, password=PASSWORD), email))
    assert len(told) == 1


def test_a_sign_in_asks_the_database_and_the_hasher_as_often_whoever_has_the_email(emails, monkeypatch):
    asked = Counter()

    def counted(name, act):
        def counting(*given, **more):
            asked[name] += 1
            return act(*given, **more)

        return counting

    monkeypatch.setattr(psycopg.Connection, "wait", counted("round trips", psycopg.Connection.wait))
    for act in ("verify", "encode"):
        monkeypatch.setattr(QuickArgon2, act, counted(act, getattr(QuickArgon2, act)))
    took = {}
    for _ in range(2):  # the first fills what is kept
        for name, email in emails.items():
            cache.clear()
            asked.clear()
            post(browser(), "/accounts/login/", login=email, password="wrong and wrong")
            took[name] = dict(asked)
    assert took["known"]["verify"] == 1
    assert all(work == took["known"] for work in took.values()), took


@pytest.mark.alone
def test_a_sign_in_takes_as_long_whether_or_not_the_email_is_known(emails):
    numbers = count()

    def fails(email):
        cache.clear()
        return clocked(post, browser(), "/accounts/login/", login=email, password="wrong and wrong")

    fails(emails["known"])
    as_long(lambda n: fails(emails["known"]), lambda n: fails(f"nobody{next(numbers)}@example.org"))


@pytest.mark.parametrize(
    "path",
    ["/accounts/signup/", "/accounts/email/", "/accounts/password/reset/", "/accounts/password/set/",
     "/accounts/confirm-email/", "/accounts/password/reset/done/", "/accounts/login/code/"],
)  # fmt: skip
def test_what_would_ask_for_an_email_is_not_there_for_any(emails, path):
    told = {seen(post(browser(), path, email=email), email) for email in emails.values()}
    assert len(told) == 1
    assert told.pop().startswith("404")


# Links and tokens


@pytest.mark.alone
def test_a_sign_in_link_that_is_unknown_spent_over_or_not_a_link_says_the_same_and_takes_as_long(world):
    staff = staff_of(world, "coordinator")
    spent = sign_in_links.make_sign_in_link(staff, opens_board=True, now=world.now)
    post(browser(), "/sign-in/link", token=spent)
    over = sign_in_links.make_sign_in_link(staff, opens_board=True, now=world.now - timedelta(days=2))
    off = staff_of(world, "coordinator")
    theirs = sign_in_links.make_sign_in_link(off, opens_board=True, now=world.now)
    Staff.objects.filter(pk=off.pk).update(is_active=False)
    told = {
        seen(post(browser(), "/sign-in/link", token=token))
        for token in (spent, over, theirs, "x" * 22, "x", "é" * 300)
    }
    assert len(told) == 1, difference(told)
    assert told.pop().startswith("403")
    assert len({seen(get(browser(), f"/sign-in/link?{n}")) for n in range(2)}) == 1
    as_long(
        lambda n: clocked(post, browser(), "/sign-in/link", token=spent),
        lambda n: clocked(post, browser(), "/sign-in/link", token=f"{n:022}"),
    )


@pytest.fixture
def void(world):
    """The token of a visit whose responder was suspended: its row is still there."""
    ana = world.responder("Ana")
    world.member("Rosa").asks()
    ana.accepts()
    Person.objects.filter(pk=ana.person.pk).update(suspended_at=world.now)
    assert Visit.objects.filter(token_hash=token_digest(ana.link_token())).exists()
    return ana.link_token()


@pytest.mark.alone
def test_a_link_to_a_home_that_is_void_unknown_or_no_link_says_the_same_and_takes_as_long(world, void):
    told = {
        seen(post(browser(), "/visit/open", token=token, pin=pin))
        for token in (void, "x" * 22, "x" * 21, "x", "", "é" * 300)
        for pin in (PIN, "0000", "", "nonsense")
    }
    assert len(told) == 1, difference(told)
    assert told.pop().startswith("410")
    assert len({seen(get(browser(), path)) for path in ("/visit", f"/visit?{void}", "/visit?x")}) == 1
    as_long(
        lambda n: clocked(post, browser(), "/visit/open", token=void, pin=PIN),
        lambda n: clocked(post, browser(), "/visit/open", token=f"{n:022}", pin=PIN),
    )


# People


@pytest.fixture
def others(world):
    """Casa Roja's Luz, of whom nobody of Casa Azul may know."""
    luz = world.member("Luzroja")
    luz.person.member.organization = world.roja
    luz.person.member.save()
    return luz.person


PERSONAL = ["/people/{}", "/people/{}/vouches", "/taking-back/vouch/{}", "/taking-back/verifier/{}",
            "/staff/{}", "/texts/{}", "/media/{}", "/drills/{}"]  # fmt: skip
PRESSED = ["/people/{}/do/suspend", "/people/{}/vouches/give", "/people/{}/draft", "/people/{}/here",
           "/needs/{}/claim", "/staff/{}/do/take", "/proposals/{}/agree"]  # fmt: skip


@pytest.mark.parametrize("role", ["verifier", "lawyer", "auditor"])
def test_somebody_of_elsewhere_is_as_unknown_as_nobody_by_every_address(world, others, role):
    theirs = by_link(world, staff_of(world, role, organization=world.azul))
    ids = [str(others.pk), str(others.member.pk)]
    for act, paths in ((get, PERSONAL), (post, PRESSED)):
        for path in paths:
            for known in ids:
                answers = [act(theirs, path.format(pk)) for pk in (known, NOBODY)]
                assert seen(answers[0], known) == seen(answers[1], NOBODY), path
                if "proposals" not in path:  # one that is over says so to whoever was about to agree
                    assert answers[0].status_code == 404


@pytest.mark.alone
def test_somebody_of_elsewhere_takes_as_long_as_nobody(world, others):
    theirs = by_link(world, staff_of(world, "verifier", organization=world.azul))
    as_long(
        lambda n: clocked(get, theirs, f"/people/{others.pk}"),
        lambda n: clocked(get, theirs, f"/people/{NOBODY}"),
    )


def test_who_is_signed_in_nowhere_is_sent_to_sign_in_whatever_they_ask_for(world, others):
    for path in (*PERSONAL, "/requests/1", "/legal/1", "/organizations/casa-azul"):
        known = path.format(others.pk)
        first = seen(get(browser(), known), str(others.pk), known.replace("/", "%2F"))
        other = seen(get(browser(), path.format(NOBODY)), NOBODY, path.format(NOBODY).replace("/", "%2F"))
        assert first == other


# Texts


def refused(world):
    """Said "not me", or was the wrong number."""
    phone = world.member("Rosa", standing="invited")
    phone.sends("hola")
    phone.sends("2")
    assert phone.got("will not text this number again")
    return phone


def removed(world):
    """Was in the network once, and is no more."""
    phone = world.responder("Ana")
    phone.sends("hello")
    Vouch.objects.filter(person=phone.person).delete()
    KnownPhone.objects.filter(fingerprint=phone.person.fingerprint).delete()
    phone.person.delete()
    return phone


def of_staff(world):
    """Of staff: of an account, not of a person in the network."""
    phone = world.stranger()
    verifier = staff_of(world, "verifier", organization=world.azul)
    accounts.set_staff_phone(verifier.pk, phone.number, by=COMMAND_LINE, now=world.now)
    contact_of(phone.number, now=world.now)
    return phone


def unknown(world):
    return world.stranger()


WHOSE = [unknown, refused, removed, of_staff]


def later(world, *, hours):
    world.now += timedelta(hours=hours)
    world.settle()


def told_next(world, phone, *bodies):
    """What this phone is told for these texts, and what we owe it."""
    before = len(phone.texts)
    for body in bodies:
        phone.sends(body)
    return phone.texts[before:]


@pytest.mark.parametrize("whose", WHOSE)
def test_an_unknown_phone_is_told_one_neutral_thing_a_day_whether_or_not_it_was_ever_known(world, whose):
    phone = whose(world)
    later(world, hours=25)
    assert told_next(world, phone, "hola", "I need help", "1", "2") == [TABLES["en"][Text.UNKNOWN_SENDER]]
    later(world, hours=23)
    assert told_next(world, phone, "tocan la puerta") == []
    later(world, hours=2)
    assert told_next(world, phone, "ayuda") == [TABLES["en"][Text.UNKNOWN_SENDER]]


@pytest.mark.parametrize("whose", WHOSE)
@pytest.mark.parametrize("body", ["STOP", "START", "HELP", "0", "9", "2468", "OFF", "", "💐" * 50])
def test_no_word_tells_an_unknown_phone_from_one_that_was_known(world, whose, body):
    phone = whose(world)
    later(world, hours=25)
    wanted = [] if body == "STOP" else [TABLES["en"][Text.UNKNOWN_SENDER]]
    assert told_next(world, phone, body) == wanted


def test_a_phone_that_stopped_our_texts_is_told_nothing_whether_or_not_it_is_known(world):
    rosa, beto, nobody = world.member("Rosa"), world.responder("Beto"), world.stranger()
    for phone in (rosa, beto, nobody):
        assert told_next(world, phone, "STOP", "hola", "help", "START") == []


def test_who_said_not_me_and_writes_again_is_read_by_a_person_who_sees_whose_phone_it_is(world):
    phone = refused(world)
    Need.objects.all().delete()
    phone.sends("tocan la puerta")
    found = set(Need.objects.values_list("reason", "person_id"))
    assert found == {("unclear_text", phone.person.pk), ("cry", phone.person.pk)}


@pytest.mark.parametrize(
    ("came", "leaves"), [(0, 0), (1, 1_000_000), (999_999, 1_000_000), (500_000, 1_000_000)]
)
def test_an_answer_that_must_not_tell_leaves_on_the_full_second(now, came, leaves):
    assert on_the_second(now + timedelta(microseconds=came)) == now + timedelta(microseconds=leaves)


@pytest.mark.parametrize("whose", WHOSE)
def test_an_answer_to_an_unknown_phone_waits_in_the_same_lane(world, whose):
    phone = whose(world)
    later(world, hours=25)
    phone.sends("hola")
    text = Outbound.objects.filter(text=Text.UNKNOWN_SENDER).latest("owed_at")
    assert (text.lane, text.request_id, text.offer_id, text.segments) == (Lane.REMINDER, None, None, 1)


@pytest.mark.alone
def test_an_answer_leaves_as_long_after_a_text_whether_or_not_the_phone_was_known(world):
    """From the carrier's post until the answer may leave. A phone is answered once a day: no observer
    has more than one trial, and this takes 200 a side, whose texts come at the same parts of a second."""
    phones = {"known": [], "unknown": []}
    for _ in range(TRIALS // 2):
        phones["known"] += [once(world) for once in (refused_at_once, of_staff)]
        phones["unknown"] += [world.stranger(), world.stranger()]
    for phone in phones["unknown"]:
        contact_of(phone.number, now=world.now)
    start, tried = world.now, Counter()

    def leaves(side):
        def once(n):
            phone, part = phones[side].pop(), tried[side] / TRIALS
            tried[side] += 1
            Need.objects.all().delete()
            world.now = start + timedelta(seconds=part)
            began = time.perf_counter()
            world.deliver(phone.number, "hola")
            texts.handle_strangers(now=world.now)
            took = time.perf_counter() - began
            owed = Outbound.objects.get(contact__fingerprint=fingerprint(phone.number))
            return max(took, (owed.not_before - world.now).total_seconds())

        return once

    as_long(leaves("known"), leaves("unknown"))


def refused_at_once(world):
    phone = world.member("Rosa")
    contact_of(phone.number, now=world.now)
    persons.refuse(phone.person, by=COMMAND_LINE, now=world.now)
    return phone
