"""Who signs in here: invited, given a role, signed out, taken off, and helped when a factor is lost."""

from collections.abc import Callable, Mapping
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from network.audit.rules import staff as by_staff
from network.console.account import forms, words
from network.console.shell import showing
from network.console.shell import words as shared_words
from network.console.shell.access import can, has_factors, me, opens, who
from network.console.shell.forms import UNPROCESSABLE, NotAChoice, cleaned
from network.console.shell.reads.staff import staff_name
from network.console.shell.trust_words import UNHEARD
from network.people.rules.phone_numbers import e164
from network.staff.actions import accounts, factors, sessions
from network.staff.models import FactorRestoring, Staff
from network.staff.queries import (
    APPROVING_ROLES,
    approver,
    browsers,
    open_restorings,
    staff_visible_to,
    unmet,
)
from network.staff.rules.access import Action
from network.staff.rules.approvers import NotEligible, is_one_person


@require_safe
@opens(Action.SEE_STAFF)
def everyone(request: HttpRequest) -> HttpResponse:
    return render(request, "console/staff.html", _lists(request) | {"form": forms.Inviting()})


def _lists(
    request: HttpRequest, *, confirming: Mapping[UUID, forms.ConfirmingRestoring] | None = None
) -> dict[str, object]:
    """`confirming`: a form that was sent, with what is wrong in it, by what it confirms."""
    now = timezone.now()
    accounts = staff_visible_to(who(request)).select_related("organization").order_by("-is_active", "email")
    restorings = [
        {
            "row": restoring,
            "name": staff_name(restoring.staff),
            "asked_by": staff_name(restoring.asked_by),
            "mine": me(request).pk in (restoring.asked_by_id, restoring.staff_id),
            "form": (confirming or {}).get(restoring.pk)
            or forms.ConfirmingRestoring(restoring_id=restoring.pk),
        }
        for restoring in open_restorings()
    ]
    waiting = unmet(accounts)
    return {
        "rows": [
            {"staff": account, "name": staff_name(account), "role": shared_words.STAFF_ROLES[account.role],
             "browsers": len(browsers(account.pk, now=now)), "unmet": account in waiting}
            for account in accounts
        ],
        "restorings": restorings,
        "manages": can(request, Action.MANAGE_STAFF),
    }  # fmt: skip


