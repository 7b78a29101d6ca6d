"""Numbers that we don't want to know: masked in texts before they are stored, refused in what staff write."""

import base64

import pytest

from network.messaging.gateway.protocol import Attachment, Received
from network.messaging.inbox import backfill
from network.messaging.models import Inbound, Media
from network.support.models import SupportRequest
from tests.console.test_pages import post, sign_in
from tests.reading import words_of

SSN = "123-45-6789"


def test_a_number_in_a_cry_is_masked_and_the_cry_is_heard(world):
    rosa = world.member("Rosa")
    rosa.sends(f"ayuda, mi A-number es A012345678 y mi seguro {SSN}")
    text = Inbound.objects.get()
    for kept in (text.body, text.form):
        assert "012345678" not in kept
        assert "6789" not in kept
        assert "[•••]" in text.body
    assert world.request().state == "asking"
    assert rosa.got("at home")


def test_what_was_fetched_from_the_carriers_list_is_masked_too(world):
    rosa = world.member("Rosa")
    form = {
        "MessageSid": "SM" + "9" * 32, "AccountSid": "AC" + "0" * 32, "From": rosa.number, "To": "+13125550100",
        "Body": f"ayuda {SSN}", "NumMedia": "0",
    }  # fmt: skip
    world.carrier.inbound.append(Received(form, world.now))
    backfill.want(now=world.now)
    world.settle()
    assert Inbound.objects.get().body == "ayuda [•••]"


def test_an_answer_with_a_phone_in_it_is_as_it_was(world):
    rosa = world.member("Rosa")
    rosa.sends("ayuda, llama a 312-555-0101, vivo en 1234 W 26th St A 12")
    assert Inbound.objects.get().body == "ayuda, llama a 312-555-0101, vivo en 1234 W 26th St A 12"


def test_notes_that_hold_one_are_refused_with_a_sentence_and_kept_in_the_field(world):
    desk = sign_in(world, world.coordinator())
    world.member("Rosa").asks()
    number = world.request().number
    answer = post(desk, f"/requests/{number}/do/notes", notes="Unit 2B. A012345678, ring twice")
    assert answer.status_code == 422
    page = words_of(answer.content.decode())
    assert "An A-number stands in it. We keep none: take it out." in page
    assert "Unit 2B. A012345678, ring twice" in answer.content.decode()
    assert not SupportRequest.objects.get().notes
    assert post(desk, f"/requests/{number}/do/notes", notes="Unit 2B, ring twice").status_code < 400
    assert SupportRequest.objects.get().notes == "Unit 2B, ring twice"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (SSN, "A Social Security or tax number stands in it."),
        ("they are undocumented", "immigration status stands in it"),
        ("DOB 03/04/1988", "Write how old somebody is"),
        ("license plate ABC 1234", "We keep nothing of officers or vehicles"),
    ],
)
def test_a_reason_is_refused_with_what_to_take_out(world, words, said):
    steward = sign_in(world, world.coordinator())
    ana = world.responder("Ana")
    answer = post(steward, f"/people/{ana.person.pk}/do/suspend", why=f"because {words}")
    assert answer.status_code == 422
    assert said in words_of(answer.content.decode())
    ana.person.refresh_from_db()
    assert ana.person.suspended_at is None


def test_a_hand_off_masks_rather_than_refuses(world):
    from network.console.duty.forms import WritingHandoff

    form = WritingHandoff({"urgent": f"Rosa, {SSN}", "watch": "", "told": "They wait"})
    assert form.is_valid()
    assert form.cleaned_data == {"urgent": "Rosa, [•••]", "watch": "", "told": "They wait"}


def test_a_picture_is_kept_without_its_place(world):
    rosa = world.member("Rosa")
    place = b"41.8781N"
    photo = (
        b"\xff\xd8"
        + b"\xff\xe1"
        + bytes([0, 2 + 6 + len(place)])
        + b"Exif\0\0"
        + place
        + b"\xff\xda\0\2\1\2\xff\xd9"
    )
    sid = "SM" + "7" * 32
    world.carrier.media[sid] = [Attachment("ME1", "image/jpeg", photo)]
    world.deliver(rosa.number, "ayuda", sid=sid, NumMedia="1")
    world.settle()
    kept = base64.b64decode(Media.objects.get().content)
    assert kept.startswith(b"\xff\xd8\xff\xda")
    assert place not in kept
