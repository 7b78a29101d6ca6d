"""The environment, the files of keys, and the room on the disks."""

import shutil
from collections.abc import Iterator

from django.conf import settings

from network.checks.result import CheckResult
from network.configuration import Misconfigured, refuse_incomplete

LOW_DISK, NO_DISK = 2_000_000_000, 200_000_000  # bytes that are left


SHORT_SECRET = 32


def configuration() -> Iterator[CheckResult]:
    try:
        refuse_incomplete(settings.CONFIGURATION)
        yield CheckResult("configuration", "pass")
    except Misconfigured as wrong:
        yield CheckResult("configuration", "fail", str(wrong))
    if settings.PUBLIC_URL.startswith("https://"):
        yield CheckResult("public url", "pass")
    else:
        mend = "PUBLIC_URL isn't https: put a proxy with a certificate in front, and set it."
        yield CheckResult("public url", "warn" if settings.DEMO else "fail", mend)
    if len(settings.SECRET_KEY) < SHORT_SECRET:
        yield CheckResult("secret key", "warn", "SECRET_KEY is short: give it 32 random characters or more.")
    else:
        yield CheckResult("secret key", "pass")
    yield from disk()
    if shown := settings.CONFIGURATION.open_key_files:
        mend = f"Others may read the file of {', '.join(shown)}: chmod 600, then make a new key if they did."
        yield CheckResult("key files", "warn", mend)
    else:
        yield CheckResult("key files", "pass")
    if not settings.TWILIO_AUTH_TOKENS:
        yield CheckResult("webhooks", "fail", "TWILIO_AUTH_TOKEN is not set: every text in is refused.")


def disk() -> Iterator[CheckResult]:
    """What is left where the data and the backups lie."""
    for name, folder in (("DATA_DIR", settings.DATA_DIR), ("BACKUP_TO", settings.BACKUP_TO)):
        if folder is None or not folder.is_dir():
            continue
        left = shutil.disk_usage(folder).free
        what = "disk" if name == "DATA_DIR" else "disk of backups"
        if left < LOW_DISK:
            mend = f"{name} has {left // 1_000_000} MB left: texts can't be stored on a full disk."
            yield CheckResult(what, "fail" if left < NO_DISK else "warn", mend)
        else:
            yield CheckResult(what, "pass")
