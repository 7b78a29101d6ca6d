"""Whether the process answers, whether it can work, and its counts."""

import hmac
from functools import cache

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from network.desk.queries import quiet_parts
from network.metrics import text
from network.privacy.queries import key_is_right

_migrated = False  # once true it stays true for this process


def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """200 when database, migrations and key are right; a flood or a silent carrier doesn't matter."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        found = {"database": True, "migrations": migrated(), "key": key_is_right()}
        ready = all(found.values())
        # Said, and no reason to be called unready: the board and doctor tell of it.
        told = {**found, "silent": quiet_parts(now=timezone.now())} if ready else found
    except DatabaseError:
        ready, told = False, {"database": False}
    return JsonResponse(told, status=200 if ready else 503)


def migrated() -> bool:
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


def newer_than_we() -> bool:
    """Whether a migration of ours was carried out here that this version doesn't have."""
    recorder = MigrationRecorder(connection)
    if not recorder.has_table():
        return False
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("network.")}
    done = {
        applied_migration
        for applied_migration in recorder.applied_migrations()
        if applied_migration[0] in ours
    }
    return bool(done - _of_this_version())


@cache
def _of_this_version() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


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
    return HttpResponse(text(now=timezone.now()), content_type=CONTENT_TYPE_PLAIN_0_0_4)
