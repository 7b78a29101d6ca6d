"""Whether the process answers, whether it can work, and its counts."""

import hmac

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from network.privacy.queries import key_is_right
from network.reports.queries import board

_migrated = False  # once true it stays true for this process


def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """200 when database, migrations and key are right; a flood or a silent carrier doesn't matter."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        found = {"database": True, "migrations": migrated(), "key": key_is_right()}
    except DatabaseError:
        found = {"database": False}
    return JsonResponse(found, status=200 if all(found.values()) else 503)


def migrated() -> bool:
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


def _has_token(request: HttpRequest) -> bool:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    wanted = settings.METRICS_TOKEN
    return bool(wanted) and kind.lower() == "bearer" and hmac.compare_digest(token.encode(), wanted.encode())


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text; counts and states, ids of nobody. For who has the token: whoever texts and watches
    the counts move would learn whose phone is a member's.
    """
    if not _has_token(request):
        raise Http404
    now = board(now=timezone.now())
    lines = [
        f"porchlight_requests_open {len(now['requests'])}",
        f"porchlight_needs_open {now['needs']}",
        f"porchlight_oldest_owed_seconds {now['oldest_owed_s']}",
        *(f'porchlight_texts_in{{state="{s}"}} {n}' for s, n in now["texts"]["in"].items()),
        *(f'porchlight_texts_out{{state="{s}"}} {n}' for s, n in now["texts"]["out"].items()),
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4")
