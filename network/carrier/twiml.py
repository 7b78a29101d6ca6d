"""Reading the answer to a webhook: TwiML, as far as texts and calls by keys need it, and strictly. Pure."""

from dataclasses import dataclass
from xml.etree import ElementTree

# What may stand in each, and with which options; a name that isn't here is no verb of ours.
INSIDE: dict[str, frozenset[str]] = {
    "Response": frozenset({"Message", "Say", "Gather", "Dial", "Redirect", "Hangup", "Pause", "Play"}),
    "Gather": frozenset({"Say", "Pause", "Play"}),
    "Dial": frozenset({"Number"}),
    "Message": frozenset({"Body"}),
}
OPTIONS: dict[str, frozenset[str]] = {
    "Message": frozenset({"to", "from", "action", "method", "statusCallback"}),
    "Body": frozenset(),
    "Say": frozenset({"voice", "language", "loop"}),
    "Play": frozenset({"loop", "digits"}),
    "Pause": frozenset({"length"}),
    "Gather": frozenset({
        "action", "method", "input", "numDigits", "timeout", "finishOnKey", "actionOnEmptyResult",
    }),
    "Dial": frozenset({
        "action", "method", "timeout", "callerId", "answerOnBridge", "record", "hangupOnStar", "timeLimit",
    }),
    "Number": frozenset({"url", "method", "statusCallback", "statusCallbackEvent", "statusCallbackMethod"}),
    "Redirect": frozenset({"method"}),
    "Hangup": frozenset(),
}  # fmt: skip
WRONG_KIND, NOT_WELL_FORMED, NOT_VALID, UNREACHABLE = 12300, 12100, 12200, 11200
TEXT_KINDS = ("text/xml", "application/xml", "text/html", "text/plain")


class NotTwiml(Exception):
    """Not TwiML: the code that the carrier's debugger shows."""

    def __init__(self, code: int) -> None:
        super().__init__(f"code {code}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Verb:
    name: str
    text: str
    options: dict[str, str]
    inside: tuple["Verb", ...]


def read(body: str, kind: str) -> tuple[Verb, ...]:
    """The verbs of an answer. Raises NotTwiml for a wrong content type, or a body that is none."""
    kind = kind.partition(";")[0].strip().lower()
    if kind not in TEXT_KINDS:
        raise NotTwiml(WRONG_KIND)
    if not body.strip() or kind == "text/plain":
        return (Verb("Message", body, {}, ()),) if body.strip() else ()
    try:
        root = ElementTree.fromstring(body)  # noqa: S314  our own customer's answer
    except ElementTree.ParseError:
        raise NotTwiml(NOT_WELL_FORMED) from None
    if root.tag != "Response":
        raise NotTwiml(NOT_WELL_FORMED)
    return tuple(_verb(child, within="Response") for child in root)


def _verb(element: ElementTree.Element, *, within: str) -> Verb:
    if element.tag not in OPTIONS:
        raise NotTwiml(NOT_WELL_FORMED)
    if element.tag not in INSIDE.get(within, ()) or not OPTIONS[element.tag].issuperset(element.attrib):
        raise NotTwiml(NOT_VALID)
    inside = tuple(_verb(child, within=element.tag) for child in element)
    return Verb(element.tag, (element.text or "").strip(), dict(element.attrib), inside)


def words(verb: Verb) -> str:
    """What a <Message> says, by itself or in its <Body>."""
    return verb.text or " ".join(noun.text for noun in verb.inside if noun.name == "Body")


def spoken(verbs: tuple[Verb, ...]) -> list[str]:
    """Everything that is said aloud, in order, within menus too."""
    said: list[str] = []
    for verb in verbs:
        if verb.name == "Say":
            said.append(verb.text)
        said += spoken(verb.inside)
    return said
