"""The environment of the tests, set before Django's settings are read.

All runs share one server in `.tests`, beside the virtual environment, unless DATABASE_URL names another.
"""

import base64
import os
import shutil
import tempfile
from pathlib import Path

KEPT = Path(__file__).resolve().parent.parent / ".tests"

FOLDER = tempfile.TemporaryDirectory(prefix="porchlight-tests-", ignore_cleanup_errors=True)
os.environ.setdefault("PORCHLIGHT_RUN", FOLDER.name)  # of the first process: all workers share it
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


def server() -> str:
    """The address of the kept server. One that can't start, since a machine died under it, is made anew."""
    from network import embedded

    try:
        return embedded.ensure(KEPT, throwaway=True).url
    except embedded.Unavailable:
        shutil.rmtree(KEPT / "postgres", ignore_errors=True)
        return embedded.ensure(KEPT, throwaway=True).url


if not os.environ.get("DATABASE_URL"):
    os.environ["DATABASE_URL"] = server()
