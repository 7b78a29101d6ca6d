"""What holds everywhere: every field has a retention class, every route a guard, every text its size."""

import ast
import re
from importlib import import_module
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.management import call_command
from django.db import models
from django.forms import BaseForm
from django.urls import get_resolver

from network import engine
from network.audit.rules import Task
from network.console.shell import words
from network.conversations.words.leaving import LANGUAGES as SAID_LANGUAGES
from network.dispatch import rules
from network.management.commands.twilio_setup import OPT_OUT_WORDS
from network.messaging.rules.opt_out import RESERVED
from network.messaging.rules.segments import segments
from network.messaging.texts import counts, dates
from network.messaging.texts.keys import Text
from network.messaging.texts.languages import LANGUAGES
from network.messaging.texts.rendering import SPOKEN, TABLES, TWO_PARTS, MissingText, fields, render
from network.privacy.fields import SealedTextField

ROOT = Path(__file__).resolve().parent.parent
OURS = [model for model in apps.get_models() if model.__module__.startswith("network.")]
VALUES = {
    "prefix": "Apoyo", "organization": "Casa Azul", "name": "Ana", "other": "Beto", "minutes": 20,
    "word": "MANGO", "zip": "60629", "miles": 2, "number": 207, "code": 41, "language": "Spanish",
    "children": 2, "url": "https://red.example.org/visit#" + "x" * 22, "days": 3, "question": "?",
    "when": "miércoles 25 de noviembre a las 11:30 am", "by": "martes 24 de noviembre a las 6 pm",
    "time": "10:30 pm",
    "switch": "Español, Kreyòl: 0.", "digit": 3, "answer": "a lawyer",
}  # fmt: skip
MAY_NAME_STOP = {
    Text.JOIN, Text.JOIN_REMINDER, Text.FIRST_NOTICE, Text.ENROLLED_MEMBER, Text.ENROLLED_RESPONDER,
}  # fmt: skip
ALARM_STEPS = ("twilio/alarm", "twilio/alarm/taken", "twilio/alarm/over")
CALL_STEPS = ("key", "rang", "whisper", "taken", "ended")
OPEN_TO_ALL = {
    "twilio/sms", "twilio/status", "twilio/voice", *(f"twilio/voice/{step}" for step in CALL_STEPS),
    *ALARM_STEPS,
    "healthz", "readyz", "metrics", "visit", "visit/open",
    "private", "private/open",
    "sign-in/link", "i18n/setlang/", "theme",
    "sw.js", "offline",
}  # fmt: skip


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_field_has_a_retention_class(model):
    named = [name for names in model.Retention.keep.values() for name in names]
    assert sorted(named) == sorted(field.name for field in model._meta.concrete_fields)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_text_or_json_column_is_sealed_or_has_a_reason(model):
    wordy = (models.CharField, models.TextField, models.JSONField, ArrayField)
    reasons = getattr(model.Retention, "plain", {})
    plain = {f.name for f in model._meta.concrete_fields if isinstance(f, wordy)}
    assert plain == set(reasons)
    assert all(reasons.values())


def test_names_phones_addresses_bodies_and_secrets_are_sealed():
    sealed = {
        f"{model._meta.label}.{field.name}"
        for model in OURS
        for field in model._meta.concrete_fields
        if isinstance(field, SealedTextField)
    }
    assert {
        "people.Person.name",
        "people.Person.phone",
        "people.Member.street",
        "people.Member.unit",
        "people.Member.city",
        "people.Member.duress_word",
        "staff.Staff.phone",
        "messaging.Inbound.body",
        "messaging.Inbound.form",
        "messaging.Outbound.body",
        "messaging.Contact.phone",
        "support.SupportRequest.notes",
        "dispatch.Offer.said",
        "visits.VisitWord.word",
    } <= sealed


def test_there_is_no_field_for_what_we_refuse_to_collect():
    refused = re.compile(
        r"officer|agent|badge|vehicle|plate|license|sighting|status_of|immigra|alien|nationality|citizen|birth"
        r"|dob|ssn|social_security|passport|employer|religion|latlon|geo|user_agent|ip_address"
    )
    names = [f"{m._meta.label}.{f.name}".lower() for m in OURS for f in m._meta.concrete_fields]
    assert [name for name in names if refused.search(name)] == []


