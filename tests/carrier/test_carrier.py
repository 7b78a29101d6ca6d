"""The simulated carrier, spoken to by Twilio's own library."""

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator

from tests.carrier.running import ACCOUNT, NUMBER, ROSA, TOKEN, Ours

KEYS = {
    "body", "num_segments", "direction", "from", "to", "date_updated", "price", "error_message", "uri",
    "account_sid", "num_media", "status", "messaging_service_sid", "sid", "date_sent", "date_created",
    "error_code", "price_unit", "api_version", "subresource_uris",
}  # fmt: skip


def test_a_message_is_made_shown_listed_redacted_and_deleted(carrier):
    made = carrier.client.messages.create(to=ROSA, from_=NUMBER, body="Hola á")
    carrier.status(made.sid, "delivered")
    assert (made.status, made.num_segments, made.direction) == ("queued", "1", "outbound-api")
    raw = requests.get(
        f"{carrier.base}/carrier/2010-04-01/Accounts/{ACCOUNT}/Messages/{made.sid}.json",
        auth=(ACCOUNT, TOKEN),
        timeout=5,
    ).json()
    assert raw.keys() == KEYS
    assert carrier.client.messages(made.sid).fetch().date_created is not None
    for n in range(5):
        carrier.client.messages.create(to=ROSA, from_=NUMBER, body=str(n))
    listed = carrier.client.messages.list(to=ROSA, page_size=2)
    assert [m.body for m in listed] == ["4", "3", "2", "1", "0", "Hola á"]
    assert carrier.client.messages(made.sid).update(body="").body == ""
    assert carrier.client.messages(made.sid).delete()
    with pytest.raises(TwilioRestException) as gone:
        carrier.client.messages(made.sid).fetch()
    assert gone.value.status == 404


def test_a_typed_text_arrives_signed_with_all_it_should_have(carrier):
    carrier.types("tocan la puerta á 😀")
    _, form, headers = carrier.waited("/twilio/sms", 1)[0]
    assert form["Body"] == "tocan la puerta á 😀"
    assert form["MessageSid"] == form["SmsSid"] == form["SmsMessageSid"]
    assert {
        "NumMedia",
        "NumSegments",
        "SmsStatus",
        "ApiVersion",
        "FromCity",
        "To",
        "AccountSid",
    } <= form.keys()
    assert headers["User-Agent"] == "TwilioProxy/1.1"
    url = f"{carrier.origin}/twilio/sms"
    assert RequestValidator(TOKEN).validate(url, form, headers["X-Twilio-Signature"])


def test_receipts_follow_in_order_with_our_own_query(carrier):
    carrier.client.messages.create(
        to=ROSA, from_=NUMBER, body="x", status_callback=f"{carrier.origin}/twilio/status?o=7"
    )
    posts = carrier.waited("/twilio/status?o=7", 2)
    assert [form["MessageStatus"] for _, form, _ in posts] == ["sent", "delivered"]


def test_stop_blocks_start_restores_and_both_are_forwarded(carrier):
    carrier.types(" stop ")
    with pytest.raises(TwilioRestException) as refused:
        carrier.client.messages.create(to=ROSA, from_=NUMBER, body="x")
    assert refused.value.code == 21610
    carrier.types("stop please")
    carrier.types("START")
    assert carrier.client.messages.create(to=ROSA, from_=NUMBER, body="x").sid
    assert [form["Body"] for _, form, _ in carrier.waited("/twilio/sms", 3)] == [
        " stop ",
        "stop please",
        "START",
    ]


def test_what_came_while_the_customer_was_down_stays_in_the_list(carrier):
    Ours.down = True
    for body in ("one", "two", "three"):
        carrier.types(body)
    carrier.waited("/twilio/sms", 3, tries=True)
    carrier.stop()
    Ours.down = False
    carrier.start()
    assert Ours.posts == []
    listed = carrier.client.messages.list(to=NUMBER)
    assert [(m.body, m.direction) for m in listed] == [(b, "inbound") for b in ("three", "two", "one")]


def test_a_call_is_put_through_and_spoken_on_the_handset(carrier):
    carrier.tells("call", phone=ROSA)
    carrier.hears("Hola")


def test_the_page_is_ours_alone(carrier):
    page = requests.get(f"{carrier.base}/phones/", timeout=5)
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"]
    assert requests.get(f"{carrier.base}/phones/static/phones.js", timeout=5).status_code == 200
    assert requests.get(f"{carrier.base}/phones/static/../app.py", timeout=5).status_code == 404
    forged = {"Origin": "https://evil.example"}
    url, said = f"{carrier.base}/phones/api/texts", {"phone": ROSA, "body": "x"}
    assert requests.post(url, json=said, headers=forged, timeout=5).status_code == 403
    assert requests.post(url, data=said, timeout=5).status_code == 403
    assert (
        requests.post(f"{carrier.base}/phones/api/phones", json={"phone": "x"}, timeout=5).status_code == 400
    )
    assert (
        requests.post(
            f"{carrier.base}/phones/api/phones", json={"phone": "+13125550199"}, timeout=5
        ).status_code
        == 200
    )
