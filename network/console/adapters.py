"""What the sign-in library asks us."""

import base64
import os

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.http import HttpRequest

from network.privacy.rules import derive


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs themselves up: staff are added from the command line."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class MFAAdapter(DefaultMFAAdapter):
    """Seals the second factors' secrets; the library's own methods do nothing."""

    def encrypt(self, text: str) -> str:
        nonce = os.urandom(12)
        sealed = AESGCM(_key()).encrypt(nonce, text.encode(), b"mfa")
        return base64.b64encode(nonce + sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        blob = base64.b64decode(encrypted_text)
        return AESGCM(_key()).decrypt(blob[:12], blob[12:], b"mfa").decode()


def _key() -> bytes:
    return derive(settings.FIELD_KEY, "mfa")
