"""What a check found."""

from dataclasses import asdict, dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check: what, how it stands, and what to do about it."""

    what: str
    verdict: Literal["pass", "warn", "fail", "skip"]
    mend: str = ""

    def shown(self) -> dict[str, str]:
        return asdict(self)
