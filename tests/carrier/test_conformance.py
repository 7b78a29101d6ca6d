"""Oracles from outside: the carrier's API document, its signature vectors, its magic numbers."""

import json
from pathlib import Path

import pytest
import requests
from openapi_core import OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse
from twilio.request_validator import RequestValidator

from network.carrier.rules import segments, signature, signed_url
from tests.carrier.running import ACCOUNT, NUMBER, ROSA, TOKEN

DOCUMENT = json.loads((Path(__file__).parent / "messages-openapi.json").read_text())
MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages"
NUMBERS = f"/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers"


def strict(document):
    """The document asks for no key at all; Twilio's own examples always have them all."""
    for schema in document["components"]["schemas"].values():
        if "properties" in schema:
            schema["required"] = sorted(schema["properties"])
            schema["additionalProperties"] = False
            for schema_ in schema["properties"].values():
                if schema_.get("format") == "uri":
                    del schema_["format"]  # its own examples are relative
    return document


@pytest.fixture
def checked(carrier):
    """A call that fails unless request and answer are what the document says."""
    rules = OpenAPI.from_dict(strict(json.loads(json.dumps(DOCUMENT))))
    session = requests.Session()
    session.auth = (ACCOUNT, TOKEN)

    def call(method, path, data=None, params=None):
        asked = requests.Request(
            method, f"https://api.twilio.com{path}", data=data, params=params, auth=session.auth
        )
        real = requests.Request(method, f"{carrier.base}/carrier{path}", data=data, params=params)
        answer = session.send(session.prepare_request(real), timeout=5)
        request = RequestsOpenAPIRequest(asked)
        rules.validate_request(request)
        if answer.content:
            rules.validate_response(request, RequestsOpenAPIResponse(answer))
        return answer

    return call


def test_every_call_and_answer_is_as_the_document_says(carrier, checked):
    text = {
        "To": ROSA,
        "From": NUMBER,
        "Body": "Hola",
        "StatusCallback": "https://x.example/s?o=1",
        "ValidityPeriod": 60,
    }
    made = checked("POST", f"{MESSAGES}.json", data=text)
    assert made.status_code == 201
    sid = made.json()["sid"]
    carrier.status(sid, "delivered")
    assert checked("GET", f"{MESSAGES}/{sid}.json").json()["date_sent"].endswith("+0000")
    page = checked("GET", f"{MESSAGES}.json", params={"To": ROSA, "PageSize": 1}).json()
    assert page["messages"][0]["sid"] == sid
    assert checked("POST", f"{MESSAGES}/{sid}.json", data={"Body": ""}).json()["body"] == ""
    assert checked("DELETE", f"{MESSAGES}/{sid}.json").status_code == 204


def test_media_and_numbers_are_as_the_document_says(carrier, checked):
    sid = carrier.types("", media="data:image/png;base64,aGk=")
    media = checked("GET", f"{MESSAGES}/{sid}/Media.json").json()["media_list"][0]
    assert media["content_type"] == "image/png"
    assert checked("GET", f"{MESSAGES}/{sid}/Media/{media['sid']}.json").json()["parent_sid"] == sid
    assert checked("DELETE", f"{MESSAGES}/{sid}/Media/{media['sid']}.json").status_code == 204
    number = checked("GET", f"{NUMBERS}.json", params={"PhoneNumber": NUMBER}).json()[
        "incoming_phone_numbers"
    ][0]
    changed = checked("POST", f"{NUMBERS}/{number['sid']}.json", data={"SmsUrl": "https://x.example/in#rc=2"})
    assert changed.json()["sms_url"] == "https://x.example/in#rc=2"


def test_a_body_that_is_no_form_is_refused_by_the_document(checked):
    with pytest.raises(Exception, match=r"(?i)media ?type|content type|not found"):
        checked("POST", f"{MESSAGES}.json", data=b"{}")


