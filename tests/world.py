"""The town: a clock, a carrier that answers at once, and phones to text with."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from uuid import UUID

from django.db import connection
from django.test import Client
from django.utils import timezone
from twilio.request_validator import RequestValidator

from network import engine
from network.audit import rules as audit
from network.conversations.handling import texts as conversations_texts
from network.desk.models import Need
from network.duty.actions import calling
from network.messaging.gateway import erasing, protocol
from network.messaging.gateway.protocol import (
    Attachment,
    CarrierRefused,
    HeldMessage,
    MessageGone,
    Received,
    Sent,
)
from network.messaging.inbox import backfill, media
from network.messaging.outbox import sending
from network.messaging.receipts import asking
from network.organizations.models import Organization, Place
from network.people.actions.pins import set_pin
from network.people.models import Member, Person, Responder
from network.privacy import actions as privacy_actions
from network.privacy.actions import know_phone, make_key
from network.privacy.models import Key
from network.privacy.queries import fingerprint
from network.staff.actions.accounts import add_staff
from network.staff.models import Staff
from network.support.models import SupportRequest
from network.trust.models import Vouch
from network.visits.models import VisitWord

PLACES = {
    "60629": ("IL", 41.7781, -87.7069),
    "60608": ("IL", 41.8515, -87.6694),
    "60632": ("IL", 41.8093, -87.7052),
    "60647": ("IL", 41.9209, -87.7043),
    "46320": ("IN", 41.6109, -87.5083),
}
PIN = "2468"
DEVICE = "the-phone-of-the-tests"


@dataclass
class FakeCarrier:
    """Takes texts at once. `fails` answers the next calls with these errors instead."""

    world: World
    sids: Iterator[int] = field(default_factory=lambda: count(1))
    log: list[tuple[str, str, str]] = field(default_factory=list)  # sid, to, body
    refuses: dict[str, int] = field(default_factory=dict)
    fails: list[Exception] = field(default_factory=list)
    takes_and_fails: list[Exception] = field(default_factory=list)

    statuses: dict[str, tuple[str, int | None]] = field(default_factory=dict)
    inbound: list[Received] = field(default_factory=list)
    media: dict[str, list[Attachment]] = field(default_factory=dict)
    erased: list[str] = field(default_factory=list)
    knows: str = "delivered"  # of a text that it is asked about
    answers: bool = True  # to what is asked of it: lists, statuses, erasures

    def send(self, *, to: str, body: str, callback: str, valid_for_s: int | None) -> Sent:
        if self.fails:
            raise self.fails.pop(0)
        if to in self.refuses:
            raise CarrierRefused(self.refuses[to], 400)
        sid = f"SM{next(self.sids):031x}f"
        self.log.append((sid, to, body))
        if self.takes_and_fails:
            raise self.takes_and_fails.pop(0)
        return Sent(sid, "queued", None)

    def sent_to(self, phone: str) -> Iterator[HeldMessage]:
        self._ask()
        for sid, to, body in self.log:
            if to == phone:
                yield HeldMessage(Sent(sid, "sent", None), body, None)

    def status_of(self, sid: str) -> Sent:
        self._ask()
        if sid in self.erased:
            raise MessageGone
        return Sent(sid, *self.statuses.get(sid, (self.knows, None)))

    def received(self, *, since: datetime) -> list[Received]:
        self._ask()
        return [text for text in self.inbound if text.at >= since]

    def attachments(self, sid: str, *, most_bytes: int) -> list[Attachment]:
        self._ask()
        return self.media.get(sid, [])

    calls: list[tuple[str, str, str]] = field(default_factory=list)  # sid, to, url
    call_fails: list[Exception] = field(default_factory=list)
    call_takes_and_fails: list[BaseException] = field(default_factory=list)
    rings: set[str] = field(default_factory=set)  # calls that nobody has answered

    def call(self, *, to: str, url: str, callback: str, rings_s: int) -> str:
        if self.call_fails:
            raise self.call_fails.pop(0)
        sid = f"CA{next(self.sids):032x}"
        self.calls.append((sid, to, url))
        self.rings.add(sid)
        if self.call_takes_and_fails:
            raise self.call_takes_and_fails.pop(0)
        return sid

    def ringing(self, phone: str) -> list[str]:
        self._ask()
        return [sid for sid, to, _ in self.calls if to == phone and sid in self.rings]

    def hang_up(self, sid: str) -> None:
        self._ask()
        self.rings.discard(sid)

    def erase(self, sid: str) -> None:
        self._ask()
        self.erased.append(sid)

    def account_is_right(self) -> bool:
        return self.answers

    def _ask(self) -> None:
        if not self.answers:
            raise protocol.NotReached


@dataclass
class Phone:
    """A handset. What it has got since it was last looked at is in `unread`."""

    world: World
    number: str
    person: Person | None = None
    seen: int = 0

    @property
    def name(self) -> str:
        return self.person.name if self.person else ""

    @property
    def texts(self) -> list[str]:
        return [body for _, to, body in self.world.carrier.log if to == self.number]

    @property
    def last(self) -> str:
        return self.texts[-1] if self.texts else ""

    def got(self, *words: str) -> bool:
        """Whether one text, of all that came, holds all these words."""
        return any(all(word in text for word in words) for text in self.texts)

    def sends(self, body: str, **extra: str) -> None:
        self.world.deliver(self.number, body, **extra)
        self.world.settle()

    answers = sends

    def code(self) -> str:
        """The code of the last offer."""
        return next(
            match[1]
            for text in reversed(self.texts)
            if (match := re.search(r"(\d\d) = (?:I can go|puedo ir|mwen ka ale)", text))
        )

    def accepts(self, more: str = "") -> None:
        self.sends(f"{self.code()}{more}")

    def link_token(self) -> str:
        return next(
            match[1] for text in reversed(self.texts) if (match := re.search(r"/visit#([\w-]{22})", text))
        )

    def asks(self, first: str = "I need help", kind: str = "1") -> None:
        """The whole conversation up to the search."""
        self.sends(first)
        self.sends("1")
        self.sends(kind)


@contextmanager
def nothing_is_written(step: str) -> Iterator[None]:
    """That a step wasn't due means that it changes no row."""

    def watch(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if sql.lstrip("( ").split(" ", 1)[0] in ("INSERT", "UPDATE", "DELETE"):
            assert context["cursor"].rowcount <= 0, f"{step} was not due, and wrote: {sql}"
        return result

    with connection.execute_wrapper(watch):
        yield


def see_that_history_is_written_with_what_it_tells(execute, sql, params, many, context):
    """A line of its own would be lost, or tell what never happened, where a process dies between."""
    if "INSERT INTO audit_line" in sql:
        assert connection.in_atomic_block, "a line of history outside a transaction"
    return execute(sql, params, many, context)


LEAST_JUMP, MINUTE = timedelta(seconds=15), timedelta(minutes=1)
MOST_ROUNDS = 20  # of steps at one moment, before something is taken for going round in a circle


@dataclass
class World:
    now: datetime
    carrier: FakeCarrier = field(init=False)
    numbers: Iterator[int] = field(default_factory=lambda: count(3125550101))
    messages: Iterator[int] = field(default_factory=lambda: count(1))

    @classmethod
    @contextmanager
    def begin(cls, now: datetime, monkeypatch) -> Iterator[World]:
        world = cls(now)
        world.carrier = FakeCarrier(world)
        monkeypatch.setattr(timezone, "now", lambda: world.now)
        monkeypatch.setattr("network.privacy.constant_time.sleep", lambda seconds: None)  # nobody waits here
        for module in (sending, backfill, asking, erasing, media, calling):
            monkeypatch.setattr(module, "carrier", lambda: world.carrier)
        privacy_actions._days.clear()  # the tables were emptied under it
        Place.objects.bulk_create(
            [Place(zip=z, state=s, latitude=a, longitude=o) for z, (s, a, o) in PLACES.items()],
            ignore_conflicts=True,
        )
        # A step that fails in the house is only logged; in the tests it is seen.
        monkeypatch.setattr(conversations_texts.log, "error", world.fail)
        world.azul = world.organization("casa-azul", "Casa Azul")
        world.roja = world.organization("casa-roja", "Casa Roja")
        with connection.execute_wrapper(see_that_history_is_written_with_what_it_tells):
            yield world

    tolerant: bool = False

    def fail(self, message: str, *codes: object) -> None:
        if not self.tolerant:
            raise AssertionError(message % codes)

    azul: Organization = field(init=False)
    roja: Organization = field(init=False)

    def organization(self, slug: str, name: str) -> Organization:
        key = make_key(Key.Holder.ORGANIZATION, now=self.now)
        return Organization.objects.create(
            slug=slug, key_id=key.pk, name=name, kind="community", zip="60608", admitted_at=self.now
        )

    def person(self, name: str, language: str = "en", standing: str = "active") -> Person:
        number = f"+1{next(self.numbers)}"
        key = make_key(Key.Holder.PERSON, now=self.now)
        person = Person.objects.create(
            key_id=key.pk,
            fingerprint=fingerprint(number),
            phone=number,
            name=name,
            languages=language.split(";"),
            standing=standing,
            consent_on=date(2026, 1, 1),
            enrolled_at=self.now,
        )
        know_phone(person.fingerprint, key_id=key.pk)
        return person

    def phone_of(self, person: Person) -> Phone:
        return Phone(self, person.phone, person)

    def member(
        self,
        name: str = "Rosa",
        *,
        language: str = "en",
        zip: str = "60629",
        duress_word: str | None = None,
        standing: str = "active",
    ) -> Phone:
        person = self.person(name, language, standing)
        Member.objects.create(
            person=person,
            key_id=person.key_id,
            organization=self.azul,
            street="1234 Sample Street",
            unit="2B",
            city="Chicago",
            state="IL",
            zip=zip,
            attested_at=self.now,
            duress_word=duress_word,
        )
        return self.phone_of(person)

    def responder(
        self,
        name: str = "Ana",
        *,
        kinds: tuple[str, ...] = ("accompaniment",),
        language: str = "en;es",
        zip: str = "60632",
        max_miles: int = 15,
        pin: str | None = PIN,
        vouchers: int = 2,
        **more: object,
    ) -> Phone:
        person = self.person(name, language)
        credentials: dict[str, object] = {"hours": [], "wake_at_night": True}
        if "childcare" in kinds:
            credentials["clearance_until"] = date(2027, 1, 1)
        if "legal" in kinds:
            credentials |= {"bar_number": "A1", "bar_state": "IL"}
        Responder.objects.create(
            person=person,
            key_id=person.key_id,
            kinds=list(kinds),
            zip=zip,
            max_miles=max_miles,
            **{**credentials, **more},
        )
        for organization in (self.azul, self.roja)[:vouchers]:
            for kind in kinds:
                Vouch.objects.create(
                    organization=organization,
                    person=person,
                    role=kind,
                    given_at=self.now,
                    ends_at=self.now + timedelta(days=365),
                    founding=True,
                )
        if pin:
            set_pin(person.pk, pin, by=audit.COMMAND_LINE, now=self.now)
        return self.phone_of(person)

    def stranger(self) -> Phone:
        return Phone(self, f"+1{next(self.numbers)}")

    def coordinator(self, *, phone: bool = True) -> Staff:
        number = f"+1{next(self.numbers)}" if phone else None
        return add_staff(
            f"c{next(self.messages)}@example.org",
            role=Staff.Role.COORDINATOR,
            organization=None,
            phone=number,
            by=audit.COMMAND_LINE,
            now=self.now,
        )

    def deliver(self, number: str, body: str, *, sid: str | None = None, **extra: str) -> int:
        """The carrier's signed post, with its parameters. Returns the answer's status."""
        form = {
            "MessageSid": sid or f"SM{next(self.messages):032x}", "AccountSid": "AC" + "0" * 32,
            "From": number, "To": "+13125550100", "Body": body, "NumMedia": "0", "NumSegments": "1",
            "SmsStatus": "received", "ApiVersion": "2010-04-01", "FromCity": "", "FromState": "IL",
            **extra,
        }  # fmt: skip
        return self.post("/twilio/sms", form)

    def post(self, path: str, form: dict[str, str], token: str = "token-now") -> int:
        signature = RequestValidator(token).compute_signature(f"https://red.example.org{path}", form)
        answer = Client().post(path, form, headers={"X-Twilio-Signature": signature}, secure=True)
        return answer.status_code

    every_step: bool = False  # look at all steps, each minute, and see that what isn't due does nothing

    def settle(self, moments: dict[str, datetime] | None = None) -> dict[str, datetime]:
        """Let everything that is due now happen, until nothing more does. Returns what is due next.

        `moments` is what was due next just before, when nothing but time has passed since.
        """
        moments, done = moments or engine.next_due(self.now), {}
        for _ in range(MOST_ROUNDS):
            due = {name: at for name, at in moments.items() if at <= self.now}
            if due == done:  # nothing more, or nothing that can be done now
                break
            for step in engine.STEPS:
                if step.name in due:
                    self.run(step)
            moments, done = engine.next_due(self.now), due
        if self.every_step:
            self.see_that_nothing_else_is_due(done)
        return moments

    def see_that_nothing_else_is_due(self, due: Collection[str]) -> None:
        for step in engine.STEPS:
            if step.name not in due:
                with nothing_is_written(step.name):
                    step.run(now=self.now)

    def run(self, step: engine.EngineStep) -> None:
        """A step, or what it would wake a worker for."""
        work = {
            engine.handle_waiting_texts: self.handle_texts,
            engine.send_owed_texts: sending.drain,
            engine.ask_the_carrier: self.ask_the_carrier,
            engine.ring_coordinators: self.ring_coordinators,
            engine.read_the_carriers_list: self.read_the_list,
        }.get(step.run)
        if work:
            work()
        else:
            step.run(now=self.now)

    def handle_texts(self) -> None:
        while conversations_texts.handle_waiting(now=self.now):
            pass
        conversations_texts.handle_strangers(now=self.now)

    def read_the_list(self) -> None:
        if backfill.is_due(now=self.now):
            backfill.backfill(now=self.now)

    def ask_the_carrier(self) -> None:
        media.fetch_media(now=self.now)
        asking.ask_for_receipts(now=self.now)
        erasing.erase_at_carrier(now=self.now)

    def ring_coordinators(self) -> None:
        calling.call_coordinators(now=self.now)
        calling.end_calls_of_taken(now=self.now)

    def wait(self, *, minutes: float = 0, hours: float = 0) -> None:
        """Time passes: the clock jumps to whatever is due next, as the engine would see it."""
        whole = timedelta(minutes=minutes, hours=hours)
        until, moments = self.now + whole, engine.next_due(self.now)
        while self.now < until:
            self.now = min(until, self.next_moment(moments, stuck=max(MINUTE, whole / 60)))
            moments = self.settle(moments)

    def next_moment(self, moments: dict[str, datetime], *, stuck: timedelta) -> datetime:
        """What is tried again every few seconds is tried every 15; what is due and can't be done, after `stuck`."""
        first = min(moments.values())
        if self.every_step or first <= self.now:
            return self.now + (MINUTE if self.every_step else stuck)
        return max(first.astimezone(self.now.tzinfo), self.now + LEAST_JUMP)

    def needs(self) -> list[str]:
        return list(Need.objects.filter(closed_at=None).order_by("number").values_list("reason", flat=True))

    def request(self) -> SupportRequest:
        return SupportRequest.objects.order_by("-number").first()

    def word(self) -> str:
        current = VisitWord.objects.filter(void_at=None).order_by("-given_at").first()
        return current.word if current else ""


def by_staff(staff_id: UUID) -> audit.Actor:
    return audit.staff(staff_id)
