"""Texts of phones that nobody knows, and what came with texts."""

import base64
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from network.audit.actions import record
from network.audit.rules import staff
from network.console.people import reads
from network.console.shell.access import me, opens
from network.console.shell.paging import number_of
from network.console.shell.reads.conversation import conversation
from network.console.shell.reads.needs import need_rows
from network.desk import actions as desk
from network.desk.models import Need
from network.desk.rules import Reason, in_order
from network.messaging.models import Contact, Media
from network.people.models import Person
from network.staff.rules.access import Action


@require_safe
@opens(Action.READ_TEXTS)
def texts(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """What a phone has sent that belongs to nobody we know; gone after a day."""
    contact = get_object_or_404(Contact, pk=contact_id)
    known = Person.objects.filter(fingerprint=contact.fingerprint).first()
    if known:
        return redirect("person", person_id=known.pk)
    now = timezone.now()
    needs = in_order(Need.objects.filter(about=f"contact:{contact_id}", closed_at=None), now=now)
    context = {
        "contact": contact,
        "bubbles": conversation(contact),
        "needs": need_rows(needs, staff_id=me(request).pk, now=now),
    }
    return render(request, "console/texts.html", context)


@require_safe
@opens(Action.READ_TEXTS)
def strangers(request: HttpRequest) -> HttpResponse:
    """All phones that nobody in the network has."""
    page = reads.strangers(number_of(request.GET))
    return render(request, "console/strangers.html", {"page": page})


@require_POST
@opens(Action.READ_TEXTS)
def strangers_read(request: HttpRequest) -> HttpResponse:
    """Every unknown phone's texts were looked through."""
    by, now = staff(me(request).pk), timezone.now()
    for need in Need.objects.filter(reason__in=(Reason.UNKNOWN_SENDER, Reason.FLOOD), closed_at=None):
        desk.close(need.pk, by=by, now=now)
    return redirect("strangers")


@require_safe
@opens(Action.READ_TEXTS)
def media(request: HttpRequest, media_id: UUID) -> HttpResponse:
    """A picture or a voice note, and a line on record that it was seen.

    What isn't plainly one of the two is only ever saved, never shown by the browser.
    """
    media = get_object_or_404(Media.objects.select_related("text"), pk=media_id)
    with transaction.atomic():
        record(
            "media.viewed",
            f"text:{media.text_id}",
            by=staff(me(request).pk),
            now=timezone.now(),
            request_id=media.text.request_id,
        )
        content = base64.b64decode(media.content or "")
    harmless = media.is_picture or media.is_sound
    answer = HttpResponse(content, content_type=media.kind if harmless else "application/octet-stream")
    if not harmless:
        answer["Content-Disposition"] = f"attachment; filename={media_id}"
    answer["Cache-Control"] = "no-store"
    return answer
