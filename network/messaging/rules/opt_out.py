"""The carrier's own words to stop and to start texts. Pure."""

import re

STOP_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START_WORDS = frozenset({"START", "UNSTOP", "YES"})
HELP_WORDS = frozenset({"HELP", "INFO"})
RESERVED = STOP_WORDS | START_WORDS | HELP_WORDS


def is_stop(body: str) -> bool:
    """Exactly one of the carrier's stop words, in any case: "stop please" is not."""
    return body.strip().upper() in STOP_WORDS


TOLL_FREE = re.compile(r"\+1(800|833|844|855|866|877|888)\d{7}")


def is_start(body: str, *, sender: str = "") -> bool:
    """One of the carrier's start words. On a US toll-free sender "yes" restores nothing."""
    word = body.strip().upper()
    return word in START_WORDS and not (word == "YES" and TOLL_FREE.fullmatch(sender))


def asks_to_stop(body: str, opt_out_type: str) -> bool:
    """Whether the carrier blocks us from now on, by what it says or because of a stop word.

    `opt_out_type` is STOP, START or HELP where Advanced Opt-Out is on, which may know other words.
    """
    return opt_out_type.upper() == "STOP" or (not opt_out_type and is_stop(body))


def asks_to_start(body: str, opt_out_type: str, *, sender: str = "") -> bool:
    return opt_out_type.upper() == "START" or (not opt_out_type and is_start(body, sender=sender))
