"""The environment, read once into values. Raises Misconfigured with a sentence that names the variable."""

import base64
import binascii
import re
import secrets
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from network.messaging.texts.languages import LANGUAGES

DEMO_ACCOUNT = "AC" + "d" * 32
DEMO_NUMBER = "+13125550100"
DEMO_KEYS = "demo-keys"  # a folder under DATA_DIR
SECRETS = (
    "SECRET_KEY", "FIELD_KEY", "METRICS_TOKEN", "TWILIO_AUTH_TOKEN", "TWILIO_AUTH_TOKEN_NEXT",
    "TWILIO_API_KEY", "TWILIO_API_SECRET", "HEARTBEAT_URL",
)  # fmt: skip


class Misconfigured(Exception):
    """A variable is missing or wrong; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Configuration:
    demo: bool
    port: int
    public_url: str
    data_dir: Path
    database_url: str | None
    secret_key: str
    field_key: bytes
    account_sid: str
    auth_tokens: tuple[str, ...]
    api_key: str | None
    api_secret: str | None
    number: str
    service_sid: str | None
    rate: float
    daily_budget: int
    offer_night: tuple[int, int]  # hours of the local clock, from and to
    addresses_an_hour: int  # that a shift needs of one account; beyond it others are told
    people_an_hour: int
    searches_an_hour: int
    keep_words_hours: int  # how long what is over is kept: docs/retention.md
    keep_cases_days: int
    keep_history_days: int
    keep_strangers_hours: int
    api_url: str | None
    name: str
    prefix: str
    time_zone: str
    languages: tuple[str, ...]
    metrics_token: str
    canary_number: str  # our second number, in E.164
    heartbeat_url: str
    audit_head_to: Path
    backup_to: Path | None
    backup_recipients: tuple[str, ...]  # age public keys; whether they are any is asked where they are used
    backup_keep_days: int
    open_key_files: tuple[str, ...]  # variables whose file others than its owner may read


def read(env: Mapping[str, str], *, demo: bool, port: int | None) -> Configuration:
    """All of it. A missing key is an empty one here; `refuse_incomplete` is the start's own check."""
    data_dir = Path(env.get("DATA_DIR") or "var").resolve()
    demo = demo or (not _value(env, "FIELD_KEY") and (data_dir / DEMO_KEYS).is_dir())
    port = port or _whole(env, "PORT", _last_port(data_dir))
    keys = _demo_keys(data_dir) if demo else {}
    found = {**env, **keys} if demo else env
    return Configuration(
        demo=demo,
        port=port,
        public_url=(env.get("PUBLIC_URL") or f"http://localhost:{port}").rstrip("/"),
        data_dir=data_dir,
        database_url=env.get("DATABASE_URL") or None,
        secret_key=_value(found, "SECRET_KEY"),
        field_key=_key_of_32(_value(found, "FIELD_KEY")),
        account_sid=_value(found, "TWILIO_ACCOUNT_SID"),
        auth_tokens=tuple(
            token
            for name in ("TWILIO_AUTH_TOKEN", "TWILIO_AUTH_TOKEN_NEXT")
            if (token := _value(found, name))
        ),
        api_key=None if demo else _value(found, "TWILIO_API_KEY") or None,
        api_secret=None if demo else _value(found, "TWILIO_API_SECRET") or None,
        number=_value(found, "TWILIO_NUMBER"),
        service_sid=None if demo else _value(found, "TWILIO_MESSAGING_SERVICE_SID") or None,
        rate=50.0 if demo else _rate(env),
        daily_budget=_whole(env, "DAILY_TEXT_BUDGET", 5000),
        offer_night=_night(env),
        addresses_an_hour=_whole(env, "ADDRESSES_AN_HOUR", 20),
        people_an_hour=_whole(env, "PEOPLE_AN_HOUR", 60),
        searches_an_hour=_whole(env, "SEARCHES_AN_HOUR", 60),
        keep_words_hours=_at_least(env, "KEEP_WORDS_HOURS", 72, least=24),
        keep_cases_days=_at_least(env, "KEEP_CASES_DAYS", 14, least=7),
        keep_history_days=_at_least(env, "KEEP_HISTORY_DAYS", 90, least=14),
        keep_strangers_hours=_at_least(env, "KEEP_STRANGERS_HOURS", 24, least=24),
        api_url=f"http://127.0.0.1:{port}/carrier" if demo else env.get("TWILIO_API_URL") or None,
        name=env.get("NETWORK_NAME") or "Casa network",
        prefix=env.get("NETWORK_PREFIX") or "Apoyo",
        time_zone=env.get("TIME_ZONE") or "America/Chicago",
        languages=_languages(env),
        metrics_token=_value(env, "METRICS_TOKEN"),
        canary_number=_canary(env),
        heartbeat_url=_address(env, "HEARTBEAT_URL"),
        audit_head_to=Path(env.get("AUDIT_HEAD_TO") or data_dir).resolve(),
        backup_to=Path(folder).resolve() if (folder := env.get("BACKUP_TO")) else None,
        backup_recipients=tuple(env.get("BACKUP_RECIPIENTS", "").replace(",", " ").split()),
        backup_keep_days=_whole(env, "BACKUP_KEEP_DAYS", 30),
        open_key_files=tuple(name for name in SECRETS if _is_open(env, name)),
    )


