"""What the sign-in library asks us, and tells us."""

import base64
import os
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils import timezone

from network.console.shell.reauthentication import own_path
from network.privacy.rules.sealing import derive
from network.staff.actions.factors import factor_changed
from network.staff.actions.sessions import note_signed_out
from network.staff.models import Staff
from network.staff.sessions import SessionStore

SET_UP = ("mfa/email/webauthn_added", "mfa/email/totp_activated")


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs themselves up: staff are invited."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """As the library does, but whoever was taken off is told what somebody unknown is told,
        also with the right password; the library would send them to a page of its own."""
        self.pre_authenticate(request, **credentials)
        account = authenticate(request, **credentials)
        if account is None:
            self.authentication_failed(request, **credentials)
        else:
            self._rollback_login_failed_rl_usage()
        return account

    def is_safe_url(self, url: str) -> bool:
        """Paths of ours alone; the library would take any host that we answer to."""
        return bool(url) and own_path(url) == url

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The key first. A password isn't enough where there is a second factor."""
        methods = super().get_reauthentication_methods(user)
        by_factor = [method for method in methods if method["id"] != "reauthenticate"]
        return sorted(by_factor, key=lambda method: "webauthn" not in method["id"]) or methods

    def send_notification_mail(
        self, template_prefix: str, user: AbstractBaseUser, context: Any = None, email: Any = None
    ) -> None:
        """No mail. What the library would write about, a changed password or factor, is put on record
        and ends the other sessions. A factor that was just set counts as used: it was held in hand."""
        assert isinstance(user, Staff)
        if template_prefix in SET_UP:
            record_authentication(self.request, user, method="mfa", set_up=True, reauthenticated=True)
        session = self.request.session
        keep = session.row.pk if isinstance(session, SessionStore) and session.row else None
        what = template_prefix.rpartition("/")[2]
        factor_changed(user.pk, what=what, keep=keep, now=timezone.now())

    def logout(self, request: HttpRequest) -> None:
        staff = request.user
        super().logout(request)
        if isinstance(staff, Staff):
            note_signed_out(staff.pk, now=timezone.now())


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
