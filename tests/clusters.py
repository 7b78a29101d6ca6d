"""A database server to start a network on, made once and kept: migrated and empty, or with the demo's people.

Migrations take it four seconds, and the people three more.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.databases import fingerprint
from tests.environment import KEPT
from tests.running import for_all_tests

ROOT = Path(__file__).resolve().parent.parent
SEED = """
from django.utils import timezone
from network import demo
from network.organizations.actions.network import mark
from network.privacy.actions import set_key_check
now = timezone.now()
mark(demo=True, now=now)
set_key_check(now=now)
demo.seed(now=now)
"""
MIGRATED = (("migrate", "--verbosity", "0"), ("createcachetable", "--verbosity", "0"))
SEEDED = (*MIGRATED, ("shell", "--verbosity", "0", "--command", SEED))


def put_migrated(folder: Path) -> None:
    """Into a network's own folder, unless it has a server already."""
    if not (folder / "postgres").exists():
        shutil.copytree(_kept("migrated", f"migrated-{fingerprint()}", MIGRATED), folder, dirs_exist_ok=True)


def put_seeded(folder: Path) -> None:
    """The same with the demo's people and its keys, as if it was started once before, today."""
    if not (folder / "postgres").exists():
        name = f"demo-{fingerprint()}-{datetime.now(UTC).date()}"
        shutil.copytree(_kept("demo", name, SEEDED), folder, dirs_exist_ok=True)


def _kept(kind: str, name: str, commands: tuple[tuple[str, ...], ...]) -> Path:
    """The folder of a network that these commands have made. What was kept of this kind before goes."""
    kept = KEPT / name
    with (KEPT / f"{kind}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            for stale in (*KEPT.glob(f"{kind}-*"), *KEPT.glob(f"making-{kind}-*")):
                shutil.rmtree(stale)
            with for_all_tests():
                _make(KEPT / f"making-{name}", commands)
            (KEPT / f"making-{name}").rename(kept)
    return kept


def _make(folder: Path, commands: tuple[tuple[str, ...], ...]) -> None:
    folder.mkdir()
    names = ("PATH", "HOME", "LANG", "TMPDIR")
    mine = {name: value for name, value in os.environ.items() if name in names}
    of_a_demo = {"DATA_DIR": str(folder), "PORCHLIGHT_DEMO": "1", "PORCHLIGHT_PORT": "8000"}
    for command in commands:
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=mine | of_a_demo, check=True)
