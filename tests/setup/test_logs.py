"""Log lines: fields, kinds and places; never what somebody said, whoever writes them."""

import logging
import re

import psycopg
import pytest
from django.http import Http404
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from network import logs
from network.console.shell import refusals

SECRET = "Rosa at 4120 West 26th Street"


def line(name, level, message, *args, error=None, **extra):
    record = logging.LogRecord(
        name, level, "x.py", 1, message, args, (type(error), error, error.__traceback__) if error else None
    )
    for key, value in extra.items():
        setattr(record, key, value)
    return logs.LineFormatter().format(record)


def thrown(error):
    try:
        try:
            raise ValueError(SECRET)
        except ValueError as first:
            local = SECRET
            raise error from first
    except type(error) as caught:
        assert local
        return caught


def test_a_line_of_ours_is_fields_in_order():
    said = line("porchlight", logging.ERROR, "step %s failed: %s", "page", "KeyError at desk/rules.py:3")
    assert re.fullmatch(
        r'at=\d{4}-\d\d-\d\dT[\d:.]+Z level=error logger=porchlight event="step page failed: KeyError at desk/rules.py:3"',
        said,
    )


@pytest.mark.parametrize(
    "error", [KeyError(SECRET), psycopg.errors.UniqueViolation(f"Key (phone)=({SECRET})"), OSError(2, SECRET)]
)
@pytest.mark.parametrize("name", ["porchlight", "django.request", "asyncio", "uvicorn.error", "psycopg.pool"])
def test_of_an_error_its_kind_and_its_places_are_written_and_none_of_its_words(name, error):
    said = line(name, logging.ERROR, "it failed", error=thrown(error))
    assert SECRET not in said
    assert "Rosa" not in said
    assert f"error={type(error).__name__} cause=ValueError" in said
    assert re.search(r'places="?setup/test_logs.py:\d+', said)
    assert "\n" not in said


@pytest.mark.parametrize(
    ("name", "message", "args", "said"),
    [
        (
            "asyncio",
            f"Task exception was never retrieved\nfuture: <Task exception=ValueError('{SECRET}')>",
            (),
            "Task exception was never retrieved",
        ),
        ("twilio.http_client", "Request body: %s", (SECRET,), "Request body: %s"),
        ("django.security.SuspiciousOperation", "bad %s", (SECRET,), "bad %s"),
        (
            "psycopg.pool",
            "error connecting in %r: %s",
            ("pool-1", "refused"),
            "error connecting in 'pool-1': refused",
        ),
    ],
)
def test_of_a_librarys_sentence_only_what_stands_in_its_code_is_written(name, message, args, said):
    whole = line(name, logging.WARNING, message, *args)
    assert said in whole
    assert SECRET not in whole


def fails(request, words):
    raise RuntimeError(words)


def missing(request, words):
    raise Http404(words)


urlpatterns = [path("fails/<str:words>", fails, name="fails"), path("missing/<str:words>", missing)]
handler500 = refusals.broken


@pytest.fixture
def lines():
    """What the process would write, as it would."""
    told = []

    class Kept(logging.Handler):
        def emit(self, record):
            told.append(self.format(record))

    handler = Kept()
    handler.setFormatter(logs.LineFormatter())
    logging.getLogger("django.request").addHandler(handler)
    yield told
    logging.getLogger("django.request").removeHandler(handler)


@override_settings(ROOT_URLCONF=__name__)
def test_the_number_on_the_page_of_a_fault_finds_its_line_which_says_no_more(lines, db):
    from tests.one_chain import CHAIN

    CHAIN.forget_tries()
    client = Client(raise_request_exception=False)
    answer = client.get("/fails/Rosa", {"q": SECRET}, secure=True)
    assert answer.status_code == 500
    number = re.search(r"Its number is (\w{6})", answer.content.decode())[1]
    (said,) = lines
    assert f"fault={number} status=500 method=GET route=fails/<str:words> error=RuntimeError" in said
    assert "Rosa" not in said


def test_each_fault_has_a_number_of_its_own():
    numbers = set()
    for _ in range(50):
        request = RequestFactory().get("/")
        refusals.broken(request)
        numbers.add(request.fault)
    assert len(numbers) == 50
    assert all(re.fullmatch(r"[2-9CFGHJMPQRVWX]{6}", number) for number in numbers)


def test_all_that_is_logged_is_written_in_this_form(settings):
    assert settings.LOGGING["formatters"] == {"line": {"()": "network.logs.LineFormatter"}}
    assert set(settings.LOGGING["handlers"]) == {"stderr"}
    assert settings.LOGGING["root"]["handlers"] == ["stderr"]