def refuse_incomplete(configuration: Configuration) -> None:
    """The variables without which the program doesn't start."""
    if not configuration.secret_key:
        raise Misconfigured("SECRET_KEY is not set: give it a long random text, then start again.")
    if not configuration.field_key:
        raise Misconfigured(
            "FIELD_KEY is not set: give it 32 random bytes in base64 "
            "(openssl rand -base64 32) and keep a copy apart, then start again."
        )
    if not configuration.number and not configuration.service_sid:
        raise Misconfigured(
            "TWILIO_NUMBER is not set: give it the number that texts come to, then start again."
        )


def of_command_line(arguments: Sequence[str]) -> dict[str, str]:
    """What `up` and `web` say of demo and port, as the variables that `read` is called with."""
    if not arguments or arguments[0] not in ("up", "web"):
        return {}
    found = {"PORCHLIGHT_PORT": "8000"} if arguments[0] == "up" else {}
    found |= {"PORCHLIGHT_DEMO": "1"} if "--demo" in arguments else {}
    for at, word in enumerate(arguments):
        value = word.partition("=")[2] if word.startswith("--port=") else ""
        if word == "--port" and at + 1 < len(arguments):
            value = arguments[at + 1]
        if value.isdecimal():
            found["PORCHLIGHT_PORT"] = value
    return found


def shape_is_live(arguments: Sequence[str]) -> bool:
    """Whether `simulate --network` names no file, and so reads our own database."""
    at = arguments.index("--network") if "--network" in arguments else -1
    return at >= 0 and (at + 1 == len(arguments) or arguments[at + 1].startswith("-"))


def host(public_url: str) -> str:
    return urlsplit(public_url).hostname or "localhost"


def _value(env: Mapping[str, str], name: str) -> str:
    """The variable, or what the file named by NAME_FILE holds."""
    if path := env.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError:
            raise Misconfigured(f"{name}_FILE names a file that can't be read.") from None
    return env.get(name, "").strip()


def _is_open(env: Mapping[str, str], name: str) -> bool:
    """Whether a secret lies in a file that its group or all the world may read, or write."""
    path = env.get(f"{name}_FILE")
    if not path:
        return False
    try:
        return bool(stat.S_IMODE(Path(path).stat().st_mode) & 0o077)
    except OSError:
        return False


def _key_of_32(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b"?"
    if key and len(key) != 32:
        raise Misconfigured("FIELD_KEY must be 32 bytes in base64 (openssl rand -base64 32).")
    return key


def _whole(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name) or str(default)
    if not text.isdecimal():
        raise Misconfigured(f"{name} must be a whole number.")
    return int(text)


def _at_least(env: Mapping[str, str], name: str, default: int, *, least: int) -> int:
    """A whole number; less than the program itself looks back is refused."""
    if (number := _whole(env, name, default)) < least:
        raise Misconfigured(f"{name} must be {least} or more.")
    return number


def _rate(env: Mapping[str, str]) -> float:
    try:
        rate = float(env.get("TWILIO_RATE") or 1)
    except ValueError:
        rate = 0.0
    if not 0 < rate < 100_000:
        raise Misconfigured("TWILIO_RATE must be segments a second, such as 1 or 100.")
    return rate


def _canary(env: Mapping[str, str]) -> str:
    """Our second number, or none. Raises Misconfigured for what isn't one."""
    number = _value(env, "CANARY_NUMBER")
    if number and not re.fullmatch(r"\+[1-9][0-9]{7,14}", number):
        raise Misconfigured("CANARY_NUMBER must be a number as the carrier writes it, such as +13125550199.")
    if number and number == _value(env, "TWILIO_NUMBER"):
        raise Misconfigured("CANARY_NUMBER must be a second number, not TWILIO_NUMBER.")
    return number


def _address(env: Mapping[str, str], name: str) -> str:
    """An http(s) address, or none. The value isn't repeated: such an address is often a secret."""
    address = _value(env, name)
    if address and not re.match(r"https?://[^/\s]+", address):
        raise Misconfigured(f"{name} must be an address that begins with https:// or http://.")
    return address


def _night(env: Mapping[str, str]) -> tuple[int, int]:
    first, dash, end = (env.get("OFFER_NIGHT") or "22-7").partition("-")
    if not (dash and first.isdecimal() and end.isdecimal() and int(first) < 24 and int(end) < 24):
        raise Misconfigured(
            "OFFER_NIGHT must be two hours of the local clock, such as 22-7; 0-0 is no night."
        )
    return int(first), int(end)


def _languages(env: Mapping[str, str]) -> tuple[str, ...]:
    """In the order that 0 leads through them; the first is for those whose own we don't write."""
    chosen = tuple(dict.fromkeys((env.get("LANGUAGES") or "en,es").lower().replace(" ", "").split(",")))
    if unknown := [code for code in chosen if code not in LANGUAGES]:
        raise Misconfigured(
            f"LANGUAGES names {', '.join(repr(code) for code in unknown)}, which has no texts: "
            f"choose among {', '.join(LANGUAGES)}."
        )
    return chosen


def _demo_keys(data_dir: Path) -> dict[str, str]:
    """The demo's own keys, made once under DATA_DIR, readable by their owner only."""
    folder = data_dir / DEMO_KEYS
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "FIELD_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
    }
    kept = {name: _kept(folder / name, value) for name, value in made.items()}
    return {**kept, "TWILIO_ACCOUNT_SID": DEMO_ACCOUNT, "TWILIO_NUMBER": DEMO_NUMBER,
            "TWILIO_AUTH_TOKEN_NEXT": ""}  # fmt: skip


def _kept(path: Path, fresh: str) -> str:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(fresh, encoding="utf-8")
    return path.read_text(encoding="utf-8")


def _last_port(data_dir: Path) -> int:
    """The port that `up` last took in this folder, for commands beside it."""
    try:
        return int((data_dir / "port").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return 8000
