"""What happened to a request, in a few words each, to stand between the texts of its conversation."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from network.console.requests.timeline_words import VISITS
from network.console.shell import words
from network.console.shell.reads.conversation import Bubble
from network.conversations.models import Call
from network.dispatch.models import Offer
from network.dispatch.rules.case import OfferState
from network.privacy.keyring import open_keys
from network.support.models import SupportRequest
from network.visits.models import Visit
from network.visits.rules.stages import Stage


@dataclass(frozen=True, slots=True)
class KeyEvent:
    at: datetime
    icon: str
    sentence: str


def with_events(bubbles: Iterable[Bubble], support_request: SupportRequest) -> list[Bubble | KeyEvent]:
    """A conversation with what happened meanwhile; of one moment, what was said comes first."""
    told: list[Bubble | KeyEvent] = [*bubbles, *events(support_request)]
    return sorted(told, key=lambda event: event.at)


def events(support_request: SupportRequest) -> list[KeyEvent]:
    """Who was asked, said yes, came, and is no longer on it, calls, and how it ended, in two queries."""
    offers = Offer.objects.filter(search__support_request=support_request).select_related("person", "visit")
    asked = list(offers.order_by("asked_at", "wave", "code", "pk"))
    went = [offer for offer in asked if hasattr(offer, "visit") or offer.state == OfferState.ACCEPTED]
    open_keys(offer.person.key_id for offer in went)
    # In this order: whoever can't go is told of before who is asked in their place, in the same moment.
    all_of_them = [
        *(event for offer in went for event in _of(offer)),
        *_waves(asked),
        *_calls(support_request),
    ]
    if support_request.closed_at:
        how = words.OUTCOMES.get(support_request.outcome, "")
        all_of_them.append(KeyEvent(support_request.closed_at, "check", _("Closed: %(how)s") % {"how": how}))
    return all_of_them


def _calls(support_request: SupportRequest) -> Iterator[KeyEvent]:
    """Calls of the day about it, each with its length once it has ended."""
    for call in Call.objects.filter(request_id=support_request.pk):
        length = "{}:{:02}".format(*divmod(call.seconds, 60)) if call.ended_at else "…"
        yield KeyEvent(call.began_at, "phone", _("Called us, %(length)s") % {"length": length})


def _waves(asked: Iterable[Offer]) -> Iterator[KeyEvent]:
    for _wave, some in groupby(asked, lambda offer: (offer.search_id, offer.wave)):
        wave = list(some)
        sentence = ngettext("%(n)s person was asked", "%(n)s people were asked", len(wave)) % {"n": len(wave)}
        yield KeyEvent(wave[0].asked_at, "users", sentence)


def _of(offer: Offer) -> Iterator[KeyEvent]:
    name = offer.person.name

    def event(at: datetime | None, icon: str, code: str) -> Iterator[KeyEvent]:
        if at:
            yield KeyEvent(at, icon, _plain(VISITS[code], name))

    visit: Visit | None = getattr(offer, "visit", None)
    yield from event(offer.answered_at or (visit.began_at if visit else None), "user-round", "offer.accepted")
    if visit:
        yield from event(visit.there_at, "map-pin-house", "visit.there")
        done = visit.stage == Stage.DONE
        yield from event(
            visit.ended_at, "check" if done else "undo-2", "visit.done" if done else "visit.left"
        )


def _plain(sentence: str | Promise, name: str) -> str:
    """As the history says it, without the stop."""
    return (str(sentence) % {"person": name}).removesuffix(".")
