"""The only writers of searches, offers and what is learned from them."""

from network.dispatch.actions.answering import (
    TooLate,
    TooOld,
    accept,
    decline,
    expire_offers,
    late_yes,
    mind_not_delivered,
    release,
    stand_down,
    stop,
    undeliverable,
)
from network.dispatch.actions.by_hand import (
    NeedsAnother,
    NeedsReason,
    NotFit,
    agree_exemption,
    offer_by_hand,
    propose_exemption,
)
from network.dispatch.actions.learning import forget_slowly, settle_offers
from network.dispatch.actions.offering import language_of, release_holds, voucher_name
from network.dispatch.actions.searching import (
    NotReady,
    keep_promises,
    plan,
    plan_due_searches,
    plan_together,
    promise_kept,
    reopen,
    start,
)
from network.dispatch.actions.surge import AlreadyDeclared, declare_surge, end_surge, end_surges

__all__ = [
    "AlreadyDeclared",
    "NeedsAnother",
    "NeedsReason",
    "NotFit",
    "NotReady",
    "TooLate",
    "TooOld",
    "accept",
    "agree_exemption",
    "declare_surge",
    "decline",
    "end_surge",
    "end_surges",
    "expire_offers",
    "forget_slowly",
    "keep_promises",
    "language_of",
    "late_yes",
    "mind_not_delivered",
    "offer_by_hand",
    "plan",
    "plan_due_searches",
    "plan_together",
    "promise_kept",
    "propose_exemption",
    "release",
    "release_holds",
    "reopen",
    "settle_offers",
    "stand_down",
    "start",
    "stop",
    "undeliverable",
    "voucher_name",
]  # fmt: skip
