"""The console on a home screen, and what it shows when there is no line."""

import hashlib
from functools import cache
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.http import require_safe

from network.console.shell import words
from network.console.shell.access import opens, who
from network.desk.queries import rows
from network.desk.rules import cut
from network.staff.rules.access import IDLE_AFTER, Action
from network.support.models import SupportRequest

WORKER = "console/worker.js"
SHELL = (
    "console/tokens.css",
    "console/base.css",
    "console/frame.css",
    "console/parts.css",
    "console/board.css",
    "console/fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2",
    "console/offline.js",
    "console/icon.svg",
    "console/icons.svg",
)
MOST = 40
ICONS = (
    ("icon.svg", "any", "image/svg+xml", "any"),
    ("icon-192.png", "192x192", "image/png", "any"),
    ("icon-512.png", "512x512", "image/png", "any"),
    ("icon-whole.png", "512x512", "image/png", "maskable"),
)


@require_safe
@login_required
def manifest(request: HttpRequest) -> HttpResponse:
    """Only for who is signed in: it names the network."""
    icons = [
        {"src": static(f"console/{name}"), "sizes": sizes, "type": kind, "purpose": purpose}
        for name, sizes, kind, purpose in ICONS
    ]
    named = {"name": settings.NETWORK_NAME, "short_name": settings.NETWORK_NAME[:12].strip()}
    content = named | {
        "id": "/", "start_url": "/", "scope": "/", "display": "standalone",
        "background_color": "#f4f2ed", "theme_color": "#14513d", "icons": icons,
    }  # fmt: skip
    return JsonResponse(content, content_type="application/manifest+json")


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """From the root, so that it stands before every page of ours."""
    return HttpResponse(_worker(), content_type="text/javascript")


@cache
def _worker() -> str:
    """With a version that changes with whatever it keeps, so that browsers fetch that again."""
    kept = hashlib.sha256(b"".join(_read(name) for name in SHELL)).hexdigest()[:16]
    return f'const VERSION = "{kept}";\n{_read(WORKER).decode()}'


def _read(name: str) -> bytes:
    stored = finders.find(name)
    assert isinstance(stored, str), name
    return Path(stored).read_bytes()


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What a browser keeps for when there is no line: words, and nobody's."""
    return render(request, "console/offline.html", {"reasons": words.REASONS, "severities": words.SEVERITIES})


@require_safe
@opens(Action.LISTEN)
def last(request: HttpRequest) -> HttpResponse:
    """What waits, in codes, numbers and times; the browser keeps it until this desk would lock."""
    now = timezone.now()
    shown_groups, left = cut(rows(now=now), MOST)
    asked = [group.worst.request_id for group in shown_groups if group.worst.request_id]
    numbers: dict[UUID | None, int] = dict(
        SupportRequest.objects.filter(pk__in=asked).values_list("pk", "number")
    )
    shown = [
        {
            "number": numbers.get(group.worst.request_id),
            "reason": group.worst.reason,
            "due": group.worst.due_at,
            "severity": group.severity,
            "others": len(group.others),
        }
        for group in shown_groups
    ]
    until = min(who(request).acted_at, now) + IDLE_AFTER
    return JsonResponse({"needs": shown, "more": left, "until": until})
