"""What processes cost: processor seconds and memory, by what each is for, read from /proc."""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from network.bench.town import BenchTown

PROC = Path("/proc")
GROUPS = ("web", "workers", "supervisor", "database")
COMMANDS = {"web": "\0web\0", "workers": "\0worker\0", "supervisor": "\0up\0"}

type Amounts = dict[str, float]  # by group


@dataclass(frozen=True, slots=True)
class Process:
    """`ticks` are its own, and of its children that have ended."""

    parent: int
    ticks: int


def read_stat(line: str) -> Process:
    """One line of /proc/PID/stat. The name stands in parentheses, and may hold some of its own."""
    fields = line[line.rindex(")") + 2 :].split()
    return Process(parent=int(fields[1]), ticks=sum(int(field) for field in fields[11:15]))


def read_pss(rollup: str) -> float:
    """Megabytes in the text of /proc/PID/smaps_rollup: memory that is shared counts in parts."""
    for line in rollup.splitlines():
        name, _, amount = line.partition(":")
        if name == "Pss":
            return int(amount.split()[0]) / 1024
    return 0.0


def grouped(processes: Mapping[int, Process], roots: Mapping[int, str]) -> dict[int, str]:
    """The group of each process: that of the nearest root above it, or itself. Others are left out."""
    found = {}
    for pid in processes:
        seen, at = set[int](), pid
        while at in processes and at not in roots and at not in seen:
            seen.add(at)
            at = processes[at].parent
        if at in roots:
            found[pid] = roots[at]
    return found


def added(amounts: Iterable[tuple[str, float]]) -> Amounts:
    total: Amounts = {}
    for group, amount in amounts:
        total[group] = total.get(group, 0.0) + amount
    return total


def less(later: Amounts, before: Amounts) -> Amounts:
    return {group: amount - before.get(group, 0.0) for group, amount in later.items()}


def roots_of(here: BenchTown) -> dict[int, str]:
    """Our processes of a running town, and its database server."""
    found = {pid: group for group, command in COMMANDS.items() for pid in here.pids(command)}
    kept = here.folder / "var" / "postgres" / "postmaster.pid"
    return {**found, int(kept.read_text().split()[0]): "database"}


def seconds(roots: Mapping[int, str]) -> Amounts:
    """Processor seconds so far, by group. Only differences mean something."""
    processes, hertz = _processes(), os.sysconf("SC_CLK_TCK")
    return added((group, processes[pid].ticks / hertz) for pid, group in grouped(processes, roots).items())


def megabytes(roots: Mapping[int, str]) -> Amounts:
    """PSS by group, the database's shared buffers included."""
    found = []
    for pid, group in grouped(_processes(), roots).items():
        with suppress(OSError):  # it has ended, or is another user's
            found.append((group, read_pss((PROC / str(pid) / "smaps_rollup").read_text())))
    return added(found)


def _processes() -> dict[int, Process]:
    found = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                found[int(entry.name)] = read_stat((entry / "stat").read_text())
    return found


def children(word: str) -> list[int]:
    """Processes that this one started, with this word in their command line."""
    found = []
    for pid, process in _processes().items():
        with suppress(OSError):
            if process.parent == os.getpid() and word.encode() in (PROC / str(pid) / "cmdline").read_bytes():
                found.append(pid)
    return found
