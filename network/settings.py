"""Django's settings. Everything that differs between two networks comes from configuration.py."""

import os
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.utils.csp import CSP

from network import configuration, embedded

BASE_DIR = Path(__file__).resolve().parent.parent
CONFIGURATION = configuration.read(
    os.environ,
    demo=os.environ.get("PORCHLIGHT_DEMO") == "1",
    port=int(os.environ["PORCHLIGHT_PORT"]) if os.environ.get("PORCHLIGHT_PORT") else None,
)

# The network
DEMO = CONFIGURATION.demo
PORT = CONFIGURATION.port
PUBLIC_URL = CONFIGURATION.public_url
DATA_DIR = CONFIGURATION.data_dir
FIELD_KEY = CONFIGURATION.field_key
TWILIO_ACCOUNT_SID = CONFIGURATION.account_sid
TWILIO_AUTH_TOKENS = CONFIGURATION.auth_tokens
TWILIO_API_KEY = CONFIGURATION.api_key
TWILIO_API_SECRET = CONFIGURATION.api_secret
TWILIO_NUMBER = CONFIGURATION.number
TWILIO_MESSAGING_SERVICE_SID = CONFIGURATION.service_sid
TWILIO_RATE = CONFIGURATION.rate
TWILIO_API_URL = CONFIGURATION.api_url
DAILY_TEXT_BUDGET = CONFIGURATION.daily_budget
OFFER_NIGHT = CONFIGURATION.offer_night
LOOKS_AN_HOUR = {
    "address": CONFIGURATION.addresses_an_hour,
    "person": CONFIGURATION.people_an_hour,
    "search": CONFIGURATION.searches_an_hour,
}
KEEP_WORDS_HOURS = CONFIGURATION.keep_words_hours
KEEP_CASES_DAYS = CONFIGURATION.keep_cases_days
KEEP_HISTORY_DAYS = CONFIGURATION.keep_history_days
KEEP_STRANGERS_HOURS = CONFIGURATION.keep_strangers_hours
METRICS_TOKEN = CONFIGURATION.metrics_token
CANARY_NUMBER = CONFIGURATION.canary_number
HEARTBEAT_URL = CONFIGURATION.heartbeat_url
AUDIT_HEAD_TO = CONFIGURATION.audit_head_to
BACKUP_TO = CONFIGURATION.backup_to
BACKUP_RECIPIENTS = CONFIGURATION.backup_recipients
BACKUP_KEEP_DAYS = CONFIGURATION.backup_keep_days
NETWORK_NAME = CONFIGURATION.name
NETWORK_PREFIX = CONFIGURATION.prefix
NETWORK_LANGUAGES = CONFIGURATION.languages

# Django
SECRET_KEY = CONFIGURATION.secret_key or "not-set"  # a start without it is refused
DEBUG = False
ALLOWED_HOSTS = [configuration.host(PUBLIC_URL), "localhost", "127.0.0.1", "[::1]"]
ROOT_URLCONF = "network.urls"
ASGI_APPLICATION = "network.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = False
# The door reads no more of a body than its route needs (door/limits.py), and nothing of it goes to disk.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

HOUSE = (
    "privacy", "audit", "desk", "messaging", "organizations", "staff", "people", "trust", "duty", "support",
    "dispatch", "visits", "enrollment", "reports", "conversations", "console",
)  # fmt: skip
INSTALLED_APPS = [
    *(f"network.{package}" for package in HOUSE),
    "network",  # its management commands
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",  # the sign-in library lists keys with it
    "django.contrib.staticfiles",
    "channels",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
MIDDLEWARE = [
    "network.console.shell.middleware.PublicScheme",
    "network.console.shell.middleware.Compressed",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "network.console.shell.middleware.PermissionsPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "network.console.shell.unreadable.RefuseUnreadable",
    "django.middleware.common.CommonMiddleware",
    "network.console.account.sign_in_limits.SignInLimits",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "network.console.shell.middleware.SecondFactorFirst",
    "network.console.shell.middleware.PageOfAPress",
    "network.console.shell.once.OncePerPress",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["network.console.templatetags.help"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "network.console.shell.themes.theme",
            ],
        },
    }
]
FORM_RENDERER = "network.console.shell.forms.Rendering"


