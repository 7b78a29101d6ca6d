"""What `doctor --fix` mends by itself."""

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, transaction

from network.messaging.inbox import backfill
from network.messaging.quiet import is_quiet


def fix(*, now: datetime) -> list[str]:
    """Mend what is safe to mend by itself. Returns a sentence for each thing that was done."""
    done = []
    for name in settings.CONFIGURATION.open_key_files:
        with suppress(OSError):
            Path(os.environ[f"{name}_FILE"]).chmod(0o600)
            done.append(f"The file of {name} is now its owner's alone; if others read it, make a new key.")
    if settings.DATA_DIR.is_dir() and settings.DATA_DIR.stat().st_mode & 0o007 & ~0o001:
        settings.DATA_DIR.chmod(0o711)
        done.append("DATA_DIR is no longer open to others.")
    with suppress(DatabaseError):  # `examine` says so
        seen = backfill.watch()
        if not is_quiet() and (seen.read_at is None or seen.read_at < now - backfill.SILENT):
            with transaction.atomic():
                backfill.want(now=now)
            done.append("The workers were told to read the carrier's list of texts.")
    return done
