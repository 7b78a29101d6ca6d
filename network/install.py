"""Makes .venv hold what a lock says; `run` calls it. It needs the standard library alone.

    install.py PYTHON runtime|test CHECKSUM-OF-REQUIREMENTS.LOCK CHECKSUM-OF-REQUIREMENTS-TEST.LOCK

One installer at a time: the second waits, then finds that all is done. An environment whose lock has changed,
or in which an installer was killed, is made anew, so that nothing stays in it that no lock names.
"""

import fcntl
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
VENV = HERE / ".venv"
OURS = VENV / "bin" / "python"
UNFINISHED = VENV / "unfinished"  # there while an installer is at work
TOLD_OF_ERRORS = 2000  # characters

type Command = list[str | Path]


class InstallFailed(Exception):
    """An installer gave up; the message is what it said."""


@dataclass(frozen=True, slots=True)
class LockedPart:
    """A lock, and the file that says that it is installed."""

    lock: Path
    stamp: Path
    checksum: str

    @property
    def done(self) -> bool:
        return OURS.exists() and self.stamp.exists() and self.stamp.read_text().strip() == self.checksum

    def packages(self) -> set[str]:
        names = re.findall(r"^([\w.-]+)==(?!.*win32)", self.lock.read_text(), flags=re.MULTILINE)
        return set(names)


def main(python: str, wanted: str, checksum: str, test_checksum: str) -> None:
    runtime = LockedPart(HERE / "requirements.lock", VENV / "ready", checksum)
    tests = LockedPart(HERE / "requirements-test.lock", VENV / "ready-test", test_checksum)
    parts = [runtime] if wanted == "runtime" else [runtime, tests]
    with (HERE / ".setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not all(part.done for part in parts):
            began = time.monotonic()
            _set_up(python, runtime, tests, parts)
            say(f"Set up in {time.monotonic() - began:.0f} s.")


def _set_up(python: str, runtime: LockedPart, tests: LockedPart, parts: list[LockedPart]) -> None:
    uv = shutil.which("uv")
    version = _run([python, "-c", "import platform; print(platform.python_version())"]).strip()
    say(f"Setting up .venv, once, with Python {version} ({python}).")
    whole = parts[-1].packages()  # the tests' lock names the runtime's packages, too
    if runtime.done and not tests.stamp.exists() and not UNFINISHED.exists() and _works(uv):
        count, made = len(whole - runtime.packages()), False
    else:
        if VENV.is_symlink():
            raise InstallFailed(
                ".venv is a link to another folder's environment, which may be at work: remove the link."
            )
        say("Making the environment ...")
        _make(uv, python)
        count, made = len(whole), True
    say(f"Installing {count} packages with {'uv' if uv else 'pip'} ...")
    UNFINISHED.touch()
    try:
        _install(uv, parts[-1].lock, with_new_pip=made)
    except InstallFailed:  # an installer that gives up takes back what it began; one that is killed does not
        UNFINISHED.unlink()
        raise
    UNFINISHED.unlink()
    for part in parts:
        part.stamp.write_text(part.checksum)


def _works(uv: str | None) -> bool:
    """An environment that uv made holds no pip."""
    command: Command = [OURS, "-c", "pass"] if uv else [OURS, "-m", "pip", "--version"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _make(uv: str | None, python: str) -> None:
    if uv:
        _run([uv, "venv", "--quiet", "--clear", "--python", python, VENV])
    else:
        _run([python, "-m", "venv", "--clear", VENV])


def _install(uv: str | None, lock: Path, *, with_new_pip: bool) -> None:
    """The lock is whole: resolving again would let an extra of a newer release stop the install.

    Neither compiles: the first start compiles what it imports, a part of the whole, and sooner.
    """
    if uv:
        _run([uv, "pip", "sync", "--quiet", "--python", OURS, "--require-hashes", lock])
        return
    pip: Command = [
        OURS, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile", "--no-deps",
        "--require-hashes", "-r",
    ]  # fmt: skip
    if with_new_pip:  # the one that comes with Python 3.12 takes three times as long
        _run([*pip, HERE / "requirements-pip.lock"])
    _run([*pip, lock])


def _run(command: Command) -> str:
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise InstallFailed((ended.stdout + ended.stderr)[-TOLD_OF_ERRORS:])
    return ended.stdout


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except InstallFailed as failed:
        say(str(failed).strip())
        raise SystemExit("The set-up did not come to its end: see above, then run this again.") from None
    except KeyboardInterrupt:
        raise SystemExit("The set-up was stopped: run this again to go on.") from None
