"""What a board is narrowed to, as codes: the only words that may stand in its address. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from urllib.parse import parse_qsl, urlencode

from network.messaging.texts.languages import LANGUAGES
from network.support.rules.requests import Kind, State

NOT_KNOWN = "unknown"  # a kind that the member has not said yet
KINDS = (*(kind.value for kind in Kind), NOT_KNOWN)
STATES = tuple(state.value for state in State if state is not State.CLOSED)
MINE, FREE = "mine", "free"
LATE = "late"


@dataclass(frozen=True, slots=True)
class Filter:
    """Each is a code, or empty for all."""

    kind: str = ""
    language: str = ""  # that the member is written to in
    state: str = ""
    whose: str = ""  # of the needs: taken by the reader, or by nobody
    due: str = ""

    def __bool__(self) -> bool:
        return self != Filter()

    @property
    def codes(self) -> str:
        """As a query string; `filter_of_codes` reads it back."""
        return urlencode({name: code for name, code in asdict(self).items() if code})


CHOICES: Mapping[str, tuple[str, ...]] = {
    "kind": KINDS,
    "language": tuple(LANGUAGES),
    "state": STATES,
    "whose": (MINE, FREE),
    "due": (LATE,),
}


def filter_of(asked: Mapping[str, str]) -> Filter:
    """Whatever isn't one of the codes is left out."""
    codes = {name: asked.get(name, "") for name in CHOICES}
    return Filter(**{name: code if code in CHOICES[name] else "" for name, code in codes.items()})


def filter_of_codes(codes: str) -> Filter:
    return filter_of(dict(parse_qsl(codes)))
