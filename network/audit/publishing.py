"""The head of the chain is published outside the database each hour: it tells where the end was."""

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from network.audit.models import Block, Head

EVERY = timedelta(hours=1)
AGAIN = timedelta(minutes=5)  # where it could not be written
LATE = timedelta(hours=3)
FILE = "history-heads.txt"

log = logging.getLogger("porchlight")


@dataclass(frozen=True, slots=True)
class PublishedHead:
    """One line of the file: when, which block, the number of its last line, and its hash."""

    at: datetime
    block: int
    line: int
    hash: str

    def __str__(self) -> str:
        return f"{self.at.isoformat(timespec='seconds')} {self.block} {self.line} {self.hash}"


def publish_head(*, now: datetime) -> None:
    """Append the last block's hash to the file, and note that it was done."""
    row = Head.objects.first() or Head(next_at=now)
    if row.next_at > now:
        return
    last = Block.objects.order_by("-number").first()
    row.failed, row.next_at = False, now + EVERY
    if last and last.number != row.block:
        head = PublishedHead(now, last.number, last.first + last.lines - 1, bytes(last.hash).hex())
        try:
            _append(head)
        except OSError:
            log.error("the head of the history could not be published")
            row.failed, row.next_at = True, now + AGAIN
        else:
            row.block, row.hash, row.published_at = last.number, bytes(last.hash), now
    row.save()


def file() -> Path:
    return Path(settings.AUDIT_HEAD_TO) / FILE


def _append(head: PublishedHead) -> None:
    descriptor = os.open(file(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(descriptor, f"{head}\n".encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class NotHeads(Exception):
    """This isn't a file of published heads."""


def heads_in(path: Path) -> Iterator[PublishedHead]:
    """What was published into this file. Raises NotHeads, or OSError."""
    try:
        for line in path.read_text(encoding="ascii").splitlines():
            at, block, number, hash_ = line.split()
            yield PublishedHead(datetime.fromisoformat(at), int(block), int(number), hash_)
    except ValueError:
        raise NotHeads from None


def published() -> Head | None:
    return Head.objects.filter(block__isnull=False).first()


def is_late(*, now: datetime) -> bool:
    """Whether there is something to publish for hours, and nobody did."""
    row = Head.objects.first()
    unpublished = Block.objects.filter(number__gt=(row and row.block) or 0).order_by("number").first()
    return unpublished is not None and unpublished.at < now - LATE
