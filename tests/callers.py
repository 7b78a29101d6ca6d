"""Somebody who calls our number: hears what the webhooks answer, presses keys, and is put through."""

from dataclasses import dataclass, field
from itertools import count

from django.test import Client
from twilio.request_validator import RequestValidator

from network.carrier import twiml

OURS, ACCOUNT = "https://red.example.org", "AC" + "0" * 32
NUMBERS = count(1)
# How a coordinator's phone may end: the carrier's word, and the key pressed by whoever answered, if anybody did.
LEGS = {
    "taken": ("completed", "1"),
    "wrong key": ("completed", "7"),
    "hangs up": ("completed", None),
    "machine": ("completed", ""),  # answers, and presses nothing
    "busy": ("busy", None),
    "no answer": ("no-answer", None),
    "failed": ("failed", None),
    "canceled": ("canceled", None),
    "unheard of": ("", None),
}


def posted(path, form, *, times=1):
    """The answer to the carrier's signed post, which comes so many times."""
    signature = RequestValidator("token-now").compute_signature(f"{OURS}{path}", form)
    for _ in range(times):
        answer = Client().post(path, form, headers={"X-Twilio-Signature": signature}, secure=True)
        assert answer.status_code == 200, answer.content
    return answer.content.decode(), answer["Content-Type"]


@dataclass
class Caller:
    """`twice`: the carrier posts all of it twice."""

    number: str
    twice: bool = False
    sid: str = field(default_factory=lambda: f"CA{next(NUMBERS):032x}")
    said: list = field(default_factory=list)  # what was heard in the last document
    heard: list = field(default_factory=list)  # everything
    documents: list = field(default_factory=list)
    verbs: tuple = ()

    def calls(self):
        return self.go("/twilio/voice")

    def form(self, **more):
        return {
            "CallSid": self.sid, "AccountSid": ACCOUNT, "From": self.number, "To": "+13125550100",
            "CallStatus": "in-progress", "Direction": "inbound", **more,
        }  # fmt: skip

    def go(self, path, **more):
        body, kind = posted(path.removeprefix(OURS), self.form(**more), times=2 if self.twice else 1)
        self.documents.append(body)
        self.verbs = twiml.read(body, kind)
        self.said = twiml.spoken(self.verbs)
        self.heard += self.said
        return self

    @property
    def waits(self):
        """What the call waits for: a key, a phone that rings, or nothing, as it was hung up."""
        names = [verb.name for verb in self.verbs]
        return "key" if "Gather" in names else "phone" if "Dial" in names else names[-1]

    def verb(self, name):
        return next(verb for verb in self.verbs if verb.name == name)

    def presses(self, *digits):
        for digit in digits:
            self.go(self.verb("Gather").options["action"], Digits=digit)
        return self

    def rung(self):
        """The phone that rings."""
        return self.verb("Dial").inside[0].text

    def leg(self, how):
        """A coordinator's phone rings, and ends so."""
        status, digit = LEGS[how]
        dial = self.verb("Dial")
        self.whispered = ()
        if status == "completed":
            self.whispered = self.at_their_end(dial.inside[0].options["url"])
            if digit:
                action = next(verb for verb in self.whispered if verb.name == "Gather").options["action"]
                self.put_through = self.at_their_end(action, Digits=digit)
        return self.go(dial.options["action"], DialCallStatus=status)

    def at_their_end(self, address, **more):
        form = self.form(From="+13125550100", To=self.rung(), CallSid=f"CA{next(NUMBERS):032x}", **more)
        body, kind = posted(address.removeprefix(OURS), form, times=2 if self.twice else 1)
        self.documents.append(body)
        return twiml.read(body, kind)

    def hangs_up(self, seconds=42):
        posted("/twilio/voice/ended", self.form(CallStatus="completed", CallDuration=str(seconds)))