# A server that was cut off says nothing: what asks it, or waits for its answer, ends by itself.
NOT_FOR_EVER = {
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "15000",
}


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "network.database",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            **NOT_FOR_EVER,
            **query,
            # For network.database.compiled: such statements are planned once for all values.
            "prepare_threshold": 2,
            "options": f"{query.get('options', '')} -c plan_cache_mode=force_generic_plan".strip(),
            "pool": {"min_size": 1, "max_size": 16, "timeout": 2, "reconnect_timeout": 2},
        },
    }


def _needs_no_database(arguments: list[str]) -> bool:
    if arguments[:1] == ["simulate"] and not configuration.shape_is_live(arguments):
        return True
    return (
        not arguments
        or arguments[0] in ("help", "compilemessages", "makemessages", "bench")
        or ("--help" in arguments or "-h" in arguments)
    )


if CONFIGURATION.database_url:
    DATABASE_URL = CONFIGURATION.database_url
elif _needs_no_database(sys.argv[1:]) and Path(sys.argv[0]).name == "manage.py":
    DATABASE_URL = "postgresql://porchlight@/porchlight"
else:
    DATABASE_URL = embedded.ensure(DATA_DIR, throwaway=os.environ.get("PORCHLIGHT_THROWAWAY") == "1").url
DATABASES = {"default": _database(DATABASE_URL)}
CACHES = {
    # Shared by all processes: the sign-in's rate limits and used codes live in it.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # By default a third goes beyond 300 rows: a flood of sign-ins would empty the limits and used codes.
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}

# Sign-in
AUTH_USER_MODEL = "staff.Staff"
AUTHENTICATION_BACKENDS = ["network.console.account.backends.ByEmail"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "network.console.account.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_EMAIL_NOTIFICATIONS = False
# By account alone. By address, and by the work at once: console/account/sign_in_limits.py.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "5/5m/key"}
MFA_RATE_LIMITS = {"webauthn_login": None}  # there is nothing to guess
MFA_ADAPTER = "network.console.account.adapters.MFAAdapter"
ACCOUNT_FORMS = {
    "login": "network.console.account.forms.SigningIn",
    "change_password": "network.console.account.forms.ChangingPassword",
}
MFA_FORMS = {"add_webauthn": "network.console.account.forms.AddKey"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 0
MFA_TOTP_ISSUER = NETWORK_NAME
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = PUBLIC_URL.startswith("http://localhost")

# Sessions and what browsers may do
HTTPS = PUBLIC_URL.startswith("https://")
SESSION_ENGINE = "network.staff.sessions"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SECURE_PROXY_SSL_HEADER = ("PORCHLIGHT_SCHEME", "https")  # no header: ours alone, see PublicScheme
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
# "no-referrer" makes browsers post our own forms with "Origin: null", which CSRF refuses.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],  # the sign-in's QR code is a data image
    "media-src": [CSP.SELF],  # voice notes
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF, PUBLIC_URL.replace("http", "ws", 1)],
    "manifest-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}

# Words and time
USE_TZ = True
TIME_ZONE = CONFIGURATION.time_zone
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "network" / "locale"]
CSRF_FAILURE_VIEW = "network.console.shell.refusals.not_trusted"
STATIC_URL = "/static/"
STATICFILES_DIRS = [("handbook", BASE_DIR / "docs" / "handbook" / "images")]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "network.logs.LineFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        # These log addresses and arguments at INFO.
        "twilio": {"level": "WARNING"},
        "urllib3": {"level": "ERROR"},
        "django.request": {"level": "ERROR"},
        "porchlight": {"level": "INFO"},
    },
}
