"""`run` and `network/install.py`, with a Python, a uv and a pip that only write down that they were called."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("cat", "cksum", "cp", "dirname", "mkdir", "rm", "sleep")
ELSEWHERE = "/opt/homebrew/bin/python3 /usr/local/bin/python3"  # looked at whatever PATH says
RUNTIME, EVERYTHING, PIP = "requirements.lock", "requirements-test.lock", "requirements-pip.lock"
DEMO = "start manage.py up --demo"

OURS = """
case "$*" in
    "-c pass") ;;
    "-m pip --version") [ -e {folder}/.venv/has-pip ] ;;
    "-m pip install"*)
        if [ -e {folder}/offline ]; then echo "no way to the registry" >&2; exit 1; fi
        sleep 0.05; for lock; do :; done; echo "pip ${{lock##*/}}" >>{calls} ;;
    *) echo "start $*" >>{calls} ;;
esac
"""
PYTHON = """
case "$1 ${{2-}}" in
    "-m venv") rm -rf {folder}/.venv; mkdir -p {folder}/.venv/bin; cp {folder}/ours {folder}/.venv/bin/python
        echo yes >{folder}/.venv/has-pip; echo venv >>{calls} ;;
    "-c "*python_version*) echo 3.12.9 ;;
    "-c "*) ;;
    *) exec {real} -I -S "$@" ;;
esac
"""
WITHOUT_VENV = """
case "$1 ${{2-}}" in
    "-c "*ensurepip*) exit 1 ;;
    "-c "*python_version*) echo 3.12.9 ;;
    "-c "*-venv*) echo python3.12-venv ;;
    "-c "*) ;;
    *) exec {real} -I -S "$@" ;;
esac
"""
TOO_OLD = "exit 1"
UV = """
for last; do :; done
case "$1 $2" in
    "venv --quiet") rm -rf {folder}/.venv; mkdir -p {folder}/.venv/bin; cp {folder}/ours {folder}/.venv/bin/python
        echo "uv venv" >>{calls} ;;
    "pip sync") echo "uv ${{last##*/}}" >>{calls} ;;
    "python install") echo "uv python" >>{calls} ;;
    "python find") echo {folder}/python-of-uv ;;
