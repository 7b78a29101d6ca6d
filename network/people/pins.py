"""Hashing and checking a PIN: Argon2id over an HMAC, slow on purpose, so never on the event loop."""

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password

from network.people.models import Responder
from network.privacy.rules.sealing import pin_digest


def hash_pin(responder: Responder, pin: str) -> str:
    digest = pin_digest(pin, person_id=responder.person_id, field_key=settings.FIELD_KEY)
    return make_password(digest, hasher="argon2")


def check_pin(responder: Responder, pin: str) -> bool:
    digest = pin_digest(pin, person_id=responder.person_id, field_key=settings.FIELD_KEY)
    return check_password(digest, responder.pin_hash)
