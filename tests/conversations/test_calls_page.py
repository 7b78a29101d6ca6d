"""docs/calls.md says what a caller hears, step by step: compared with the rules and the words themselves."""

from pathlib import Path

from network.conversations.rules.calls import SAYS, WAYS, CallStep
from network.messaging.rules.speech import spoken
from network.messaging.texts.en import TEXTS
from network.messaging.texts.keys import Text

PAGE = Path(__file__).parents[2] / "docs" / "calls.md"


def said(step):
    words = (sentence for text in SAYS[step] for sentence in spoken(TEXTS[text], TEXTS[Text.VOICE_KEY]))
    return " ".join(words) or "(nothing: they have talked)"


def keys(step):
    """Keys that lead to the same stand together."""
    ways = WAYS.get(step, {})
    if step is CallStep.LANGUAGE:
        return f"one for each language: {CallStep.MENU}"
    leads = {}
    for key, way in ways.items():
        leads.setdefault(way, []).append(key)
    return "; ".join(
        f"{named(pressed)}: {then}{f' ({asked})' if asked else ''}"
        for (then, asked), pressed in leads.items()
    )


def named(pressed):
    return ", ".join(pressed) if len(pressed) < 3 else f"{pressed[0]} to {pressed[-1]}"


def test_the_page_has_each_step_as_the_rules_have_it():
    rows = [f"| {step} | {said(step)} | {keys(step)} |" for step in CallStep]
    table = "\n".join(["| step | what is said, in English | keys |", "|---|---|---|", *rows])
    assert table in PAGE.read_text(), f"docs/calls.md should have:\n{table}"
