"""The files that other programs look for say what the gate says."""

import configparser
import re
import subprocess
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
GATE = (ROOT / ".ci" / "run").read_text()
WORKFLOW = (ROOT / ".github" / "workflows" / "ci.yml").read_text()


def test_before_a_commit_runs_what_the_gate_runs():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert [repo["repo"] for repo in hooks] == ["local"]

    commands = [hook["entry"] for hook in hooks[0]["hooks"]]
    assert all(hook["language"] == "system" for hook in hooks[0]["hooks"])
    asked = re.findall(r"\.venv/bin/[^;\n]+", GATE)
    assert [line.strip() for line in asked] == commands


def test_the_workflow_runs_the_gate_and_may_only_read():
    workflow = yaml.safe_load(WORKFLOW)
    steps = workflow["jobs"]["gate"]["steps"]

    assert workflow["permissions"] == {"contents": "read"}
    assert "secrets" not in WORKFLOW
    assert steps[-1]["run"].splitlines()[-1] == ".ci/run"
    assert all(re.search(r"@[0-9a-f]{40}$", step["uses"]) for step in steps if "uses" in step)


def test_the_gate_installs_everything_through_the_one_door():
    assert "./run setup --test\n" in GATE
    assert "pip install" not in GATE


def test_the_files_are_as_the_editors_are_told():
    rules = configparser.ConfigParser()
    rules.read_string("[top]\n" + (ROOT / ".editorconfig").read_text())
    length = re.search(r"^line-length = (\d+)", (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert length
    assert rules["*.py"]["max_line_length"] == length[1]

    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    for name in names.split():
        if name.endswith((".py", ".html", ".js", ".css", ".md", ".toml", ".yml", ".yaml")):
            text = (ROOT / name).read_bytes()
            assert b"\r" not in text, name
            assert b"\t" not in text, name
            assert not text or text.endswith(b"\n") or name.endswith(".html"), name