@pytest.mark.parametrize("language", TABLES)
@pytest.mark.parametrize("key", Text)
def test_a_text_is_complete_and_fits(key, language):
    text = render(key, language, **{name: VALUES[name] for name in fields(TABLES[language][key])})
    assert fields(TABLES[language][key]) == fields(TABLES["en"][key])
    assert segments(text).parts == 1 or key in TWO_PARTS or key in SPOKEN
    words = {word.upper() for word in re.findall(r"\w+", text)}
    assert key in MAY_NAME_STOP or not words & RESERVED


@pytest.mark.parametrize("name", ["María", "Ana"])
@pytest.mark.parametrize("language", TABLES)
@pytest.mark.parametrize("key", Text)
def test_a_name_with_an_accent_never_makes_more_than_four_parts(key, language, name):
    values = {**VALUES, "name": name, "other": name}
    text = render(key, language, **{field: values[field] for field in fields(TABLES[language][key])})
    assert segments(text).parts <= 4


@pytest.mark.parametrize("language", TABLES)
@pytest.mark.parametrize("key", Text)
def test_answers_are_joined_by_commas_and_hold_none(key, language):
    for label in re.findall(
        r"(?:\d+|\{code\}) = ([^=]*?)(?:, (?=\d+ =|\{code\} =)|[.]|$)", TABLES[language][key]
    ):
        assert "," not in label


@pytest.mark.parametrize(
    ("key", "english", "spanish", "creole"),
    [
        (Text.HOME, "at home", "en casa", "lakay"),
        (Text.KIND, "come", "venga", "vini"),
        (Text.KIND, "lawyer", "abogado", "avoka"),
        (Text.KIND, "children", "mis niños", "timoun"),
        (Text.CHILDREN, "How many", "cantidad", "Konbyen"),
        (Text.OFFER_ACCOMPANIMENT, "can go", "puedo ir", "ka ale"),
        (Text.ON_THE_WAY, "on the way", "en camino", "nan wout"),
        (Text.TOO_LATE, "Someone else", "otra persona", "lòt moun"),
        (Text.DID_THEY_COME, "came", "vino", "vini"),
        (Text.DID_BOTH_COME, "came", "vino", "vini"),
    ],
)
def test_the_words_that_other_programs_look_for_stand_there(key, english, spanish, creole):
    assert english in TABLES["en"][key]
    assert spanish in TABLES["es"][key]
    assert creole in TABLES["ht"][key]


def test_a_stranger_is_told_the_same_in_every_language():
    assert len({table[Text.UNKNOWN_SENDER] for table in TABLES.values()}) == 1


@pytest.mark.parametrize("language", TABLES)
def test_a_language_stands_in_every_place_that_needs_it(language):
    """The places that docs/languages.md names."""
    assert TABLES[language].keys() == set(Text)
    assert all(language.calls.keys() == LANGUAGES.keys() for language in LANGUAGES.values())
    for table in (
        LANGUAGES,
        dates.DAYS,
        dates.MONTHS,
        dates.ORDER,
        counts.SINGULAR,
        SAID_LANGUAGES,
        OPT_OUT_WORDS,
        words.LANGUAGES,
        words.SPOKEN,
    ):
        assert table.keys() == TABLES.keys()
    drill, *more = LANGUAGES[language].drill.split()
    assert drill.isupper()
    assert not more
    assert drill not in RESERVED


def test_a_text_never_falls_back():
    with pytest.raises(MissingText):
        render(Text.HOME, "fr", prefix="Apoyo")
    with pytest.raises(MissingText):
        render(Text.HOME, "en")


@pytest.mark.django_db
def test_no_migration_is_missing():
    missing = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=missing)
    except SystemExit:
        pytest.fail(missing.getvalue())


def paths(patterns, prefix=""):
    for pattern in patterns:
        here = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from paths(pattern.url_patterns, here)
        else:
            yield here


def test_every_route_needs_a_sign_in_or_a_signature_or_is_known_to_be_open(client, db):
    for path in paths(get_resolver().url_patterns):
        if path in OPEN_TO_ALL or path.startswith("accounts/"):
            continue
        url = "/" + re.sub(r"<uuid:\w+>", "00000000-0000-4000-8000-000000000000", path)
        url = re.sub(r"<slug:\w+>", "x", re.sub(r"<int:\w+>", "1", url))
        for method in (client.get, client.post):
            answer = method(url, secure=True)
            assert answer.status_code in (302, 405), (url, answer.status_code)
            if answer.status_code == 302:
                assert answer["Location"].startswith("/accounts/login/"), url


