"""The files that others start a network with name what there is."""

import re
import subprocess
from pathlib import Path
from shutil import which

import pytest
import yaml

from network.configuration import SECRETS
from network.door.limits import SHEETS

DOCS = Path(__file__).parents[2] / "docs"
DEPLOY = DOCS / "deploy"
PROGRAM = Path(__file__).parents[2] / "network" / "configuration.py"


def known(name):
    return name.removesuffix("_FILE") in PROGRAM.read_text() and (
        not name.endswith("_FILE") or name.removesuffix("_FILE") in SECRETS
    )


def test_every_variable_is_one_that_the_program_reads():
    unit = re.findall(r"^Environment=(\w+)=", (DEPLOY / "porchlight.service").read_text(), re.MULTILINE)
    example = re.findall(r"^(?:# )?([A-Z_]+)=", (DEPLOY / "environment").read_text(), re.MULTILINE)
    compose = yaml.safe_load((DEPLOY / "compose.yml").read_text())["services"]["porchlight"]["environment"]
    assert len(unit) == 4
    for name in (*unit, *example, *compose):
        assert known(name), name
    assert {"DATABASE_URL", "PUBLIC_URL", "TWILIO_NUMBER", "BACKUP_TO"} <= set(example)


def test_a_credential_is_loaded_for_each_file_that_the_unit_names():
    unit = (DEPLOY / "porchlight.service").read_text()
    loaded = set(re.findall(r"^LoadCredential=([\w-]+):/etc/porchlight/\1$", unit, re.MULTILINE))
    assert (
        loaded
        == set(re.findall(r"=%d/([\w-]+)$", unit, re.MULTILINE))
        == {"secret-key", "field-key", "twilio-auth-token"}
    )
    compose = yaml.safe_load((DEPLOY / "compose.yml").read_text())
    assert set(compose["services"]["porchlight"]["secrets"]) <= set(compose["secrets"])


@pytest.mark.parametrize(
    ("file", "limit"), [("Caddyfile", r"max_size 1MB"), ("nginx.conf", r"client_max_body_size 1m")]
)
def test_a_proxy_lets_a_sheet_through_keeps_metrics_in_and_no_list_of_visits(file, limit):
    words = (DEPLOY / file).read_text()
    assert re.search(limit, words)
    assert SHEETS.most == 1024 * 1024
    assert "/metrics" in words
    assert "404" in words
    assert "X-Forwarded-For" in words
    assert (
        "access_log off" in words
        if file == "nginx.conf"
        else not re.search(r"^\s*log\b", words, re.MULTILINE)
    )


@pytest.mark.skipif(not which("systemd-analyze"), reason="there is no systemd on this machine")
def test_the_unit_is_hardened(tmp_path):
    run = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", str(DEPLOY / "porchlight.service")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    told = re.search(r"Overall exposure level for porchlight.service: ([\d.]+)", run.stdout)
    assert told, run.stderr
    assert float(told[1]) <= 1.5


def test_the_image_holds_what_running_needs():
    words = (DEPLOY / "Containerfile").read_text()
    for path in re.findall(r"^COPY (.+) \S+$", words, re.MULTILINE):
        for name in path.split():
            assert (DOCS.parent / name).exists(), name
    assert "USER porchlight" in words
    assert "--require-hashes -r requirements.lock" in words


def test_the_page_names_each_file_and_what_was_not_tried():
    words = (DOCS / "deploy.md").read_text()
    for file in DEPLOY.iterdir():
        assert file.name in words, file.name
    assert "**Not tried**" in words
