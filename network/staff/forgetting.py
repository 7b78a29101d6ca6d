"""What is erased of accounts: sessions and links that are over, lookups, how a lost factor was restored."""

from datetime import datetime

from network.privacy.forgetting import Rows, deleting
from network.privacy.keep import Keep
from network.staff.models import FactorRestoring, Lookup, SignInLink, StaffSession


def _sessions(before: datetime, now: datetime) -> Rows:
    return StaffSession.objects.filter(expires_at__lt=before)


def _links(before: datetime, now: datetime) -> Rows:
    return SignInLink.objects.filter(expires_at__lt=before)


def _lookups(before: datetime, now: datetime) -> Rows:
    return Lookup.objects.filter(at__lt=before)


def _restorings(before: datetime, now: datetime) -> Rows:
    return FactorRestoring.objects.filter(ended_at__lt=before)


ERASERS = (
    deleting("sessions", Keep.SESSION, _sessions, StaffSession),
    deleting("sign_in_links", Keep.SESSION, _links, SignInLink),
    deleting("lookups", Keep.SESSION, _lookups, Lookup),
    deleting("restorings", Keep.LEDGER, _restorings, FactorRestoring),
)