@pytest.mark.parametrize(
    ("url", "form", "expected"),
    [
        ("https://example.com/myapp.php?foo=1&bar=2",
         {"CallSid": "CA1234567890ABCDE", "Caller": "+14158675310", "Digits": "1234",
          "From": "+14158675310", "To": "+18005551212"}, "L/OH5YylLD5NRKLltdqwSvS0BnU="),
        ("https://api.example.com/x?o=1", {"Body": " á 😀 ", "To": ""}, None),
    ],
)  # fmt: skip
def test_signatures_are_as_published(url, form, expected):
    made = signature("12345", url, form)
    assert made == (expected or made)
    assert RequestValidator("12345").validate(url, form, made)


@pytest.mark.parametrize(
    ("url", "voice", "signed"),
    [
        ("https://x.example:8443/a?b=1", False, "https://x.example:8443/a?b=1"),
        ("https://x.example:8443/a?b=1", True, "https://x.example/a?b=1"),
        ("http://x.example:8000/a", True, "http://x.example:8000/a"),
        ("https://me:secret@x.example/a#rc=2", False, "https://x.example/a"),
    ],
)
def test_the_port_is_signed_for_texts_and_not_for_calls_over_https(url, voice, signed):
    assert signed_url(url, voice=voice) == signed


@pytest.mark.parametrize(
    ("text", "parts"),
    [("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("a" * 159 + "€", 2), ("á" + "a" * 69, 1),
     ("á" + "a" * 70, 2), ("😀" * 35, 1), ("😀" * 36, 2), ("a" * 66 + "😀" * 5 + "b" * 60, 3)],
)  # fmt: skip
def test_segments_are_as_published(text, parts):
    assert segments(text) == parts


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"From": NUMBER, "Body": "x"}, 21604), ({"To": ROSA, "Body": "x"}, 21603), ({"To": ROSA, "From": NUMBER}, 21602),
        ({"To": ROSA, "From": NUMBER, "Body": "x" * 1601}, 21617), ({"To": "banana", "From": NUMBER, "Body": "x"}, 21211),
        ({"To": ROSA, "From": "+13125559999", "Body": "x"}, 21606), ({"To": "+15005550001", "From": NUMBER, "Body": "x"}, 21211),
        ({"To": "+15005550002", "From": NUMBER, "Body": "x"}, 21612), ({"To": "+15005550003", "From": NUMBER, "Body": "x"}, 21408),
        ({"To": "+15005550004", "From": NUMBER, "Body": "x"}, 21610), ({"To": "+15005550009", "From": NUMBER, "Body": "x"}, 21614),
        ({"To": ROSA, "From": "+15005550001", "Body": "x"}, 21212), ({"To": ROSA, "From": "+15005550007", "Body": "x"}, 21606),
        ({"To": ROSA, "From": "+15005550008", "Body": "x"}, 21611),
        ({"To": ROSA, "From": NUMBER, "Body": "x", "StatusCallback": "nope"}, 21609),
    ],
)  # fmt: skip
def test_refusals_carry_the_carriers_codes(carrier, form, code):
    url = f"{carrier.base}/carrier/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    answer = requests.post(url, data=form, auth=(ACCOUNT, TOKEN), timeout=5)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert requests.post(url, data=form, auth=(ACCOUNT, "wrong"), timeout=5).json()["code"] == 20003


def test_calls_are_as_the_document_says(carrier, checked):
    calls = f"/2010-04-01/Accounts/{ACCOUNT}/Calls"
    ask = {"To": ROSA, "From": NUMBER, "Url": "https://x.example/v", "Timeout": 20}
    made = checked("POST", f"{calls}.json", data=ask)
    assert made.status_code == 201
    sid = made.json()["sid"]
    carrier.waits(ROSA, "answer")
    assert checked("GET", f"{calls}/{sid}.json").json()["status"] == "ringing"
    assert checked("POST", f"{calls}/{sid}.json", data={"Status": "completed"}).json()["end_time"]
    assert checked("GET", f"{calls}.json", params={"To": ROSA}).json()["calls"][0]["sid"] == sid
