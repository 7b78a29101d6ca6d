"""How the suite runs: side by side, a few tests alone, browsers last; and what used the most of a processor."""

import fcntl
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling

NAMED_OVER_S, FAILS_OVER_S = 5.0, 15.0  # of a worker's processor
SLOWEST = 20
FEW_BYTES = 40_000  # of test files, which are done about as soon by one process
LONGEST = (
    "test_readable.py"  # of the files with a browser: begun last, it would be waited for by one worker alone
)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("porchlight")
    group.addoption(
        "--long",
        action="store_true",
        help="many more examples for each property, and every step of the engine each minute of the town",
    )
    group.addoption(
        "--seed",
        type=int,
        help="draws in which language, theme and width each page is looked at; a failure names it",
    )
    group.addoption(
        "--browser", choices=("with", "without", "only"), default="with", help="the tests with a browser"
    )


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Whoever only hands tests out to workers doesn't wait for Django, and they not for it."""
    if not _only_hands_out(early_config):
        os.environ["DJANGO_SETTINGS_MODULE"] = "network.settings"
    return (yield)


def _only_hands_out(config: pytest.Config) -> bool:
    asked = config.known_args_namespace
    if "PYTEST_XDIST_WORKER" in os.environ or asked.collectonly or asked.usepdb:
        return False
    return bool(_workers(asked.file_or_dir) if asked.numprocesses == "auto" else asked.numprocesses)


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Times())


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> None:
    """Hypothesis takes as long to import as all else of a small file."""
    if "hypothesis" not in sys.modules and b"hypothesis" in module_path.read_bytes():
        _try_the_same_examples(long=parent.config.getoption("long"))


def _try_the_same_examples(*, long: bool) -> None:
    """What chance finds is for the long run, not for whoever comes by."""
    from hypothesis import settings

    common = {"deadline": None, "print_blob": True}
    settings.register_profile("gate", max_examples=100, derandomize=True, **common)
    settings.register_profile("long", max_examples=2000, **common)
    settings.load_profile("long" if long else "gate")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    return _workers(config.args)


def _workers(named: list[str]) -> int:
    """A few files need none: the first test is done before workers would have begun."""
    paths = [Path(name.partition("::")[0]) for name in named]
    files = {file for path in paths for file in (path.rglob("test_*.py") if path.is_dir() else [path])}
    if files and all(map(Path.exists, files)) and sum(file.stat().st_size for file in files) < FEW_BYTES:
        return 0
    if len(named) == 1 and "::" in named[0]:
        return 0
    return len(os.sched_getaffinity(0))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Those with a browser come late: Playwright's loop stays in its thread, where no other may run beside it.

    Those alone come last: by then there is little for the others to wait with.
    """
    wanted = {"with": (False, True), "without": (False,), "only": (True,)}[config.getoption("browser")]
    left_out = [item for item in items if _has_browser(item) not in wanted]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if _has_browser(item) in wanted]
    items.sort(
        key=lambda item: (
            bool(item.get_closest_marker("alone")),
            _has_browser(item),
            item.path.name != LONGEST,
        )
    )
    _keep_order_within_files(items)


def _keep_order_within_files(items: list[pytest.Item]) -> None:
    """A file with a browser goes on with one demo: its tests stay in the order they are written in."""
    at = [n for n, item in enumerate(items) if item.nodeid.startswith("tests/browser/")]
    browsing = [items[n] for n in at]
    files = list(dict.fromkeys(item.path for item in browsing))
    browsing.sort(key=lambda item: (files.index(item.path), item.location[1] or 0, _which(item)))
    for n, item in zip(at, browsing, strict=True):
        items[n] = item


def _which(item: pytest.Item) -> tuple[int, ...]:
    """Of the tests made from one function."""
    made = getattr(item, "callspec", None)
    return tuple(made.indices.values()) if made else ()


def _has_browser(item: pytest.Item) -> bool:
    return item.get_closest_marker("browser") is not None or "chromium" in getattr(item, "fixturenames", ())


class InOrder(LoadScopeScheduling):
    """Hands out tests one by one in their order; those of a file with a browser share its demo, so together."""

    def __init__(self, config: pytest.Config, log: object = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return nodeid.split("::", 1)[0] if nodeid.startswith("tests/browser/") else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> InOrder:
    return InOrder(config, log)


@contextmanager
def place_on_the_machine(*, alone: bool) -> Iterator[None]:
    """Whoever must be alone waits for those at work, and holds back those that come."""
    folder = Path(os.environ["PORCHLIGHT_RUN"])
    kind = fcntl.LOCK_EX if alone else fcntl.LOCK_SH
    with (folder / "door").open("a") as door, (folder / "room").open("a") as room:
        fcntl.flock(door, kind)
        fcntl.flock(room, kind)
        if not alone:
            fcntl.flock(door, fcntl.LOCK_UN)
        yield


_shared_s = 0.0  # of the processor, for what all tests of this process use


def processor_s() -> float:
    """Of this process and of what it started and has ended, for its tests so far."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime - _shared_s


@contextmanager
def for_all_tests() -> Iterator[None]:
    """What is made here is charged to no test: whichever comes first would pay for it."""
    global _shared_s
    began = processor_s()
    yield
    _shared_s += processor_s() - began


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    with place_on_the_machine(alone=item.get_closest_marker("alone") is not None):
        item.stash[BEGAN] = processor_s()
        return (yield)


BEGAN = pytest.StashKey[float]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:
    report = yield
    if call.when == "teardown":
        slow = item.get_closest_marker("slow")
        report.processor_s = processor_s() - item.stash[BEGAN]
        # The first test with a browser in a file starts the file's demo, a whole network; those alone come
        # last, and with the last of all the browser ends, whose work of the whole run is counted then.
        reason = slow is not None and bool(slow.args[0])
        report.may_be_slow = reason or _has_browser(item) or item.get_closest_marker("alone") is not None
    return report


class Times:
    """Where the tests' time went, told at the end; a test that takes too much of it fails the run."""

    def __init__(self) -> None:
        self.took: list[tuple[float, str, bool]] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if hasattr(report, "processor_s"):
            self.took.append((report.processor_s, report.nodeid, report.may_be_slow))

    @property
    def too_slow(self) -> list[tuple[float, str]]:
        return sorted(((s, name) for s, name, may in self.took if s > NAMED_OVER_S and not may), reverse=True)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if session.exitstatus == pytest.ExitCode.OK and any(s > FAILS_OVER_S for s, _ in self.too_slow):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        tell = terminalreporter
        tell.section(
            f"the {SLOWEST} that took the most processor seconds, of {sum(s for s, *_ in self.took):.0f}"
        )
        for took, name, _ in sorted(self.took, reverse=True)[:SLOWEST]:
            tell.write_line(f"{took:6.1f}  {name}")
        files: Counter[str] = Counter()
        for took, name, _ in self.took:
            files[name.partition("::")[0]] += took
        if len(files) > 1:
            tell.section("the files")
            for name, took in files.most_common(SLOWEST):
                tell.write_line(f"{took:6.1f}  {name}")
        for took, name in self.too_slow:
            fails = took > FAILS_OVER_S
            tell.write_line(
                f"{'too slow' if fails else 'slow'}: {name} took {took:.1f} processor seconds. Make it lighter, or mark "
                f'it @pytest.mark.slow("why"){": over " + str(int(FAILS_OVER_S)) + " it fails the run" if fails else ""}.',
                red=fails,
                yellow=not fails,
            )
