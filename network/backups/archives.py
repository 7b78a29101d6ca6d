"""Sealed archives: a line of JSON that says what is inside, then a dump of PostgreSQL, encrypted with age.

By hand, one opens with `age -d -i IDENTITY FILE | tail -n +2 | pg_restore ...`. All of it streams: neither a
dump nor an archive is ever held in memory or written to a disk in the clear.
"""

import getpass
import json
import os
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import IO, Any, Protocol

import pyrage

from network.backups.failure import BackupFailed

FORMAT = 1
LONGEST_LINE = 4 * 1024 * 1024  # of JSON, before an archive is taken for something else
PARTIAL = ".partial"
DATABASE, KEYS = "database", "keys"


@dataclass(frozen=True, slots=True)
class TableSum:
    """What a table held: how many rows, and a checksum of all of them in any order."""

    rows: int
    checksum: str


@dataclass(frozen=True, slots=True)
class Contents:
    """An archive's first line. `tables` are those of the whole database, in the snapshot that was dumped."""

    kind: str  # DATABASE or KEYS
    made_at: datetime
    network: str  # the same in all backups of one network: the id of its key check
    server: int  # PostgreSQL's version, such as 180006
    migrations: tuple[str, ...]  # of our own packages, the newest of each
    tables: dict[str, TableSum]

    def line(self) -> bytes:
        told = asdict(self) | {"made_at": self.made_at.isoformat(), "porchlight": FORMAT}
        return json.dumps(told).encode() + b"\n"