@pytest.mark.parametrize(
    "path",
    [
        "/twilio/sms",
        "/twilio/status",
        "/twilio/voice",
        *(f"/twilio/voice/{step}" for step in CALL_STEPS),
        *(f"/{step}" for step in ALARM_STEPS),
    ],
)
def test_a_webhook_without_a_signature_is_403(client, db, path):
    assert client.post(path, {"Body": "x"}, secure=True).status_code == 403
    assert client.get(path, secure=True).status_code == 405


def test_the_house_names_each_step_of_the_engine_and_each_task_of_a_worker_and_no_other():
    table = (
        (Path(__file__).parents[1] / "docs" / "house.md")
        .read_text()
        .partition("| owed |")[2]
        .partition("\n\n")[0]
    )
    named = re.findall(r"\b(task and step|steps?|task) ((?:`\w+`(?:, )?)+)", table)
    steps = {name for kind, names in named if "step" in kind for name in re.findall(r"\w+", names)}
    tasks = {name for kind, names in named if "task" in kind for name in re.findall(r"\w+", names)}
    assert steps == {step.name for step in engine.STEPS}
    assert tasks <= {task.value for task in Task}


NETWORK = Path(__file__).parents[1] / "network"
MOST_LINES = 3000
NAMES_ITS_MODULES = {"dispatch/rules", "dispatch/models"}  # a door for other programs; Django's own way


def lines_of(folder: Path) -> int:
    files = [file for file in folder.rglob("*.py") if "migrations" not in file.parts]
    return sum(len(file.read_text().splitlines()) for file in files)


def test_no_package_of_over_three_thousand_lines_is_without_rooms():
    packages = [file.parent for file in NETWORK.rglob("__init__.py")]
    flat = [
        package
        for package in packages
        if lines_of(package) > MOST_LINES
        and not any(other.parent == package and other.name != "migrations" for other in packages)
    ]
    assert flat == []


def test_no_package_hands_out_the_names_of_its_modules():
    hubs = {
        str(file.parent.relative_to(NETWORK))
        for file in NETWORK.rglob("__init__.py")
        if re.search(r"^from network\b", file.read_text(), re.MULTILINE)
    }
    assert hubs - {"demo"} <= NAMES_ITS_MODULES


AS_SENT = {  # who reads what was posted as it was sent, without a form, and why
    "conversations/webhooks.py: _call_of": "the carrier's fields, signed, under its own names",
    "conversations/webhooks.py: ended": "the carrier's fields, signed, under its own names",
    "conversations/webhooks.py: key": "the carrier's fields, signed, under its own names",
    "conversations/webhooks.py: rang": "the carrier's fields, signed, under its own names",
    "conversations/webhooks.py: taken": "the carrier's fields, signed, under its own names",
    "duty/webhooks.py: alarm": "the carrier's fields, signed, under its own names",
    "duty/webhooks.py: taken": "the carrier's fields, signed, under its own names",
    "console/shell/refusals.py: not_trusted": "a form without its token: only gives back what was written",
    "messaging/webhooks.py: signed_by_carrier": "the carrier's signature is over all fields",
    "messaging/webhooks.py: checked": "the carrier's signature is over all fields",
    "messaging/webhooks.py: sms": "the carrier's fields, kept whole as they came",
    "messaging/webhooks.py: status": "the carrier's fields, signed, under its own names",
    "console/shell/once.py: press_of": "every field of every form tells one press from another",
    "console/shell/unreadable.py: sent": "every field of every form is looked at for what none can hold",
    "console/shell/showing.py: _posted": "the whole form waits for the key, then is done as it was pressed",
    "console/shell/lookups.py: held_back": "the whole form is sent once more, with a reason",
}


