"""Posts over connections that are kept, with little work: who posts must not cost what is measured."""

import asyncio
from collections import defaultdict
from urllib.parse import urlencode, urlsplit

type Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class NoAnswer(Exception):
    """Cut, or no HTTP that we read."""


class PostLines:
    """At most so many posts at a time, all in one event loop. For answers with a length, as ours all have."""

    def __init__(self, most: int) -> None:
        self.room = asyncio.Semaphore(most)
        self.free: dict[str, list[Line]] = defaultdict(list)

    async def post(self, url: str, form: dict[str, str], headers: dict[str, str]) -> int:
        """The status. Once more on another connection where a kept one was closed by the other end."""
        parts = urlsplit(url)
        body = urlencode(form).encode()
        head = {
            **headers, "Host": parts.netloc, "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": str(len(body)),
        }  # fmt: skip
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        words = f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode() + body
        async with self.room:
            kept = self.free[parts.netloc]
            while kept:
                try:
                    return await self._ask(kept.pop(), words, parts.netloc)
                except NoAnswer:
                    continue
            try:
                line = await asyncio.open_connection(parts.hostname, parts.port)
            except OSError:
                raise NoAnswer from None
            return await self._ask(line, words, parts.netloc)

    async def _ask(self, line: Line, words: bytes, netloc: str) -> int:
        reader, writer = line
        try:
            writer.write(words)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            await reader.readexactly(length_in(head))
        except (OSError, asyncio.IncompleteReadError, ValueError):
            writer.close()
            raise NoAnswer from None
        if b"connection: close" in head:
            writer.close()
        else:
            self.free[netloc].append(line)
        return int(head[9:12])

    def close(self) -> None:
        for line in (line for kept in self.free.values() for line in kept):
            line[1].close()


def length_in(head: bytes) -> int:
    """Of the body, by the head of an answer in small letters. Raises ValueError where it doesn't say."""
    _, found, rest = head.partition(b"\r\ncontent-length:")
    if not found:
        raise ValueError("an answer without a length")
    return int(rest.split(b"\r\n", 1)[0])
