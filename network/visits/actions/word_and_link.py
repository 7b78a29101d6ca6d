"""The word for the door, and the responder's link."""

import secrets
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from network.audit.rules import Actor
from network.database.writing import save_columns
from network.desk.actions import settle
from network.desk.rules import About, Reason
from network.messaging.texts.keys import Text
from network.privacy.rules.sealing import token_digest
from network.support.models import SupportRequest
from network.visits import queries
from network.visits.actions.locking import lock_visit, recorded
from network.visits.actions.notices import tell
from network.visits.models import Visit, VisitWord
from network.visits.rules import stages
from network.visits.rules.stages import Stage

TOKEN_BYTES = 16  # 128 bits, 22 characters
OF_A_LINK = (Reason.LINK_ELSEWHERE, Reason.LINK_REFUSED, Reason.LINK_OFTEN)


def give_word(support_request: SupportRequest, *, now: datetime) -> str:
    """The word in force, or a new one that this request hasn't used."""
    current = queries.word_in_force(support_request.pk)
    if current:
        word: str = current.word
        return word
    used = [old.word for old in VisitWord.objects.filter(support_request=support_request)]
    duress = (support_request.member.duress_word or "").upper()
    fresh = stages.new_word(secrets.choice, used=used, forbidden=[duress])
    VisitWord.objects.create(
        support_request=support_request, key_id=support_request.key_id, word=fresh, given_at=now
    )
    return fresh


def void_word(support_request: SupportRequest, *, now: datetime) -> str | None:
    """Who comes has changed, so the word no longer opens the door. Returns it, if there was one."""
    current = queries.word_in_force(support_request.pk)
    if current is None:
        return None
    VisitWord.objects.filter(pk=current.pk).update(void_at=now)
    voided: str = current.word
    return voided


def make_token(visit: Visit) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    visit.token_hash, visit.device_hash, visit.moves, visit.views = token_digest(token), None, 0, 0
    save_columns(visit, "token_hash", "device_hash", "moves", "views")
    return token


def link(token: str) -> str:
    """The responder's page. The token is in the fragment, which browsers send to no server."""
    return f"{settings.PUBLIC_URL}/visit#{token}"


@transaction.atomic
def new_link(visit_id: UUID, *, by: Actor, now: datetime) -> None:
    """Send the responder a new link, which opens on any one device, and settle needs about the old one.

    The old link stops working.
    """
    visit, support_request = lock_visit(visit_id)
    if Stage(visit.stage) not in stages.SHOWS_ADDRESS:
        raise stages.StepNotPossible("a held visit has no link")
    word = give_word(support_request, now=now)
    tell(visit, Text.NEW_LINK, now=now, url=link(make_token(visit)), word=word)
    settle(*OF_A_LINK, about=About("visit", str(visit.pk)), by=by, now=now)
    recorded("visit.new_link", visit, by=by, now=now)
