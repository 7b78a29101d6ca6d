"""The carrier's own memory: messages, who opted out, and the posts it still owes."""

import json
import secrets
import sqlite3
from datetime import datetime
from pathlib import Path

from network.carrier.rules import handset

SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    number INTEGER PRIMARY KEY AUTOINCREMENT, sid TEXT UNIQUE, direction TEXT, sender TEXT,
    receiver TEXT, body TEXT, status TEXT, segments INTEGER, made TEXT, sent TEXT, updated TEXT,
    service TEXT, change INTEGER, callback TEXT DEFAULT '', expires TEXT DEFAULT '', error INTEGER,
    erased INTEGER DEFAULT 0, gone INTEGER DEFAULT 0);
CREATE INDEX IF NOT EXISTS messages_by_change ON messages (change);
CREATE INDEX IF NOT EXISTS messages_by_receiver ON messages (receiver, number);
CREATE TABLE IF NOT EXISTS media (
    sid TEXT PRIMARY KEY, message TEXT, kind TEXT, content BLOB);
CREATE TABLE IF NOT EXISTS opted_out (phone TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS handsets (
    phone TEXT PRIMARY KEY, name TEXT, state TEXT DEFAULT 'on', answers TEXT DEFAULT 'rings');
CREATE TABLE IF NOT EXISTS calls (
    number INTEGER PRIMARY KEY AUTOINCREMENT, sid TEXT UNIQUE, direction TEXT, sender TEXT,
    receiver TEXT, parent TEXT, status TEXT, made TEXT, started TEXT DEFAULT '', ended TEXT DEFAULT '',
    updated TEXT, seconds INTEGER DEFAULT 0, answered_by TEXT DEFAULT '', callback TEXT, events TEXT,
    told INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS owed (
    number INTEGER PRIMARY KEY AUTOINCREMENT, lane TEXT, url TEXT, form TEXT);
CREATE INDEX IF NOT EXISTS owed_by_lane ON owed (lane, number);
CREATE TABLE IF NOT EXISTS problems (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT, code INTEGER, url TEXT);
CREATE TABLE IF NOT EXISTS configured (name TEXT PRIMARY KEY, value TEXT);
"""
FORMAT = 3


class Store:
    """One SQLite file; every call is one short transaction."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.chmod(0o600)  # also one from before; what is kept beside it takes after it
        self.db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.db.row_factory = sqlite3.Row
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=NORMAL")
        self._make()
        self.change: int = self.db.execute("SELECT coalesce(max(change), 0) FROM messages").fetchone()[0]

    def _make(self) -> None:
        """A file of an older format is begun anew: it holds a demo's texts only."""
        made = self.db.execute("PRAGMA user_version").fetchone()[0]
        if made != FORMAT:
            for (table,) in self.db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                if not table.startswith("sqlite_"):
                    self.db.execute(f"DROP TABLE {table}")
        self.db.executescript(SCHEMA)
        self.db.execute(f"PRAGMA user_version = {FORMAT}")

    def close(self) -> None:
        self.db.close()

    def _next_change(self) -> int:
        self.change += 1
        return int(self.change)

    def add(
        self,
        *,
        now: datetime,
        direction: str,
        sender: str,
        receiver: str,
        body: str,
        status: str,
        segments: int,
        service: str = "",
        callback: str = "",
        expires: str = "",
        media: bool = False,
        sent: bool = False,
    ) -> sqlite3.Row:
        """`sent`: it has a date of sending already, as texts to the customer have."""
        sid = ("MM" if media else "SM") + secrets.token_hex(16)
        at = now.isoformat()
        self.db.execute(
            "INSERT INTO messages (sid, direction, sender, receiver, body, status, segments, made, sent,"
            " updated, service, change, callback, expires)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                sid,
                direction,
                sender,
                receiver,
                body,
                status,
                segments,
                at,
                at if sent else "",
                at,
                service,
                self._next_change(),
                callback,
                expires,
            ),
        )
        return self.row(sid)

    def row(self, sid: str) -> sqlite3.Row:
        row: sqlite3.Row = self.db.execute("SELECT * FROM messages WHERE sid = ?", (sid,)).fetchone()
        return row

    def get(self, sid: str) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self.db.execute(
            "SELECT * FROM messages WHERE sid = ? AND direction != 'note' AND gone = 0", (sid,)
        ).fetchone()
        return row

    def set(self, sid: str, *, now: datetime, **values: str | int | None) -> None:
        names = ", ".join(f"{name} = ?" for name in values)
        self.db.execute(
            f"UPDATE messages SET {names}, updated = ?, change = ? WHERE sid = ?",  # noqa: S608  our names
            (*values.values(), now.isoformat(), self._next_change(), sid),
        )

    def delete(self, sid: str) -> None:
        """Off the record; what a handset has got stays on it."""
        self.db.execute("UPDATE messages SET gone = 1, erased = 1 WHERE sid = ?", (sid,))
        self.db.execute("DELETE FROM media WHERE message = ?", (sid,))

    def listing(
        self, *, to: str, sender: str, since: str, before: str, limit: int, offset: int
    ) -> list[sqlite3.Row]:
        """The newest first. Asked for by date, what has no date of sending yet is not in it."""
        return self.db.execute(
            "SELECT * FROM messages WHERE direction != 'note' AND gone = 0 AND (? = '' OR receiver = ?)"
            " AND (? = '' OR sender = ?) AND (? = '' OR (sent != '' AND sent >= ?))"
            " AND (? = '' OR (sent != '' AND sent <= ?)) ORDER BY number DESC LIMIT ? OFFSET ?",
            (to, to, sender, sender, since, since, before, before, limit, offset),
        ).fetchall()

    def under_way(self) -> list[sqlite3.Row]:
        """Messages that a restart found between acceptance and their end."""
        return self.db.execute(
            "SELECT * FROM messages WHERE status IN ('queued', 'accepted', 'sending', 'sent')"
            " AND direction = 'outbound-api' ORDER BY number"
        ).fetchall()

    def changed(self, since: int) -> list[sqlite3.Row]:
        return self.db.execute(
            "SELECT * FROM messages WHERE change > ? ORDER BY number DESC LIMIT 500", (since,)
        ).fetchall()[::-1]

    def last_from(self, phone: str) -> str:
        row = self.db.execute("SELECT max(made) FROM messages WHERE sender = ?", (phone,)).fetchone()
        return str(row[0] or "")

    def opt(self, phone: str, *, out: bool) -> None:
        if out:
            self.db.execute("INSERT OR IGNORE INTO opted_out VALUES (?)", (handset(phone),))
        else:
            self.db.execute("DELETE FROM opted_out WHERE phone = ?", (handset(phone),))

    def opted_out(self, phone: str) -> bool:
        found = self.db.execute("SELECT 1 FROM opted_out WHERE phone = ?", (handset(phone),)).fetchone()
        return found is not None

    def add_phone(self, phone: str, name: str) -> None:
        self.db.execute(
            "INSERT INTO handsets (phone, name) VALUES (?, ?)"
            " ON CONFLICT (phone) DO UPDATE SET name = excluded.name",
            (phone, name),
        )

    def switch(self, phone: str, state: str) -> None:
        """What a handset is from now on: on, off, a landline, ..."""
        self.db.execute(
            "INSERT INTO handsets (phone, name, state) VALUES (?, '', ?)"
            " ON CONFLICT (phone) DO UPDATE SET state = excluded.state",
            (phone, state),
        )

    def state(self, phone: str) -> str:
        """Of the handset that this address is, in whatever form."""
        rows = {handset(row["phone"]): str(row["state"]) for row in self.handsets()}
        return rows.get(handset(phone), "on")

    def set_answers(self, phone: str, answers: str) -> None:
        """What a handset does from now on when it is called."""
        self.db.execute(
            "INSERT INTO handsets (phone, name, answers) VALUES (?, '', ?)"
            " ON CONFLICT (phone) DO UPDATE SET answers = excluded.answers",
            (phone, answers),
        )

    def answers(self, phone: str) -> str:
        rows = {handset(row["phone"]): str(row["answers"]) for row in self.handsets()}
        return rows.get(handset(phone), "rings")

    def add_call(
        self,
        *,
        now: datetime,
        direction: str,
        sender: str,
        receiver: str,
        parent: str,
        callback: str,
        events: str,
    ) -> str:
        sid, at = "CA" + secrets.token_hex(16), now.isoformat()
        self.db.execute(
            "INSERT INTO calls (sid, direction, sender, receiver, parent, status, made, updated, callback,"
            " events) VALUES (?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?)",
            (sid, direction, sender, receiver, parent, at, at, callback, events),
        )
        return sid

    def call(self, sid: str) -> sqlite3.Row:
        row: sqlite3.Row = self.db.execute("SELECT * FROM calls WHERE sid = ?", (sid,)).fetchone()
        return row

    def set_call(self, sid: str, *, now: datetime, **values: str | int) -> None:
        names = ", ".join(f"{name} = ?" for name in values)
        self.db.execute(
            f"UPDATE calls SET {names}, updated = ? WHERE sid = ?",  # noqa: S608  our names
            (*values.values(), now.isoformat(), sid),
        )

    def calls(self, *, to: str, status: str, limit: int) -> list[sqlite3.Row]:
        """The newest first."""
        return self.db.execute(
            "SELECT * FROM calls WHERE (? = '' OR receiver = ?) AND (? = '' OR status = ?)"
            " ORDER BY number DESC LIMIT ?",
            (to, to, status, status, limit),
        ).fetchall()

    def calls_under_way(self) -> list[sqlite3.Row]:
        """Calls that a restart cut off."""
        return self.db.execute(
            "SELECT * FROM calls WHERE status IN ('queued', 'ringing', 'in-progress')"
        ).fetchall()

    def handsets(self) -> list[sqlite3.Row]:
        return self.db.execute("SELECT * FROM handsets ORDER BY rowid").fetchall()

    def add_media(self, message: str, kind: str, content: bytes) -> str:
        sid = "ME" + secrets.token_hex(16)
        self.db.execute("INSERT INTO media VALUES (?, ?, ?, ?)", (sid, message, kind, content))
        return sid

    def media_of(self, message: str) -> list[sqlite3.Row]:
        return self.db.execute("SELECT * FROM media WHERE message = ?", (message,)).fetchall()

    def delete_media(self, sid: str) -> None:
        self.db.execute("DELETE FROM media WHERE sid = ?", (sid,))

    def owe(self, lane: str, url: str, form: dict[str, str]) -> None:
        """A post that is due; those of a lane go in order."""
        self.db.execute("INSERT INTO owed (lane, url, form) VALUES (?, ?, ?)", (lane, url, json.dumps(form)))

    def first_owed(self, lane: str) -> tuple[int, str, dict[str, str]] | None:
        row = self.db.execute("SELECT * FROM owed WHERE lane = ? ORDER BY number LIMIT 1", (lane,)).fetchone()
        return (row["number"], row["url"], json.loads(row["form"])) if row else None

    def paid(self, number: int) -> None:
        self.db.execute("DELETE FROM owed WHERE number = ?", (number,))

    def lanes(self) -> list[str]:
        return [row["lane"] for row in self.db.execute("SELECT DISTINCT lane FROM owed")]

    def problem(self, code: int, url: str, *, now: datetime) -> None:
        """One line of the carrier's debugger."""
        self.db.execute("INSERT INTO problems (at, code, url) VALUES (?, ?, ?)", (now.isoformat(), code, url))

    def problems(self, most: int = 50) -> list[sqlite3.Row]:
        return self.db.execute("SELECT * FROM problems ORDER BY number DESC LIMIT ?", (most,)).fetchall()

    def configure(self, name: str, value: str) -> None:
        self.db.execute("INSERT OR REPLACE INTO configured VALUES (?, ?)", (name, value))

    def configured(self, name: str) -> str | None:
        row = self.db.execute("SELECT value FROM configured WHERE name = ?", (name,)).fetchone()
        return str(row["value"]) if row else None
