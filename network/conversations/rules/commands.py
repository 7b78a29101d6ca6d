"""What a text can ask of us. One value a text; the acting side matches on the type."""

from dataclasses import dataclass
from uuid import UUID

from network.support.rules.requests import Kind


@dataclass(frozen=True, slots=True)
class Stop:
    """One of the carrier's stop words, alone."""


@dataclass(frozen=True, slots=True)
class StopAsked:
    """Asked in their own words to be left alone."""


@dataclass(frozen=True, slots=True)
class AskStop:
    """Perhaps asks to be left alone, among other words: we ask back before silencing anything."""


@dataclass(frozen=True, slots=True)
class KeepTexting: ...


@dataclass(frozen=True, slots=True)
class Restore:
    """START, UNSTOP or YES from somebody who had opted out."""


@dataclass(frozen=True, slots=True)
class Join: ...


@dataclass(frozen=True, slots=True)
class NotMe: ...


@dataclass(frozen=True, slots=True)
class ItIsMe:
    """The phone is theirs: to the text after enrollment, or to the check now and then."""


@dataclass(frozen=True, slots=True)
class AskToJoin:
    """An invited person wrote: the enrollment question is due."""


@dataclass(frozen=True, slots=True)
class SetLanguage:
    """None: the other one."""

    language: str | None


@dataclass(frozen=True, slots=True)
class PersonPlease: ...


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """`later`: another day, or an hour, was named; a person sets the time."""

    kind: Kind | None
    later: bool


@dataclass(frozen=True, slots=True)
class AtHome: ...


@dataclass(frozen=True, slots=True)
class TimeRight: ...


@dataclass(frozen=True, slots=True)
class TimeWrong: ...


@dataclass(frozen=True, slots=True)
class Elsewhere: ...


@dataclass(frozen=True, slots=True)
class ChooseKind:
    kind: Kind


@dataclass(frozen=True, slots=True)
class SomethingElse: ...


@dataclass(frozen=True, slots=True)
class Children:
    count: int


@dataclass(frozen=True, slots=True)
class Described: ...


@dataclass(frozen=True, slots=True)
class FurtherText: ...


@dataclass(frozen=True, slots=True)
class AskNotNeeded: ...


@dataclass(frozen=True, slots=True)
class NotNeeded: ...


@dataclass(frozen=True, slots=True)
class KeepLooking: ...


@dataclass(frozen=True, slots=True)
class KeepWaiting: ...


@dataclass(frozen=True, slots=True)
class CallMe: ...


@dataclass(frozen=True, slots=True)
class Accept:
    """`said` is what else the text says; `minutes` what it says of the time to get there."""

    offer: UUID
    said: str
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Decline:
    offer: UUID


@dataclass(frozen=True, slots=True)
class LateCode:
    """A code of theirs that is closed, or none of theirs at all."""

    offer: UUID | None


@dataclass(frozen=True, slots=True)
class Arrived: ...


@dataclass(frozen=True, slots=True)
class Finished: ...


@dataclass(frozen=True, slots=True)
class GiveUp: ...


@dataclass(frozen=True, slots=True)
class AskGiveUp:
    """Perhaps unable to go, among other words: we ask back before telling anybody."""


@dataclass(frozen=True, slots=True)
class StillGoing: ...


@dataclass(frozen=True, slots=True)
class StillStands:
    """Still coming to what they accepted for a set time."""


@dataclass(frozen=True, slots=True)
class CantKeep:
    """Can't come to what they accepted for a set time."""


@dataclass(frozen=True, slots=True)
class VisitorNeedsPerson: ...


@dataclass(frozen=True, slots=True)
class VisitFine: ...


@dataclass(frozen=True, slots=True)
class VisitCall: ...


@dataclass(frozen=True, slots=True)
class Came: ...


@dataclass(frozen=True, slots=True)
class DidNotCome: ...


@dataclass(frozen=True, slots=True)
class NeedElse: ...


@dataclass(frozen=True, slots=True)
class AskMoved:
    """Says that they moved: we ask back before freezing a home or calling anybody back."""


@dataclass(frozen=True, slots=True)
class Moved: ...


@dataclass(frozen=True, slots=True)
class SameHome: ...


@dataclass(frozen=True, slots=True)
class Off:
    """None: until they say otherwise."""

    days: int | None


@dataclass(frozen=True, slots=True)
class OffUntil:
    """Until a day of the week begins, Monday being 0; today's name means a week from now."""

    weekday: int


@dataclass(frozen=True, slots=True)
class On: ...


@dataclass(frozen=True, slots=True)
class Duress:
    """The text held the duress word. It is answered exactly as `as_if` would be."""

    as_if: "Command"


@dataclass(frozen=True, slots=True)
class FromStranger: ...


@dataclass(frozen=True, slots=True)
class FromRefused: ...


@dataclass(frozen=True, slots=True)
class Thanks:
    """Thanks, or the like, when nothing was asked. A person sees it, and it gets no answer."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """A reaction to a text of ours, or our own words sent back with none of theirs."""

    disliked: bool


@dataclass(frozen=True, slots=True)
class Unclear: ...


type Command = (
    Stop | StopAsked | Restore | Join | NotMe | ItIsMe | AskToJoin | SetLanguage | PersonPlease
    | OpenRequest | AtHome | Elsewhere | ChooseKind | SomethingElse | Children | Described
    | FurtherText | AskNotNeeded | NotNeeded | KeepLooking | KeepWaiting | CallMe | Accept
    | Decline | LateCode | Arrived | Finished | GiveUp | VisitorNeedsPerson | VisitFine
    | VisitCall | Came | DidNotCome | NeedElse | Moved | Off | OffUntil | On | Duress | FromStranger
    | AskStop | KeepTexting | AskMoved | SameHome | AskGiveUp | StillGoing
    | FromRefused | Thanks | Reaction | Unclear | TimeRight | TimeWrong | StillStands | CantKeep
)  # fmt: skip
