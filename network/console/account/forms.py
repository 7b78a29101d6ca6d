"""The sign-in library's forms, where they ask the wrong way round."""

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm


class AddKey(AddWebAuthnForm):
    """A key is a passkey unless somebody says otherwise: one that isn't can't sign in by itself, and
    whoever sets no password beside it would have locked themselves out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "passwordless" in self.fields:
            self.fields["passwordless"].initial = True
