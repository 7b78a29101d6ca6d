"""The environment: what is read, and the sentence for what is wrong."""

import base64
from pathlib import Path

import pytest

from network.configuration import Misconfigured, of_command_line, read, refuse_incomplete

KEY = base64.b64encode(b"k" * 32).decode()
WHOLE = {"SECRET_KEY": "s", "FIELD_KEY": KEY, "TWILIO_NUMBER": "+13125550100", "DATA_DIR": "/nowhere"}


def test_what_is_not_given_has_the_contracts_value():
    configuration = read(WHOLE, demo=False, port=None)
    assert (configuration.port, configuration.public_url, configuration.rate, configuration.daily_budget) == (
        8000,
        "http://localhost:8000",
        1,
        5000,
    )
    assert (configuration.name, configuration.prefix, configuration.languages) == (
        "Casa network",
        "Apoyo",
        ("en", "es"),
    )
    assert configuration.offer_night == (22, 7)
    refuse_incomplete(configuration)


def test_the_night_is_the_networks_own():
    assert read({**WHOLE, "OFFER_NIGHT": "23-6"}, demo=False, port=None).offer_night == (23, 6)


@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_KEY", "TWILIO_NUMBER"])
def test_a_missing_variable_is_named(name):
    with pytest.raises(Misconfigured, match=name):
        refuse_incomplete(read({**WHOLE, name: ""}, demo=False, port=None))


def test_a_messaging_service_stands_in_for_the_number():
    refuse_incomplete(
        read({**WHOLE, "TWILIO_NUMBER": "", "TWILIO_MESSAGING_SERVICE_SID": "MG1"}, demo=False, port=None)
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [("FIELD_KEY", "short"), ("FIELD_KEY", base64.b64encode(b"k" * 16).decode()), ("TWILIO_RATE", "fast"),
     ("TWILIO_RATE", "0"), ("DAILY_TEXT_BUDGET", "many"), ("OFFER_NIGHT", "22"), ("OFFER_NIGHT", "10 pm-7"),
     ("OFFER_NIGHT", "22-24"), ("KEEP_WORDS_HOURS", "23"), ("KEEP_CASES_DAYS", "6"), ("KEEP_HISTORY_DAYS", "13"),
     ("KEEP_STRANGERS_HOURS", "a day"), ("SECRET_KEY_FILE", "/nowhere/at/all")],
)  # fmt: skip
def test_a_wrong_value_is_named(name, value):
    with pytest.raises(Misconfigured, match=name):
        read({**WHOLE, name: value}, demo=False, port=None)


def test_backups_have_recipients_a_folder_and_an_age(tmp_path):
    more = {"BACKUP_TO": str(tmp_path), "BACKUP_RECIPIENTS": "age1a, age1b", "BACKUP_KEEP_DAYS": "90"}
    for given, wanted in (({}, (None, (), 30)), (more, (tmp_path, ("age1a", "age1b"), 90))):
        configuration = read(WHOLE | given, demo=False, port=None)
        told = (configuration.backup_to, configuration.backup_recipients, configuration.backup_keep_days)
        assert told == wanted
    with pytest.raises(Misconfigured, match="BACKUP_KEEP_DAYS"):
        read(WHOLE | {"BACKUP_KEEP_DAYS": "long"}, demo=False, port=None)


def test_how_long_data_is_kept_has_its_usual_lengths_and_may_be_longer():
    usual = read(WHOLE, demo=False, port=None)
    assert (usual.keep_words_hours, usual.keep_cases_days) == (72, 14)
    assert (usual.keep_history_days, usual.keep_strangers_hours) == (90, 24)
    longer = read({**WHOLE, "KEEP_CASES_DAYS": "30"}, demo=False, port=None)
    assert longer.keep_cases_days == 30


def test_a_secret_may_stand_in_a_file(tmp_path):
    path = tmp_path / "key"
    path.write_text(KEY + "\n")
    configuration = read({**WHOLE, "FIELD_KEY": "", "FIELD_KEY_FILE": str(path)}, demo=False, port=None)
    assert configuration.field_key == b"k" * 32


def test_a_demo_makes_its_own_keys_once_and_ignores_the_carriers(tmp_path):
    env = {"DATA_DIR": str(tmp_path), "TWILIO_ACCOUNT_SID": "ACreal", "TWILIO_AUTH_TOKEN": "real"}
    first = read(env, demo=True, port=8123)
    again = read({"DATA_DIR": str(tmp_path)}, demo=False, port=8123)
    assert first.account_sid != "ACreal"
    assert first.auth_tokens != ("real",)
    assert again.demo
    assert again.field_key == first.field_key
    assert all(path.stat().st_mode & 0o077 == 0 for path in Path(tmp_path / "demo-keys").iterdir())


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["up"], {"PORCHLIGHT_PORT": "8000"}),
        (["up", "--demo", "--port", "9"], {"PORCHLIGHT_DEMO": "1", "PORCHLIGHT_PORT": "9"}),
        (["web", "--port=7"], {"PORCHLIGHT_PORT": "7"}),
        (["board"], {}),
        ([], {}),
    ],
)
def test_the_command_line_says_demo_and_port(words, found):
    assert of_command_line(words) == found


@pytest.mark.parametrize(
    ("mode", "shown"), [(0o600, ()), (0o400, ()), (0o640, ("FIELD_KEY",)), (0o604, ("FIELD_KEY",))]
)
def test_a_key_file_that_others_may_read_is_named(tmp_path, mode, shown):
    path = tmp_path / "key"
    path.write_text(KEY)
    path.chmod(mode)
    configuration = read({**WHOLE, "FIELD_KEY": "", "FIELD_KEY_FILE": str(path)}, demo=False, port=None)
    assert configuration.open_key_files == shown