@require_safe
@opens(Action.SEE_STAFF)
def account(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    return _page(request, _found(request, staff_id))


def _found(request: HttpRequest, staff_id: UUID) -> Staff:
    return get_object_or_404(staff_visible_to(who(request)).select_related("organization"), pk=staff_id)


def _page(
    request: HttpRequest, account: Staff, *, meeting: forms.MeetingStaff | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "account": account,
        "name": staff_name(account),
        "role": shared_words.STAFF_ROLES[account.role],
        "factors": has_factors(account),
        "me": account.pk == me(request).pk,
        "phone": account.phone if can(request, Action.MANAGE_STAFF) else None,
        "speaks": account.role in APPROVING_ROLES,
        "made_by": [staff_name(staff) for staff in Staff.objects.filter(pk__in=account.made_by)],
        "meeting": meeting or forms.MeetingStaff(),
        "meets": can(request, Action.MEET_STAFF)
        and not is_one_person(approver(me(request)), approver(account)),
        "browsers": browsers(account.pk, now=timezone.now()),
        "restoring": FactorRestoring.objects.filter(staff=account, ended_at=None).exists(),
        "manages": can(request, Action.MANAGE_STAFF),
        "role_form": forms.GivingRole(
            initial={"role": account.role, "organization": account.organization_id}
        ),
        "phone_form": forms.SettingPhone(),
    }
    return render(request, "console/staff_account.html", context, status=status)


@require_POST
@opens(Action.END_SESSIONS)
def end_sessions(request: HttpRequest, staff_id: UUID, which: str) -> HttpResponse:
    """One of somebody's browsers, or all: at once, and on pages that are open."""
    account, now = get_object_or_404(staff_visible_to(who(request)), pk=staff_id), timezone.now()
    by = by_staff(me(request).pk)
    if which == "all":
        sessions.end_sessions(account.pk, by=by, now=now)
    elif any(str(browser.id) == which for browser in browsers(account.pk, now=now)):
        sessions.end_session(UUID(which), by=by, now=now)
    else:
        raise Http404
    if not me(request).sessions.exists():
        request.session.flush()
        return redirect("account_login")
    messages.success(request, _("Signed out there."))
    return redirect("staff_account", staff_id=staff_id)


@require_POST
@opens(Action.MANAGE_STAFF)
def invite(request: HttpRequest) -> HttpResponse:
    """Makes the one-time link, and shows it: it is handed over in person or by a safe way."""
    form = forms.Inviting(request.POST)
    if not form.is_valid():
        return _again(request, form)
    typed = form.cleaned_data
    try:
        made, token = accounts.invite(
            typed["email"],
            role=typed["role"],
            organization_id=typed["organization"],
            phone=_phone(typed["phone"]),
            by=me(request),
            now=timezone.now(),
        )
    except accounts.NotPossible as why:
        form.not_possible(why.why)
        return _again(request, form)
    return _link_once(request, made, token)


def _again(request: HttpRequest, form: forms.Inviting) -> HttpResponse:
    return render(request, "console/staff.html", _lists(request) | {"form": form}, status=UNPROCESSABLE)


@require_POST
@opens(Action.MANAGE_STAFF)
def act(request: HttpRequest, staff_id: UUID, step: str) -> HttpResponse:
    """A role, or access taken or given back."""
    doing = ACTS.get(step)
    if doing is None:
        raise Http404
    get_object_or_404(staff_visible_to(who(request)), pk=staff_id)
    try:
        messages.success(request, doing(request, staff_id))
    except (accounts.NotPossible, NotAChoice) as why:
        messages.error(request, _why(why))
    return redirect("staff_account", staff_id=staff_id)


def _change_role(request: HttpRequest, staff_id: UUID) -> str:
    given = cleaned(forms.GivingRole(request.POST))
    accounts.change_role(
        staff_id,
        role=given["role"],
        organization_id=given["organization"],
        by=me(request),
        now=timezone.now(),
    )
    return _("The role is changed; they sign in again.")


def _set_phone(request: HttpRequest, staff_id: UUID) -> str:
    phone = _phone(cleaned(forms.SettingPhone(request.POST))["phone"])
    if phone is None:
        raise accounts.NotPossible("bad_phone")
    accounts.set_phone(staff_id, phone, by=me(request), now=timezone.now())
    return _("The phone is on file.")


def _phone(written: str) -> str | None:
    """None where nothing was written. Raises NotPossible for what isn't one phone number."""
    phone = e164(written) if written else None
    if written and phone is None:
        raise accounts.NotPossible("bad_phone")
    return phone


def _take(request: HttpRequest, staff_id: UUID) -> str:
    accounts.take_access(staff_id, by=me(request), now=timezone.now())
    return _("They can not sign in any more.")


def _give(request: HttpRequest, staff_id: UUID) -> str:
    accounts.give_access_back(staff_id, by=me(request), now=timezone.now())
    return _("They can sign in again.")


def _ask(request: HttpRequest, staff_id: UUID) -> str:
    factors.ask_restoring(staff_id, by=me(request), now=timezone.now())
    return _("Asked: a second steward, who has met them, must confirm it.")


ACTS: dict[str, Callable[[HttpRequest, UUID], str]] = {
    "role": _change_role, "phone": _set_phone, "take": _take, "give": _give,
}  # fmt: skip


@require_POST
@opens(Action.MEET_STAFF)
def met(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """A third person says that they have met whoever holds this account."""
    found, form = _found(request, staff_id), forms.MeetingStaff(request.POST)
    if not form.is_valid():
        return _page(request, found, meeting=form, status=UNPROCESSABLE)
    try:
        accounts.note_met(staff_id, by=me(request), now=timezone.now())
        messages.success(request, _("Noted. Where two must agree, their word counts from now on."))
    except (accounts.NotPossible, NotEligible) as why:
        messages.error(request, _why(why))
    return redirect("staff_account", staff_id=staff_id)


@require_POST
@opens(Action.RESTORE_FACTOR)
def ask(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """The first steward: this one's factor is lost."""
    get_object_or_404(staff_visible_to(who(request)), pk=staff_id)
    try:
        messages.success(request, _ask(request, staff_id))
    except (accounts.NotPossible, NotEligible) as why:
        messages.error(request, _why(why))
    return redirect("staff_account", staff_id=staff_id)


@require_POST
@opens(Action.RESTORE_FACTOR)
def restore(request: HttpRequest, restoring_id: UUID, step: str) -> HttpResponse:
    """The second steward confirms, or somebody takes it back."""
    get_object_or_404(FactorRestoring, pk=restoring_id)
    if step == "withdraw":
        factors.withdraw_restoring(restoring_id, by=me(request), now=timezone.now())
        return redirect("staff")
    if step != "confirm":
        raise Http404
    form = forms.ConfirmingRestoring(request.POST, restoring_id=restoring_id)
    if not form.is_valid():
        lists = _lists(request, confirming={restoring_id: form})
        return render(request, "console/staff.html", lists | {"form": forms.Inviting()}, status=UNPROCESSABLE)
    try:
        account, token = factors.confirm_restoring(restoring_id, by=me(request), now=timezone.now())
    except (accounts.NotPossible, NotEligible) as why:
        messages.error(request, _why(why))
        return redirect("staff")
    return _link_once(request, account, token)


def _link_once(request: HttpRequest, account: Staff, token: str) -> HttpResponse:
    return showing.show(
        request, {"token": token}, now=timezone.now(), path=reverse("staff_link", args=[account.pk])
    )


@require_safe
@opens(Action.MANAGE_STAFF)
def link(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """Of whoever was just invited, or comes back: shown to the browser that made it, for some minutes."""
    account = get_object_or_404(staff_visible_to(who(request)), pk=staff_id)
    fields, _fresh = showing.asked(request, now=timezone.now())
    if fields is None:
        return redirect("staff_account", staff_id=staff_id)
    link = f"{settings.PUBLIC_URL}/sign-in/link#{fields['token']}"
    return render(
        request, "console/staff_link.html", {"account": account, "name": staff_name(account), "link": link}
    )


def _why(why: Exception) -> str:
    if isinstance(why, NotEligible):
        return str(UNHEARD[why.refusal])
    code = why.why if isinstance(why, accounts.NotPossible) else ""
    return str(words.NOT_POSSIBLE.get(code, words.NOT_POSSIBLE[""]))
