"""The line to the carrier: so many texts a second, and none while it is out."""

import re

from network.simulation.town import DAY

SMS_A_MINUTE = 600.0  # ten a second: a toll-free or short code number; a plain one is slower

type Outage = tuple[float, float]  # minutes of the day, from and to


class BadOutage(ValueError):
    """Not two minutes of one day, the first before the second."""


def outage_of(text: str) -> Outage:
    """From "540-600". Raises BadOutage."""
    match = re.fullmatch(r"(\d{1,4})-(\d{1,4})", text.strip())
    if not match or not int(match[1]) < int(match[2]) <= DAY:
        raise BadOutage(f"An outage is two minutes of the day, such as 540-600, and not {text!r}.")
    return float(match[1]), float(match[2])


class TextQueue:
    """One sender. Texts queue behind each other, and in an outage until its end."""

    def __init__(self, outage: Outage | None = None) -> None:
        self.outage = outage
        self.free_at = 0.0

    def leaves(self, now: float) -> float:
        """When a text that is queued now leaves."""
        self.free_at = self._in_service(max(now, self.free_at)) + 1 / SMS_A_MINUTE
        return self.free_at

    def wait(self, now: float) -> float:
        """The minutes that the queue takes as far as we can know: nobody tells when an outage ends."""
        return max(0.0, self.free_at - self._in_service(now))

    def _in_service(self, minute: float) -> float:
        """This minute, or the end of the outage that it falls in."""
        if self.outage is None:
            return minute
        begins, ends = self.outage
        today = minute % DAY
        return minute - today + ends if begins <= today < ends else minute
