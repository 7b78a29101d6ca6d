"""How often somebody may try to sign in: by account, by the work at once, and by address where one is known.

Behind a proxy everybody comes from the proxy's address, and a limit of that would lock all out together.
So an address counts only where the proxy on this machine names it; it is kept for a minute, as a hash that
this process alone can make.
"""

import hashlib
import ipaddress
import secrets
import threading
from collections import deque
from collections.abc import Callable
from time import monotonic

from django.http import HttpRequest, HttpResponse

from network.console.shell import refusals

PAGES = (
    "/accounts/login/", "/accounts/2fa/authenticate/", "/accounts/2fa/webauthn/login/", "/sign-in/link",
)  # fmt: skip
WITHIN_S = 60.0
MOST_TRIES = 60  # of one address in a minute: an office behind one address signs in in the morning
MOST_ADDRESSES = 10_000
HASHED = "/accounts/login/"  # a password's hash is slow on purpose
AT_ONCE, IN_LINE = 2, 2  # hashes that are worked on, and that wait; all other threads are for pages
WAITS_S = 2.0


class Addresses:
    """The tries of the last minute, by hashed address, in memory."""

    def __init__(self) -> None:
        self.salt = secrets.token_bytes(32)
        self.tries: dict[bytes, deque[float]] = {}
        self.lock = threading.Lock()

    def allow(self, address: str, *, now: float) -> bool:
        """Count one, unless this address has had its tries. `now` in seconds of any clock."""
        name = hashlib.blake2b(address.encode(), key=self.salt, digest_size=16).digest()
        with self.lock:
            self._forget(now)
            tries = self.tries.setdefault(name, deque())
            if len(tries) >= MOST_TRIES:
                return False
            tries.append(now)
            return True

    def _forget(self, now: float) -> None:
        for name in list(self.tries):
            tries = self.tries[name]
            while tries and tries[0] <= now - WITHIN_S:
                tries.popleft()
            if not tries:
                del self.tries[name]
        while len(self.tries) > MOST_ADDRESSES:
            del self.tries[next(iter(self.tries))]


class SignInLimits:
    """Stands before the pages on which somebody signs in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.addresses = Addresses()
        self.working = threading.BoundedSemaphore(AT_ONCE)
        self.inside = threading.BoundedSemaphore(AT_ONCE + IN_LINE)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or request.path not in PAGES:
            return self.get_response(request)
        address = address_of(request)
        if address and not self.addresses.allow(address, now=monotonic()):
            return refusals.page(request, 429)
        if request.path != HASHED:
            return self.get_response(request)
        return self._in_turn(request) or refusals.page(request, 429)

    def _in_turn(self, request: HttpRequest) -> HttpResponse | None:
        """None where too many are before this one."""
        if not self.inside.acquire(blocking=False):
            return None
        try:
            if not self.working.acquire(timeout=WAITS_S):
                return None
            try:
                return self.get_response(request)
            finally:
                self.working.release()
        finally:
            self.inside.release()


def address_of(request: HttpRequest) -> str:
    """The client's, as the proxy on this machine says it; empty where nobody whom we believe says one.

    The last of the list is what the proxy itself saw; what stands before it anybody can write.
    """
    if not _is_here(request.META.get("REMOTE_ADDR", "")):
        return ""
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    try:
        address = ipaddress.ip_address(forwarded)
    except ValueError:
        return ""
    if address.version == 6:  # a household has a whole network of them
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address)


def _is_here(peer: str) -> bool:
    try:
        return ipaddress.ip_address(peer).is_loopback
    except ValueError:
        return False
