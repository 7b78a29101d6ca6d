"""The only writers of people's rows, but for the spreadsheets (imports.py)."""

from network.people.actions.homes import freeze_home, unfreeze_home
from network.people.actions.network import add_holiday, mark, remove_holiday
from network.people.actions.organizations import set_childcare_rule
from network.people.actions.persons import (
    join,
    keep_apart,
    let_together,
    refuse,
    restore,
    set_language,
    set_off,
    set_probation,
    set_rest,
    suspend,
)
from network.people.actions.pins import NotAPin, count_pin_failure, forget_pin_failures, set_pin, unlock
from network.people.actions.staff import add_staff, make_sign_in_link, use_sign_in_link

__all__ = [
    "NotAPin",
    "add_holiday",
    "add_staff",
    "count_pin_failure",
    "forget_pin_failures",
    "freeze_home",
    "join",
    "keep_apart",
    "let_together",
    "make_sign_in_link",
    "mark",
    "refuse",
    "remove_holiday",
    "restore",
    "set_childcare_rule",
    "set_language",
    "set_off",
    "set_pin",
    "set_probation",
    "set_rest",
    "suspend",
    "unfreeze_home",
    "unlock",
    "use_sign_in_link",
]  # fmt: skip
