"""Setting up a network in words: what each line is, why, and how it is done."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from network.console.shell.setting_up.rules import SetupStep
from network.staff.rules.access import Action


@dataclass(frozen=True, slots=True)
class Told:
    """`link`: the page where it is done and, after #, its place there. `command`: on the server."""

    title: str | Promise
    why: str | Promise
    link: str = ""  # the name of a page, its arguments after slashes, a place on it after #
    label: str | Promise = ""
    command: str = ""


BY_OTHERS: dict[Action | None, str | Promise] = {
    None: _("Whoever has the server does this."),
    Action.ENROL: _("A steward does this, or a verifier of an organization."),
    Action.MANAGE_STAFF: _("A steward does this."),
    Action.MEET_STAFF: _("A steward or coordinator does this."),
    Action.SET_RULES: _("A steward does this."),
    Action.RUN_DRILLS: _("A steward does this."),
    Action.CHANGE_DUTY: _("Each coordinator does this."),
}
THINGS: dict[SetupStep, Told] = {
    SetupStep.NUMBER: Told(
        _("The number is set, and we have heard from it"),
        _("Until a text has come in by itself, nobody knows whether one can."),
        command="./run twilio_setup --test +13125550123",
    ),
    SetupStep.COORDINATOR: Told(
        _("A second coordinator, with a key of their own"),
        _("People sleep, get sick, or lose a passkey. With two, someone can still get in."),
        "staff#invite",
        _("Invite somebody"),
    ),
    SetupStep.STEWARD: Told(
        _("A second steward"),
        _("A lost key of a steward is restored by two others, so one alone can lock everybody out."),
        "staff#invite",
        _("Invite somebody"),
    ),
    SetupStep.PAIR: Told(
        _("Two people who can decide together"),
        _(
            "A frozen home, a lost key or a suspension takes two: of two organizations where there are two, "
            "each with a phone on file, and each met by somebody who did not make their account."
        ),
        "staff",
        _("Say whom you have met"),
        command="./run add_staff EMAIL --role ROLE --met --phone +13125550123",
    ),
    SetupStep.ALARM: Told(
        _("The alarm reaches the phones of two coordinators"),
        _("When no console is open, a text to them is all that wakes anybody."),
        "duty#h-alarm",
        _("Text my phone"),
    ),
    SetupStep.ORGANIZATION: Told(
        _("The first organization"),
        _("Nobody is in the network unless an organization vouches for them."),
        "organizations#propose",
        _("Propose an organization"),
        command="./run import organizations orgs.csv",
    ),
    SetupStep.VOLUNTEER: Told(
        _("The first volunteer"),
        _("Without one, nobody can be asked."),
        "enroll/responder",
        _("Add a responder"),
        command="./run import responders responders.csv",
    ),
    SetupStep.MEMBER: Told(
        _("The first member"),
        _("Only who is enrolled, with a home that an organization has checked, can ask."),
        "enroll/member",
        _("Add a member"),
        command="./run import members members.csv",
    ),
    SetupStep.TRIAL: Told(
        _("A full practice request"),
        _("A drill shows what is missing while nobody waits for help."),
        "drills",
        _("Start a drill"),
    ),
    SetupStep.BACKUP: Told(
        _("A backup, and the key apart from it"),
        _(
            "Set BACKUP_TO and BACKUP_RECIPIENTS, so that a sealed backup is made each night, and keep "
            "FIELD_KEY elsewhere: without the key a backup opens nothing, and without a backup the key is "
            "worth nothing. Try one out, then say here that it is done."
        ),
        command="./run backup --verify FILE",
    ),
    SetupStep.FOUNDING: Told(
        _("The founding is closed"),
        _("While it is open, whoever has the server lets people in alone, by a spreadsheet."),
        "organizations#founding",
        _("Close the founding"),
    ),
}
