"""The only writers of visits, words and disclosures."""

from network.visits.actions.clocks import ask_the_silent, flag_the_silent, release_suspended, suspend
from network.visits.actions.closing import (
    CantResume,
    change_kind,
    close_request,
    hold_for_duress,
    is_resumable,
    resume_request,
)
from network.visits.actions.crew import accept, end_visit, give_up, new_link, release_unsafe
from network.visits.actions.drills import AlreadyRunning, NobodyChosen, end_drill, end_drills, start_drill
from network.visits.actions.homes import release_moved
from network.visits.actions.page import PageRefused, PageView, open_page, page_step
from network.visits.actions.set_time import (
    ask_to_confirm,
    confirm,
    flag_unconfirmed,
    set_time,
)
from network.visits.actions.steps import answer_came, answer_fine, arrive, finish, plan_help
from network.visits.actions.trust import (
    TooFewVisits,
    end_probation,
    suspend_unvouched,
    take_back,
    visits_carried_out,
    who_is_cut_off,
)

__all__ = [
    "AlreadyRunning",
    "CantResume",
    "NobodyChosen",
    "PageRefused",
    "PageView",
    "TooFewVisits",
    "accept",
    "answer_came",
    "answer_fine",
    "arrive",
    "ask_the_silent",
    "ask_to_confirm",
    "change_kind",
    "close_request",
    "confirm",
    "end_drill",
    "end_drills",
    "end_probation",
    "end_visit",
    "finish",
    "flag_the_silent",
    "flag_unconfirmed",
    "give_up",
    "hold_for_duress",
    "is_resumable",
    "new_link",
    "open_page",
    "page_step",
    "plan_help",
    "release_moved",
    "release_suspended",
    "release_unsafe",
    "resume_request",
    "set_time",
    "start_drill",
    "suspend",
    "suspend_unvouched",
    "take_back",
    "visits_carried_out",
    "who_is_cut_off",
]  # fmt: skip