def _contents(line: bytes, path: Path) -> Contents:
    try:
        told: dict[str, Any] = json.loads(line)
        if told["porchlight"] != FORMAT:
            raise BackupFailed(
                f"{path} was made by a later version of Porchlight: restore it with that version."
            )
        return Contents(
            kind=str(told["kind"]),
            made_at=datetime.fromisoformat(told["made_at"]),
            network=str(told["network"]),
            server=int(told["server"]),
            migrations=tuple(map(str, told["migrations"])),
            tables={name: TableSum(**table) for name, table in told["tables"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BackupFailed(
            f"{path} is no backup of Porchlight: give a file that `backup` has made."
        ) from None


def recipients_of(keys: Collection[str]) -> list[Any]:
    """The public keys that archives are sealed to. Raises BackupFailed where none is set, or one is wrong."""
    if not keys:
        raise BackupFailed(
            "BACKUP_RECIPIENTS is not set: make a key with age-keygen on another machine, and give its "
            "public key (age1...)."
        )
    recipients = []
    for number, key in enumerate(keys, 1):
        try:
            recipients.append(pyrage.x25519.Recipient.from_str(key))
        except pyrage.RecipientError:
            raise BackupFailed(
                f"BACKUP_RECIPIENTS is wrong at number {number}: give age public keys (age1...), "
                "separated by commas."
            ) from None
    return recipients


def read_identities(name: str) -> list[Any]:
    """The secret keys of an age identity file; `-` reads them from standard input, or asks at a terminal.

    Raises BackupFailed, which doesn't repeat what was given.
    """
    try:
        if name == "-":
            is_typed = sys.stdin.isatty()
            text = getpass.getpass("age identity (AGE-SECRET-KEY-...): ") if is_typed else sys.stdin.read()
        else:
            text = Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError, EOFError):
        raise BackupFailed(f"{name} can't be read: give the file of an age identity.") from None
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    try:
        identities = [pyrage.x25519.Identity.from_str(line) for line in lines]
    except pyrage.IdentityError:
        identities = []
    if not identities:
        raise BackupFailed("This is no age identity: give the file that age-keygen made, or its secret line.")
    return identities


class Reading(Protocol):
    """Where a dump comes from."""

    def read(self, size: int = -1, /) -> bytes: ...


class Writing(Protocol):
    """Where a dump goes to."""

    def write(self, piece: bytes, /) -> object: ...


class _LineFirst:
    """The line, then the dump; after the dump `end` is called, which may still stop the whole."""

    def __init__(self, line: bytes, dump: Reading, end: Callable[[], None]) -> None:
        self._line = line
        self._dump = dump
        self._end = end
        self.stopped: BaseException | None = None

    def read(self, size: int = -1) -> bytes:
        if self._line:
            piece, self._line = self._line[:size], self._line[size:]
            return piece
        try:
            piece = self._dump.read(size)
            if not piece:
                self._end()
        except BaseException as why:
            self.stopped = why
            raise
        return piece


class _Written:
    """The file of an archive, which keeps why nothing more could be written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.stopped: BaseException | None = None

    def write(self, piece: bytes) -> int:
        try:
            return self._file.write(piece)
        except BaseException as why:
            self.stopped = why
            raise

    def flush(self) -> None:
        """It is flushed once it is whole: see `UnfinishedFile.sync`."""


def seal(
    contents: Contents, dump: Reading, end: Callable[[], None], into: IO[bytes], recipients: list[Any]
) -> None:
    """Write an archive. `end` raises where the dump turns out not to be whole: then nothing is finished."""
    clear, sealed = _LineFirst(contents.line(), dump, end), _Written(into)
    try:
        pyrage.encrypt_io(clear, sealed, recipients)
    except pyrage.EncryptError:
        for stopped in (clear.stopped, sealed.stopped):
            if stopped:  # what was raised in between is told by its words alone
                raise stopped from None
        raise


class _Enough(Exception):
    """The line was read, and nothing else is wanted."""


class _LineApart:
    """Takes an archive's clear bytes: the line goes to `begin`, which says where the dump goes."""

    def __init__(self, path: Path, begin: Callable[[Contents], Writing]) -> None:
        self._path = path
        self._begin = begin
        self._line = b""
        self._dump: Writing | None = None

    def write(self, piece: bytes) -> int:
        if self._dump is not None:
            self._dump.write(piece)
            return len(piece)
        line, end, rest = (self._line + piece).partition(b"\n")
        if end:
            self._dump = self._begin(_contents(line, self._path))
            self._dump.write(rest)
        else:
            self._line = line
        if len(self._line) > LONGEST_LINE:
            _contents(b"", self._path)
        return len(piece)

    def flush(self) -> None:
        """There is nothing to flush: each piece is passed on at once."""


def unseal(path: Path, identities: list[Any], begin: Callable[[Contents], Writing]) -> None:
    """Open an archive: `begin` gets its contents and says where its dump goes. Raises BackupFailed."""
    try:
        with path.open("rb") as sealed:
            pyrage.decrypt_io(sealed, _LineApart(path, begin), identities)
    except BrokenPipeError:
        raise  # whoever takes the dump has ended, and says why
    except pyrage.DecryptError as wrong:
        raise BackupFailed(_why_not_opened(path, str(wrong))) from None
    except FileNotFoundError:
        raise BackupFailed(f"{path} is not there: check the name.") from None
    except OSError:
        raise BackupFailed(f"{path} is damaged or cut off, or can't be read: take another backup.") from None


def _why_not_opened(path: Path, why: str) -> str:
    if "matching keys" in why:
        return f"This identity doesn't open {path}: give one whose public key was in BACKUP_RECIPIENTS."
    return f"{path} is no sealed backup: give a file that `backup` has made."


def contents_of(path: Path, identities: list[Any]) -> Contents:
    """What an archive says of itself, without reading on. Raises BackupFailed."""
    seen: list[Contents] = []

    def stop(contents: Contents) -> Writing:
        seen.append(contents)
        raise _Enough

    with suppress(_Enough):
        unseal(path, identities, stop)
    if not seen:
        raise BackupFailed(f"{path} is no backup of Porchlight: give a file that `backup` has made.")
    return seen[0]


def without_tables(contents: Contents) -> Contents:
    """For the archive of keys: what the database holds is said in the other one."""
    return replace(contents, kind=KEYS, tables={})


@dataclass(slots=True)
class UnfinishedFile:
    """Being written under a name of its own until it is whole."""

    path: Path
    target: Path
    file: IO[bytes]
    is_finished: bool = False

    def sync(self) -> None:
        """Onto the disk with all of it, before it gets its real name."""
        self.file.flush()
        os.fsync(self.file.fileno())

    def finish(self) -> None:
        """Under its real name from now on, whatever happens to the machine."""
        os.replace(self.path, self.target)
        self.is_finished = True
        folder = os.open(self.target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@contextmanager
def unfinished(target: Path) -> Iterator[UnfinishedFile]:
    """A file beside `target` that only its owner may read; it is gone afterwards unless it was finished.

    Raises BackupFailed where the folder can't be written to.
    """
    path = target.with_name(f".{target.name}{PARTIAL}")
    sweep(target.parent)
    try:
        file = os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), "wb")
    except OSError:
        raise BackupFailed(f"{target} can't be written: make its folder, or give another name.") from None
    with file:
        _lock(file, target)
        file.truncate()
        made = UnfinishedFile(path, target, file)
        try:
            yield made
        finally:
            if not made.is_finished:
                path.unlink(missing_ok=True)


def _lock(file: IO[bytes], target: Path) -> None:
    try:
        flock(file, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        raise BackupFailed(f"{target} is being written by another process: wait for it.") from None
    except OSError:
        return  # a file system that has no locks; nobody sweeps there either


def sweep(folder: Path) -> None:
    """Take away what processes left that were killed: whoever is still at work holds its file locked."""
    for path in folder.glob(f".*{PARTIAL}"):
        with suppress(OSError), path.open("ab") as left:
            flock(left, LOCK_EX | LOCK_NB)
            path.unlink()