esac
"""


class Machine:
    """A copy of `run` and its locks on a machine that holds what a test puts there."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.bin, self.log = folder / "porchlight", folder / "bin", folder / "calls"
        self.folder.mkdir()
        self.bin.mkdir()
        (self.folder / "network").mkdir()
        for name in ("run", "network/install.py", RUNTIME, EVERYTHING, PIP):
            shutil.copy(ROOT / name, self.folder / name)
        text = (ROOT / "run").read_text()
        assert ELSEWHERE in text
        (self.folder / "run").write_text(text.replace(ELSEWHERE, ""))
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool))
        self.write(self.folder / "ours", OURS)

    def write(self, path: Path, script: str) -> None:
        words = {"folder": self.folder, "calls": self.log, "real": sys.executable}
        path.write_text("#!/bin/sh\n" + script.format(**{k: shlex.quote(str(v)) for k, v in words.items()}))
        path.chmod(0o755)

    def has(self, **programs: str) -> "Machine":
        for name, script in programs.items():
            self.write(self.bin / name, script)
        return self

    def begin(self, *words: str) -> subprocess.Popen:
        home = str(self.folder.parent)
        env = {"PATH": str(self.bin), "HOME": home, "PYENV_ROOT": f"{home}/pyenv", "LANG": "C.UTF-8"}
        return subprocess.Popen(
            [self.folder / "run", *words], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def run(self, *words: str, code: int = 0) -> list[str]:
        """What was called. What was said stays in `said`."""
        process = self.begin(*words)
        out, self.said = process.communicate(timeout=20)
        assert (process.returncode, out) == (code, ""), self.said
        return self.called()

    def called(self) -> list[str]:
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return lines


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


@pytest.fixture
def pips(machine):
    return machine.has(python3=PYTHON)


@pytest.fixture
def uvs(machine):
    return machine.has(python3=PYTHON, uv=UV)


def test_without_python_one_sentence_says_how_to_get_it(machine):
    assert machine.has(python3=TOO_OLD).run(code=1) == []
    assert machine.said.startswith("Porchlight needs Python 3.12 or newer")
    for way in ("pipx run uv python install 3.12", "ppa:deadsnakes/ppa", "brew install python@3.12"):
        assert way in machine.said
    assert not (machine.folder / ".venv").exists()


def test_an_environment_of_another_folder_is_not_emptied(pips, tmp_path):
    theirs = tmp_path / "theirs"
    (theirs / "bin").mkdir(parents=True)
    (pips.folder / ".venv").symlink_to(theirs)
    pips.run(code=1)
    assert ".venv is a link" in pips.said
    assert (theirs / "bin").is_dir()


def test_a_python_without_its_venv_module_is_told_apart(machine):
    assert machine.has(python3=WITHOUT_VENV).run(code=1) == []
    assert "sudo apt install python3.12-venv" in machine.said
    assert "needs Python 3.12 or newer" not in machine.said


def test_a_whole_python_is_taken_before_one_without_its_venv_module(machine):
    machine.has(python3=WITHOUT_VENV)
    whole = machine.folder.parent / "pyenv" / "versions" / "3.12.9" / "bin"
    whole.mkdir(parents=True)
    machine.write(whole / "python", PYTHON)

    assert machine.run("setup") == ["venv", f"pip {PIP}", f"pip {RUNTIME}"]


def test_where_there_is_uv_and_no_python_uv_gets_one(machine):
    machine.write(machine.folder / "python-of-uv", PYTHON)

    assert machine.has(uv=UV).run("setup") == ["uv python", "uv venv", f"uv {RUNTIME}"]
    assert "uv gets one" in machine.said


def test_uv_installs_where_it_is_on_the_path_and_needs_no_venv_module(machine):
    called = machine.has(python3=WITHOUT_VENV, uv=UV).run()

    assert called == ["uv venv", f"uv {RUNTIME}", DEMO]


def test_pip_installs_elsewhere(pips):
    assert pips.run() == ["venv", f"pip {PIP}", f"pip {RUNTIME}", DEMO]


def test_each_part_of_the_set_up_is_told(pips):
    pips.run("setup")
    which, making, installing, done = pips.said.splitlines()

    assert which.startswith("Setting up .venv, once, with Python 3.12.9 (")
    assert making == "Making the environment ..."
    assert installing.split()[0] == "Installing"
    assert installing.endswith("packages with pip ...")
    assert 40 < int(installing.split()[1]) < 80
    assert done.startswith("Set up in ")


@pytest.mark.parametrize("kind", ["pips", "uvs"])
def test_a_second_start_calls_no_installer_and_says_nothing(kind, request):
    machine = request.getfixturevalue(kind)
    machine.run("setup")

    assert machine.run() == [DEMO]
    assert machine.run("board", "--json") == ["start manage.py board --json"]
    assert machine.said == ""


def test_tests_add_the_rest_once(pips):
    pips.run("setup")

    assert pips.run("test", "tests/setup", "-q") == [f"pip {EVERYTHING}", "start -m pytest tests/setup -q"]
    assert pips.run("test") == ["start -m pytest"]
    assert pips.run("setup", "--test") == []
    assert pips.run() == [DEMO]


def test_tests_in_an_empty_folder_install_everything_at_once(uvs):
    assert uvs.run("setup", "--test") == ["uv venv", f"uv {EVERYTHING}"]
    assert uvs.run() == [DEMO]


@pytest.mark.parametrize("words", [(), ("setup",), ("board",), ("doctor", "test")])
def test_nothing_else_installs_what_only_tests_need(words, uvs):
    assert f"uv {EVERYTHING}" not in uvs.run(*words)


def test_a_changed_lock_makes_the_environment_anew(uvs):
    uvs.run("setup", "--test")
    with (uvs.folder / RUNTIME).open("a") as lock:
        lock.write("# a newer one\n")

    assert uvs.run() == ["uv venv", f"uv {RUNTIME}", DEMO]
    assert uvs.run("test") == [f"uv {EVERYTHING}", "start -m pytest"]


def test_a_changed_lock_of_the_tests_touches_no_running(uvs):
    uvs.run("setup", "--test")
    with (uvs.folder / EVERYTHING).open("a") as lock:
        lock.write("# a newer one\n")

    assert uvs.run() == [DEMO]
    assert uvs.run("test") == ["uv venv", f"uv {EVERYTHING}", "start -m pytest"]


def test_an_installer_that_fails_says_why_and_is_tried_again(pips):
    (pips.folder / "offline").touch()
    assert pips.run(code=1) == ["venv"]
    assert "no way to the registry" in pips.said
    assert "run this again" in pips.said
    assert "Traceback" not in pips.said

    (pips.folder / "offline").unlink()
    assert pips.run()[-1] == DEMO


def test_tests_that_can_not_be_added_leave_what_runs(pips):
    pips.run("setup")
    (pips.folder / "offline").touch()

    assert pips.run("test", code=1) == []
    assert pips.run() == [DEMO]


def test_what_a_killed_installer_left_is_made_anew(pips):
    pips.run("setup")
    (pips.folder / ".venv" / "unfinished").touch()

    assert pips.run("test")[:2] == ["venv", f"pip {PIP}"]


def test_an_environment_whose_python_is_gone_is_made_anew(pips):
    pips.run("setup")
    (pips.folder / ".venv" / "bin" / "python").unlink()

    assert pips.run()[0] == "venv"


def test_two_at_once_install_once(pips):
    both = [pips.begin("setup"), pips.begin("setup")]

    assert all(process.communicate(timeout=20) and process.returncode == 0 for process in both)
    assert pips.called() == ["venv", f"pip {PIP}", f"pip {RUNTIME}"]


def test_an_unknown_word_of_setup_is_refused(uvs):
    assert uvs.run("setup", "--tset", code=2) == []
    assert "Usage" in uvs.said


def test_the_tour_of_the_readme_names_phones_that_are_on_the_page():
    tour = (ROOT / "README.md").read_text().partition("## A tour")[2].partition("\n## ")[0]
    people = {
        line.split(",")[1].split()[0]
        for name in ("members.csv", "responders.csv")
        for line in (ROOT / "network" / "demo" / name).read_text().splitlines()[1:]
    }
    plain = tour.replace("**", "").replace("\n   ", " ")
    named = re.findall(
        r"(?:[Aa]s|from|with|and|\d\.) ([A-Z]\w+)(?!['’]s \w)(?= \(|,| and| are| half|:|\.)", plain
    )
    assert {"Rosa", "Ana", "Luz", "Marta", "Beto"} <= set(named) <= people
    assert not re.search(r"[Aa]s [A-Z]\w+['’]s ", plain)  # somebody whose phone it isn't
