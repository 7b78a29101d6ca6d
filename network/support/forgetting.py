"""What is erased of requests: words three days after one closed, drills, and the history of what is over."""

from datetime import datetime, time
from uuid import UUID

from django.db.models import CharField, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat

from network.audit.chain import drop
from network.audit.models import Block, Entry, Head, Line, Whom
from network.desk.models import Need
from network.messaging.forgetting import last_moment_of_texts_out
from network.messaging.models import Inbound, Media, Outbound
from network.messaging.retention import UNDER_WAY
from network.messaging.rules.states import InState
from network.people.models import Person
from network.privacy.forgetting import EVERY_FIELD, Eraser, Rows, deleting
from network.privacy.keep import Keep, limits
from network.support.holds import held
from network.support.models import Drill, DrillPerson, SupportRequest
from network.support.queries import local
from network.support.rules.requests import State

BLOCKS_AT_ONCE = 5000  # of the history, in a transaction


def over(before: datetime, *, now: datetime) -> QuerySet[SupportRequest]:
    """Requests that closed before this, and that nothing holds."""
    return SupportRequest.objects.filter(~held(now=now), state=State.CLOSED, closed_at__lt=before)


def without_open_needs(requests: QuerySet[SupportRequest]) -> QuerySet[SupportRequest]:
    return requests.exclude(Exists(Need.objects.filter(request_id=OuterRef("pk"), closed_at=None)))


def _done_with(before: datetime, *, now: datetime) -> Q:
    """Texts of a request that closed before this, or of none, handled by then, that nobody is to look at."""
    needs = Need.objects.filter(closed_at=None)
    asked_about = Q(
        Exists(needs.filter(about=_named("text", "pk")))
        | Exists(needs.filter(about=_named("contact", "contact_id")))
    )
    of_whom = Person.objects.filter(
        fingerprint=OuterRef("contact__fingerprint"),
        pk__in=needs.filter(person_id__isnull=False).values("person_id"),
    )
    there = SupportRequest.objects.filter(pk=OuterRef("request_id"))
    closed = Q(Exists(over(before, now=now).filter(pk=OuterRef("request_id"))))
    of_none = Q(request_id=None) | ~Q(Exists(there))
    return closed | of_none & Q(at__lt=before) & ~asked_about & ~Q(Exists(of_whom))


def _named(kind: str, field: str) -> Concat:
    return Concat(Value(f"{kind}:"), Cast(OuterRef(field), CharField()), output_field=CharField())


def _words_in(before: datetime, now: datetime) -> Rows:
    moment = Coalesce(F("handled_at"), F("received_at"), output_field=DateTimeField())
    texts = Inbound.objects.filter(key_id__isnull=False).exclude(state=InState.WAITING)
    return texts.alias(at=moment).filter(_done_with(before, now=now))


def _forget_words_in(keys: list[UUID], now: datetime) -> None:
    Media.objects.filter(text__in=keys).delete()
    Inbound.objects.filter(pk__in=keys).update(form=None, body=None, key_id=None, media_due_at=None)


def _words_out(before: datetime, now: datetime) -> Rows:
    moment = last_moment_of_texts_out()
    texts = Outbound.objects.filter(key_id__isnull=False).exclude(state__in=UNDER_WAY)
    return texts.alias(at=moment).filter(_done_with(before, now=now))


def _forget_words_out(keys: list[UUID], now: datetime) -> None:
    Outbound.objects.filter(pk__in=keys).update(body=None, key_id=None)


def _notes(before: datetime, now: datetime) -> Rows:
    return over(before, now=now).filter(notes__isnull=False)


def _forget_notes(keys: list[UUID], now: datetime) -> None:
    SupportRequest.objects.filter(pk__in=keys).update(notes=None)


def _chosen(before: datetime, now: datetime) -> Rows:
    return DrillPerson.objects.filter(drill__ended_at__lt=before)


def _drills(before: datetime, now: datetime) -> Rows:
    requests = SupportRequest.objects.filter(drill=OuterRef("pk"))
    return Drill.objects.filter(~Exists(requests), ended_at__lt=before)


def _midnight(before: datetime) -> datetime:
    """The history goes by whole days of the network's clock."""
    return datetime.combine(local(before).date(), time(), tzinfo=local(before).tzinfo)


def _whom(before: datetime, now: datetime) -> Rows:
    """Whom lines named. Of a request that is still kept, it goes with it."""
    kept = SupportRequest.objects.filter(pk=OuterRef("request_id"))
    old = Line.objects.filter(at__lt=_midnight(before)).values("pk")
    return Whom.objects.filter(~Exists(kept), pk__in=old)


def _droppable(before: datetime) -> QuerySet[Block]:
    """The oldest blocks, up to the first that holds a newer line, or one that names somebody still."""
    newer = Block.objects.filter(number__lt=OuterRef("number"), latest__gte=_midnight(before))
    names = Whom.objects.filter(pk__lte=OuterRef("up_to"))
    return Block.objects.filter(~Exists(newer), ~Exists(names), latest__lt=_midnight(before))


def _history(before: datetime, now: datetime) -> Rows:
    """The head, while a block up to it is past its time: blocks themselves are never held for a change."""
    return Head.objects.filter(Exists(_droppable(before).filter(number__lte=OuterRef("block"))))


def _drop_history(keys: list[int], now: datetime) -> None:
    before = limits(now=now)[Keep.LEDGER]
    head = Head.objects.get(pk__in=keys)
    blocks = _droppable(before).filter(number__lte=head.block).order_by("number")
    drop(blocks.values_list("number", flat=True)[:BLOCKS_AT_ONCE], before=_midnight(before), now=now)


ERASERS = (
    Eraser(
        "words_in",
        Keep.WORDS,
        {Inbound: ("key_id", "form", "body"), Media: (EVERY_FIELD,)},
        _words_in,
        _forget_words_in,
    ),
    Eraser("words_out", Keep.WORDS, {Outbound: ("key_id", "body")}, _words_out, _forget_words_out),
    Eraser("notes", Keep.WORDS, {SupportRequest: ("notes",)}, _notes, _forget_notes),
    deleting("drill_people", Keep.CASE, _chosen, DrillPerson),
    deleting("drills", Keep.LEDGER, _drills, Drill),
    deleting("whom", Keep.LEDGER, _whom, Whom, at_once=2000),
    Eraser(
        "history",
        Keep.LEDGER,
        {Line: (EVERY_FIELD,), Block: (EVERY_FIELD,), Entry: (EVERY_FIELD,)},
        _history,
        _drop_history,
        at_once=1,
    ),
)
