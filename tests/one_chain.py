"""One chain of middleware for all test clients, as a server makes one and keeps it.

Django makes it anew for each client, and WhiteNoise then looks at every static file.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.handlers.base import BaseHandler
from django.core.signals import setting_changed
from django.test.client import ClientHandler

from network.console.account.sign_in_limits import Addresses, SignInLimits

PARTS = ("_middleware_chain", "_view_middleware", "_template_response_middleware", "_exception_middleware")


class Chain:
    """Made for the first client, and anew where a test has changed a setting."""

    made: ClientHandler | None = None
    limits: SignInLimits

    @contextmanager
    def shared(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ClientHandler, "load_middleware", lambda client, **_: self.lend(client))
            setting_changed.connect(self.end)
            yield
            setting_changed.disconnect(self.end)
            self.end()

    def lend(self, client: ClientHandler) -> None:
        if self.made is None:
            self.make()
        for part in PARTS:
            setattr(client, part, getattr(self.made, part))

    def make(self) -> None:
        made, begin = ClientHandler(), SignInLimits.__init__

        def noted(limits: SignInLimits, get_response: object) -> None:
            begin(limits, get_response)
            self.limits = limits

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(SignInLimits, "__init__", noted)
            BaseHandler.load_middleware(made)
        self.made = made

    def end(self, **_: object) -> None:
        self.made = None

    def forget_tries(self) -> None:
        """What one test tried counts for no other."""
        if self.made is not None:
            self.limits.addresses = Addresses()


CHAIN = Chain()
