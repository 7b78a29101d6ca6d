"""The carrier's own memory: messages, who opted out, and the posts it still owes."""

import json
import secrets
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    number INTEGER PRIMARY KEY AUTOINCREMENT, sid TEXT UNIQUE, direction TEXT, sender TEXT,
    receiver TEXT, body TEXT, status TEXT, segments INTEGER, made TEXT, sent TEXT, updated TEXT,
    service TEXT, change INTEGER);
CREATE INDEX IF NOT EXISTS messages_by_change ON messages (change);
CREATE TABLE IF NOT EXISTS opted_out (phone TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS extra_phones (phone TEXT PRIMARY KEY, name TEXT);
CREATE TABLE IF NOT EXISTS owed (
    number INTEGER PRIMARY KEY AUTOINCREMENT, lane TEXT, url TEXT, form TEXT);
"""


class Store:
    """One SQLite file; every call is one short transaction."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.db.row_factory = sqlite3.Row
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=NORMAL")
        self.db.executescript(SCHEMA)
        self.change: int = self.db.execute("SELECT coalesce(max(change), 0) FROM messages").fetchone()[0]

    def close(self) -> None:
        self.db.close()

    def _next_change(self) -> int:
        self.change += 1
        return int(self.change)

    def add(
        self, *, direction: str, sender: str, receiver: str, body: str, status: str, segments: int,
        service: str = "",
    ) -> sqlite3.Row:  # fmt: skip
        sid, now = "SM" + secrets.token_hex(16), datetime.now(UTC).isoformat()
        self.db.execute(
            "INSERT INTO messages (sid, direction, sender, receiver, body, status, segments, made,"
            " sent, updated, service, change) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (sid, direction, sender, receiver, body, status, segments, now, now, now, service,
             self._next_change()),
        )  # fmt: skip
        row: sqlite3.Row = self.db.execute("SELECT * FROM messages WHERE sid = ?", (sid,)).fetchone()
        return row

    def get(self, sid: str) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self.db.execute(
            "SELECT * FROM messages WHERE sid = ? AND direction != 'note'", (sid,)
        ).fetchone()
        return row

    def set(self, sid: str, **values: str) -> None:
        names = ", ".join(f"{name} = ?" for name in values)
        self.db.execute(
            f"UPDATE messages SET {names}, updated = ?, change = ? WHERE sid = ?",  # noqa: S608  our names
            (*values.values(), datetime.now(UTC).isoformat(), self._next_change(), sid),
        )

    def delete(self, sid: str) -> None:
        self.db.execute("DELETE FROM messages WHERE sid = ?", (sid,))

    def listing(
        self, *, to: str, sender: str, since: str, before: str, limit: int, offset: int
    ) -> list[sqlite3.Row]:
        return self.db.execute(
            "SELECT * FROM messages WHERE direction != 'note' AND (? = '' OR receiver = ?)"
            " AND (? = '' OR sender = ?) AND (? = '' OR sent >= ?) AND (? = '' OR sent <= ?)"
            " ORDER BY number DESC LIMIT ? OFFSET ?",
            (to, to, sender, sender, since, since, before, before, limit, offset),
        ).fetchall()

    def changed(self, since: int) -> list[sqlite3.Row]:
        return self.db.execute(
            "SELECT * FROM messages WHERE change > ? ORDER BY number DESC LIMIT 500", (since,)
        ).fetchall()[::-1]

    def opt(self, phone: str, *, out: bool) -> None:
        if out:
            self.db.execute("INSERT OR IGNORE INTO opted_out VALUES (?)", (phone,))
        else:
            self.db.execute("DELETE FROM opted_out WHERE phone = ?", (phone,))

    def opted_out(self, phone: str) -> bool:
        found = self.db.execute("SELECT 1 FROM opted_out WHERE phone = ?", (phone,)).fetchone()
        return found is not None

    def add_phone(self, phone: str, name: str) -> None:
        self.db.execute("INSERT OR REPLACE INTO extra_phones VALUES (?, ?)", (phone, name))

    def extra_phones(self) -> list[sqlite3.Row]:
        return self.db.execute("SELECT * FROM extra_phones ORDER BY rowid").fetchall()

    def owe(self, lane: str, url: str, form: dict[str, str]) -> None:
        """A post that must arrive; those of a lane go in order."""
        self.db.execute("INSERT INTO owed (lane, url, form) VALUES (?, ?, ?)", (lane, url, json.dumps(form)))

    def first_owed(self, lane: str) -> tuple[int, str, dict[str, str]] | None:
        row = self.db.execute("SELECT * FROM owed WHERE lane = ? ORDER BY number LIMIT 1", (lane,)).fetchone()
        return (row["number"], row["url"], json.loads(row["form"])) if row else None

    def paid(self, number: int) -> None:
        self.db.execute("DELETE FROM owed WHERE number = ?", (number,))

    def lanes(self) -> list[str]:
        return [row["lane"] for row in self.db.execute("SELECT DISTINCT lane FROM owed")]
