"""Organisations, persons and what vouches for them, and staff."""

from network.people.models.network import Holiday, Network, Place
from network.people.models.organization import Organization
from network.people.models.person import Apart, Member, Person, Responder
from network.people.models.staff import SignInLink, Staff
from network.people.models.vouch import Vouch

__all__ = [
    "Apart",
    "Holiday",
    "Member",
    "Network",
    "Organization",
    "Person",
    "Place",
    "Responder",
    "SignInLink",
    "Staff",
    "Vouch",
]  # fmt: skip
