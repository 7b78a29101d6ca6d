"""Sealed values open where they were sealed, and nowhere else."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from network.messaging.models import Contact, Inbound
from network.people.models import Member, Person
from network.privacy import keyring
from network.privacy.models import Key
from network.privacy.rules import sealing

FIELD_KEY = b"f" * 32


@given(st.text())
def test_what_is_sealed_opens_again(text):
    key, key_id, place = sealing.new_key(), uuid4(), sealing.SealedPlace("t", "c", uuid4())
    blob = sealing.seal(text, key=key, key_id=key_id, place=place)
    assert sealing.unseal(blob, key=key, place=place) == text
    assert sealing.key_of(blob) == key_id


@pytest.mark.parametrize("change", ["table", "column", "row"])
def test_a_moved_value_does_not_open(change):
    row = uuid4()
    place = {"table": "t", "column": "c", "row": row}
    key, key_id = sealing.new_key(), uuid4()
    blob = sealing.seal("Rosa", key=key, key_id=key_id, place=sealing.SealedPlace(**place))
    other = {**place, change: uuid4() if change == "row" else "other"}
    with pytest.raises(sealing.Unreadable):
        sealing.unseal(blob, key=key, place=sealing.SealedPlace(**other))


@given(st.integers(0, 92))
def test_a_flipped_bit_is_refused(at):
    key, key_id, place = sealing.new_key(), uuid4(), sealing.SealedPlace("t", "c", uuid4())
    blob = bytearray(sealing.seal("Rosa", key=key, key_id=key_id, place=place))
    blob[at] ^= 1
    with pytest.raises(sealing.Unreadable):
        sealing.unseal(bytes(blob), key=key, place=place)


@pytest.mark.parametrize("blob", [b"", b"Rosa", b"\x01" * 20, b"\x02" * 80])
def test_plain_text_in_a_sealed_column_is_refused(blob):
    with pytest.raises(sealing.Unreadable):
        sealing.key_of(blob)


def test_lengths_tell_little():
    sizes = {len(sealing.pad(b"x" * n)) for n in range(1000)}
    assert sizes == {64, 256, 1024}
    assert sealing.unpad(sealing.pad(b"Rosa")) == b"Rosa"


def test_a_wrong_field_key_opens_no_key():
    key_id = uuid4()
    wrapped = sealing.wrap(sealing.new_key(), key_id=key_id, field_key=FIELD_KEY)
    with pytest.raises(sealing.Unreadable):
        sealing.unwrap(wrapped, key_id=key_id, field_key=b"g" * 32)


def test_two_rows_swapped_in_the_database_do_not_open(world):
    rosa, luz = world.member("Rosa"), world.member("Luz")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_person SET name = (SELECT name FROM people_person WHERE id = %s) WHERE id = %s",
            [rosa.person.pk, luz.person.pk],
        )
    with pytest.raises(sealing.Unreadable):
        _ = Person.objects.get(pk=luz.person.pk).name


def test_a_sealed_column_can_be_neither_searched_nor_written_in_bulk(world):
    world.member("Rosa")
    with pytest.raises(TypeError):
        list(Person.objects.filter(name="Rosa"))
    with pytest.raises(TypeError):
        Person.objects.update(name="Rosa")


def test_without_its_key_a_person_is_unreadable(world):
    rosa = world.member("Rosa")
    Key.objects.filter(pk=rosa.person.key_id).update(wrapped=b"x" * 60)
    keyring.forget_all()
    with pytest.raises(sealing.Unreadable):
        _ = Member.objects.get(person=rosa.person).street


def test_what_a_stranger_sends_goes_after_a_day_and_its_key_too(world):
    who = world.stranger()
    who.sends("my name is Sentinel")
    from network.desk.models import Need

    world.now += timedelta(days=2)
    world.settle()
    assert Inbound.objects.get().body is not None  # still on the board: kept
    Need.objects.update(closed_at=world.now, closed_by="staff", how="done")
    world.wait(hours=1)  # a key that is still in use is looked at once an hour

    text = Inbound.objects.get()
    assert text.body is None
    assert text.form is None
    assert not Contact.objects.exists()
    world.wait(minutes=11)  # a text that was being sealed in that very moment would have kept it
    assert not Key.objects.filter(holder="day").exists()
    assert world.deliver(who.number, "again", sid=text.sid) == 200
    assert Inbound.objects.count() == 1
