"""Resources as Twilio's REST shows them. Pure: rows in, JSON out."""

import sqlite3
from datetime import UTC, datetime
from email.utils import format_datetime

from network.carrier.line import NUMBER_SID, SimulatedNumber

VERSION = "2010-04-01"


def message(row: sqlite3.Row, *, account: str) -> dict[str, object]:
    """The twenty keys of a Message. A service has picked no sender before the text is queued."""
    sid = row["sid"]
    uri = f"/{VERSION}/Accounts/{account}/Messages/{sid}"
    picked = row["status"] not in ("accepted", "scheduled")
    return {
        "body": "" if row["erased"] else row["body"],
        "num_segments": str(row["segments"]) if picked else "0",
        "direction": row["direction"],
        "from": row["sender"] if picked else None,
        "to": row["receiver"],
        "date_updated": rfc(row["updated"]),
        "price": None,
        "error_message": None,
        "uri": f"{uri}.json",
        "account_sid": account,
        "num_media": "1" if sid.startswith("MM") else "0",
        "status": row["status"],
        "messaging_service_sid": row["service"] or None,
        "sid": sid,
        "date_sent": rfc(row["sent"]) if row["sent"] else None,
        "date_created": rfc(row["made"]),
        "error_code": row["error"],
        "price_unit": "USD",
        "api_version": VERSION,
        "subresource_uris": {"media": f"{uri}/Media.json", "feedback": f"{uri}/Feedback.json"},
    }


def media(row: sqlite3.Row, *, account: str, at: str) -> dict[str, object]:
    uri = f"/{VERSION}/Accounts/{account}/Messages/{row['message']}/Media/{row['sid']}.json"
    return {
        "sid": row["sid"], "account_sid": account, "parent_sid": row["message"], "content_type": row["kind"],
        "date_created": rfc(at), "date_updated": rfc(at), "uri": uri,
    }  # fmt: skip


def number(line: SimulatedNumber, *, account: str) -> dict[str, object]:
    """An IncomingPhoneNumber, with the options that we keep."""
    at = rfc(datetime(2026, 1, 1, tzinfo=UTC).isoformat())
    return {
        "sid": NUMBER_SID, "account_sid": account, "friendly_name": line.settings.number,
        "phone_number": line.settings.number, "api_version": VERSION, "beta": False, "origin": "twilio",
        "status": "in-use", "capabilities": {"voice": True, "sms": True, "mms": True, "fax": False},
        "date_created": at, "date_updated": at,
        "uri": f"/{VERSION}/Accounts/{account}/IncomingPhoneNumbers/{NUMBER_SID}.json",
        "sms_url": line.option("sms_url"), "sms_method": line.option("sms_method") or "POST",
        "sms_fallback_url": line.option("sms_fallback_url"),
        "sms_fallback_method": line.option("sms_fallback_method") or "POST", "sms_application_sid": None,
        "voice_url": line.option("voice_url"), "voice_method": line.option("voice_method") or "POST",
        "voice_fallback_url": line.option("voice_fallback_url"),
        "voice_fallback_method": line.option("voice_fallback_method") or "POST",
        "voice_application_sid": None, "voice_caller_id_lookup": False, "voice_receive_mode": "voice",
        "status_callback": line.option("status_callback"),
        "status_callback_method": line.option("status_callback_method") or "POST",
        "address_requirements": "none", "address_sid": None, "bundle_sid": None, "identity_sid": None,
        "trunk_sid": None, "emergency_status": "Inactive", "emergency_address_sid": None,
        "emergency_address_status": "unregistered", "type": "local",
    }  # fmt: skip


def service(line: SimulatedNumber, *, account: str) -> dict[str, object]:
    """A Messaging Service: its inbound URL may be null, which loses texts for good."""
    at = "2026-01-01T00:00:00Z"
    return {
        "sid": line.service_sid, "account_sid": account, "friendly_name": line.of_service("friendly_name"),
        "date_created": at, "date_updated": at,
        "inbound_request_url": line.of_service("inbound_request_url") or None,
        "inbound_method": line.of_service("inbound_method"),
        "fallback_url": line.of_service("fallback_url") or None,
        "fallback_method": line.of_service("fallback_method"),
        "status_callback": line.of_service("status_callback") or None,
        "use_inbound_webhook_on_number": line.of_service("use_inbound_webhook_on_number") == "true",
        "sticky_sender": True, "mms_converter": True, "smart_encoding": False,
        "validity_period": 36000, "url": "", "links": {},
    }  # fmt: skip


def call(row: sqlite3.Row, *, account: str) -> dict[str, object]:
    uri = f"/{VERSION}/Accounts/{account}/Calls/{row['sid']}"
    parts = ("events", "notifications", "payments", "recordings", "siprec", "streams", "transcriptions")
    own = ("user_defined_message_subscriptions", "user_defined_messages")
    names = {name: f"{uri}/{name.title().replace('_', '')}.json" for name in (*parts, *own)}
    return {
        "sid": row["sid"], "account_sid": account, "parent_call_sid": row["parent"] or None,
        "from": row["sender"], "from_formatted": row["sender"], "to": row["receiver"],
        "to_formatted": row["receiver"], "phone_number_sid": NUMBER_SID, "status": row["status"],
        "direction": row["direction"], "answered_by": row["answered_by"] or None, "api_version": VERSION,
        "caller_name": None, "forwarded_from": None, "group_sid": None,
        "queue_time": "0", "trunk_sid": None, "price": None, "price_unit": "USD",
        "date_created": rfc(row["made"]), "date_updated": rfc(row["updated"]),
        "start_time": rfc(row["started"]) if row["started"] else None,
        "end_time": rfc(row["ended"]) if row["ended"] else None,
        "duration": str(row["seconds"]) if row["ended"] else None,
        "uri": f"{uri}.json", "subresource_uris": names,
    }  # fmt: skip


def page(name: str, rows: list[dict[str, object]], uri: str) -> dict[str, object]:
    """A list that fits on one page."""
    return {
        name: rows, "page": 0, "page_size": 50, "start": 0, "end": max(len(rows) - 1, 0), "uri": uri,
        "first_page_uri": uri, "previous_page_uri": None, "next_page_uri": None,
    }  # fmt: skip


def rfc(iso: str) -> str:
    """RFC 2822 in UTC, to the second, as Twilio writes dates."""
    return format_datetime(datetime.fromisoformat(iso).astimezone(UTC))
