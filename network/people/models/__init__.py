"""Organisations, persons and what vouches for them, and staff."""

from network.people.models.access import FactorRestoring, StaffSession
from network.people.models.agreeing import Approval, Proposal
from network.people.models.enrolling import Claim, Consent, HandOver, HomeChange
from network.people.models.exporting import Export
from network.people.models.network import FoundingClosed, Holiday, Network, Place, SettingUp, TrustNumbers
from network.people.models.organization import Organization
from network.people.models.person import Apart, Member, Person, Responder
from network.people.models.staff import SignInLink, Staff
from network.people.models.vouch import Introduction, Vouch

__all__ = [
    "Apart",
    "Approval",
    "Claim",
    "Consent",
    "Export",
    "FactorRestoring",
    "FoundingClosed",
    "HandOver",
    "Holiday",
    "HomeChange",
    "Introduction",
    "Member",
    "Network",
    "Organization",
    "Person",
    "Place",
    "Proposal",
    "Responder",
    "SettingUp",
    "SignInLink",
    "Staff",
    "StaffSession",
    "TrustNumbers",
    "Vouch",
]  # fmt: skip
