"""The web process alone."""

from argparse import ArgumentParser
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from network.database import room
from network.door.connections import Connection, open_as_many_files_as_allowed
from network.messaging.inbox.backfill import want as want_backfill
from network.starting import fit_connections, refuse_misconfigured, refuse_wrong_database
from network.supervisor import end_with_stdin

MOST_IN_A_SOCKET = 4096  # bytes; the page says "ping", and nothing else


class Command(BaseCommand):
    help = "Answers HTTP and sockets on --port, for a proxy in front. Needs what `up` needs."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_misconfigured()
        refuse_wrong_database(now=timezone.now())
        fit_connections(room.WEB, room.WEB_BESIDE)
        want_backfill(now=timezone.now())
        connection.close()
        end_with_stdin()
        open_as_many_files_as_allowed()
        uvicorn.run(
            "network.asgi:application",
            host=options["host"],
            port=options["port"],
            access_log=False,
            log_level="warning",
            log_config=None,  # ours, in which no private word can be
            lifespan="on",
            ws_max_size=MOST_IN_A_SOCKET,
            http=Connection,
            ws="websockets-sansio",
            proxy_headers=False,
            timeout_graceful_shutdown=3,
        )
