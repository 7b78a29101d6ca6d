"""A migrated, empty database server to start a network on, made once and kept: migrations take it ten seconds."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.databases import fingerprint
from tests.environment import KEPT

ROOT = Path(__file__).resolve().parent.parent


def put_migrated(folder: Path) -> None:
    """Into a network's own folder, unless it has a server already."""
    if (folder / "postgres").exists():
        return
    shutil.copytree(_kept(), folder / "postgres")


def _kept() -> Path:
    name = f"cluster-{fingerprint()}"
    kept = KEPT / name
    with (KEPT / "cluster.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            for stale in KEPT.glob("cluster-*"):
                shutil.rmtree(stale)
            _make(KEPT / f"making-{name}")
            (KEPT / f"making-{name}" / "postgres").rename(kept)
            shutil.rmtree(KEPT / f"making-{name}")
    return kept


def _make(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    names = ("PATH", "HOME", "LANG", "TMPDIR")
    mine = {name: value for name, value in os.environ.items() if name in names}
    of_a_demo = {"DATA_DIR": str(folder), "PORCHLIGHT_DEMO": "1", "PORCHLIGHT_PORT": "8000"}
    for command in ("migrate", "createcachetable"):
        subprocess.run(
            [sys.executable, "manage.py", command, "--verbosity", "0"],
            cwd=ROOT, env=mine | of_a_demo, check=True,
        )  # fmt: skip