def test_what_is_posted_is_read_by_forms():
    """`request.POST` is only ever given to a form as its data; whatever else reads it is named, with a reason."""
    found = set()
    for path in sorted((ROOT / "network").rglob("*.py")):
        tree = ast.parse(path.read_text())
        for function in [
            node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]:
            given = {
                id(call.args[0])
                for call in ast.walk(function)
                if isinstance(call, ast.Call) and call.args and is_a_form(call.func)
            }
            if any(is_posted(node) and id(node) not in given for node in ast.walk(function)):
                found.add(f"{path.relative_to(ROOT / 'network')}: {function.name}")
    assert found == set(AS_SENT)


TABLE = 4  # rows, columns or names, from which on a reader's eye follows them better than the formatter's


def test_only_tables_keep_a_layout_of_their_own():
    """`# fmt: skip` stands where alignment is the meaning, and never to keep code short."""
    found = []
    for path in sorted((ROOT / "network").rglob("*.py")):
        if "# fmt: skip" not in (text := path.read_text()) or "words" in path.parent.parts:
            continue  # phrases as people write them are tables of words
        statements = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.stmt)]
        for number, line in enumerate(text.splitlines(), 1):
            if "# fmt: skip" in line:
                around = [node for node in statements if node.lineno <= number <= (node.end_lineno or 0)]
                statement = min(around, key=lambda node: (node.end_lineno or 0) - node.lineno)
                if not isinstance(statement, ast.TypeAlias) and widest(statement) < TABLE:
                    found.append(f"{path.relative_to(ROOT)}:{number}")
    assert found == []


def widest(statement: ast.stmt) -> int:
    """How many rows its longest literal has."""
    parts = ("elts", "keys", "names", "cases")
    return max(len(getattr(node, part, None) or ()) for node in ast.walk(statement) for part in parts)


def is_posted(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "POST"


def is_a_form(called: ast.expr) -> bool:
    """A class of forms, or what makes one of its own (`partial`)."""
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name in FORMS or name == "made"


BY_HAND = {  # templates that write a field themselves, and why no form draws it
    "console/_composer.html": "kept as it is written, by a script, and never swapped under the fingers",
    "console/_filter.html": "the board's filter is its address; names of views",
    "console/_need.html": "the ticks beside rows belong to one form at the foot of the board",
    "console/person_vouches.html": "a box and a button in the row of each vouch",
    "console/_strip.html": "the search that is on every page",
    "console/refused.html": "only gives back what was written",
}
DRAWN_BY_HAND = re.compile(r"<(?:input|select|textarea)\b(?![^>]*\btype=\"hidden\")")


def test_fields_are_drawn_by_their_forms():
    """With label, hint, and what is wrong beside them; `console/field.html` is the one template that does."""
    pages = {path: path.read_text() for path in (ROOT / "network").rglob("templates/**/*.html")}
    by_hand = {
        f"{path.parent.name}/{path.name}" for path, html in pages.items() if DRAWN_BY_HAND.search(html)
    }
    assert by_hand == BY_HAND.keys()


@pytest.mark.parametrize(
    ("html", "by_hand"),
    [
        ('<input name="q">', True),
        ('<input\n  type="checkbox"\n  name="sure">', True),
        ("<select>", True),
        ("<textarea readonly>", True),
        ('<input type="hidden" name="seen" value="1">', False),
        ('<input\n  name="seen"\n  type="hidden"\n>', False),
        ("{{ form.q.as_field_group }}", False),
    ],
)
def test_a_field_that_is_drawn_by_hand_is_known_by_its_tag(html, by_hand):
    assert bool(DRAWN_BY_HAND.search(html)) == by_hand


WITH_FORMS = (
    *(f"console.{room}.forms" for room in ("account", "board", "duty", "measures", "people", "requests", "trust")),
    "console.shell.forms", "console.shell.lookups", "console.shell.themes", "visits.forms",
)  # fmt: skip
FORMS = {
    value.__name__
    for module in WITH_FORMS
    for value in vars(import_module(f"network.{module}")).values()
    if isinstance(value, type) and issubclass(value, BaseForm)
}


def test_what_other_programs_import_of_the_policy_is_where_the_docs_say():
    text = (NETWORK.parent / "docs" / "dispatch.md").read_text()
    match = re.search(r"^from network\.dispatch\.rules import (.+)$", text, re.MULTILINE)
    assert match is not None
    assert set(match[1].split(", ")) <= set(rules.__all__)
    assert all(hasattr(rules, name) for name in rules.__all__)
