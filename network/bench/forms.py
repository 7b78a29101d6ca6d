"""What the carrier posts for a text in."""

import secrets

ACCOUNT, NUMBER = "AC" + "b" * 32, "+13125550100"


def form(phone: str, body: str) -> dict[str, str]:
    sid = "SM" + secrets.token_hex(16)
    return {
        "SmsMessageSid": sid, "SmsSid": sid, "MessageSid": sid, "AccountSid": ACCOUNT, "From": phone,
        "To": NUMBER, "Body": body, "NumMedia": "0", "NumSegments": "1", "SmsStatus": "received",
        "ApiVersion": "2010-04-01", "FromCountry": "US", "FromState": "IL", "FromCity": "", "FromZip": "",
        "ToCountry": "US", "ToState": "", "ToCity": "", "ToZip": "",
    }  # fmt: skip
