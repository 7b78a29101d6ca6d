"""Enrolling in words: what is wrong with a field, and where two organizations differ."""

from datetime import time

from django.conf import settings
from django.utils.formats import time_format
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from network.console.shell.words import Words
from network.enrollment.rules.claims import Difference
from network.enrollment.rules.entries import Mistake


def _woken() -> str:
    start, end = (time_format(time(hour), "P") for hour in settings.OFFER_NIGHT)
    return gettext("May be woken at night, from %(start)s to %(end)s") % {"start": start, "end": end}


WOKEN = lazy(_woken, str)()

WRONG: Words = {
    Mistake.EMPTY: _("This is empty."),
    Mistake.NO_TEXT: _("This holds signs that are no text. Type it anew."),
    Mistake.LONG: _("This is too long."),
    Mistake.PHONE: _("That's not a phone number. Enter ten digits, or +1 and ten digits."),
    Mistake.DATE: _("This is no date."),
    Mistake.FUTURE: _("That date is in the future."),
    Mistake.LANGUAGE: _("Choose a language."),
    Mistake.LANGUAGES: _("Languages are codes of two letters, such as pt, with commas between."),
    Mistake.STATE: _("The state has two letters, such as IL."),
    Mistake.ZIP: _("That is no US ZIP that we know."),
    Mistake.KIND: _("Choose what they may be asked for."),
    Mistake.MILES: _("Write a whole number from 1 to 200."),
    Mistake.HOURS: _("Write always, or days and hours such as mon-fri 08:00-18:00; sat 09:00-13:00"),
    Mistake.YES_OR_NO: _("Choose yes or no."),
    Mistake.PIN: _("A PIN has four to eight digits."),
    Mistake.WORD_SHORT: _("Choose a word of four letters or more, letters only."),
    Mistake.WORD_RESERVED: _("The phone company keeps this word for itself. Choose another one."),
    Mistake.WORD_TAKEN: _("This word means something else here. Choose another one."),
    Mistake.CLEARANCE: _("Childcare needs the day until which they are cleared."),
    Mistake.CLEARANCE_OVER: _(
        "This clearance is over: they are not asked for childcare until there is a new one."
    ),
    Mistake.BAR_NUMBER: _("Legal help needs a bar number."),
    Mistake.BAR_STATE: _("Legal help needs the state of the bar, such as IL."),
}
DIFFERENCES: Words = {
    Difference.HOME: _("Another home than the one on file."),
    Difference.KINDS: _("More kinds of support than on file."),
    Difference.REFUSED: _("This phone had answered that it is not them, or that they do not want it."),
    Difference.RING: _("The vouch would close a ring, so it counts for nothing. The verifier was not told."),
}
