"""Whom to ask, as pure rules.

The one package whose names are those of its modules too: programs outside of ours drive the policy by
`network.dispatch.rules.plan_wave` (docs/dispatch.md), so these names stay here wherever the code moves.
"""

from network.dispatch.rules.case import OfferState, Policy, Situation, WavePlan, Width
from network.dispatch.rules.chance import Learned, Outstanding, Settlement, learn
from network.dispatch.rules.crowd import Candidate, Crowd
from network.dispatch.rules.fit import Refusal, refusal
from network.dispatch.rules.waves import plan_wave
from network.support.rules.requests import Kind

__all__ = [
    "Candidate",
    "Crowd",
    "Kind",
    "Learned",
    "OfferState",
    "Outstanding",
    "Policy",
    "Refusal",
    "Settlement",
    "Situation",
    "WavePlan",
    "Width",
    "learn",
    "plan_wave",
    "refusal",
]
