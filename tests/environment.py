"""The environment of the tests, set before Django's settings are read."""

import base64
import os
import tempfile

FOLDER = tempfile.TemporaryDirectory(prefix="porchlight-tests-", ignore_cleanup_errors=True)
os.environ.update(
    DATA_DIR=FOLDER.name,
    PORCHLIGHT_THROWAWAY="1",
    PORCHLIGHT_DEMO="",
    SECRET_KEY="of the tests",
    FIELD_KEY=base64.b64encode(b"f" * 32).decode(),
    PUBLIC_URL="https://red.example.org",
    TWILIO_ACCOUNT_SID="AC" + "0" * 32,
    TWILIO_AUTH_TOKEN="token-now",
    TWILIO_AUTH_TOKEN_NEXT="token-next",
    TWILIO_NUMBER="+13125550100",
    TWILIO_RATE="1000",
)
for name in ("TWILIO_API_URL", "TWILIO_API_KEY", "TWILIO_MESSAGING_SERVICE_SID", "PORCHLIGHT_PORT"):
    os.environ.pop(name, None)
