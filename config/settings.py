"""One settings file for one office and for a province; values come from the environment.

`make run` needs none of them: SQLite and a broker made of files lie in `SOPAN_DATA`.
"""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import dj_database_url
import django_stubs_ext

from config import headers
from config.env import (
    env_bool,
    env_choice,
    env_email,
    env_https,
    env_int,
    env_kept,
    env_networks,
    env_secret,
    read_secret_files,
)

# Django's classes take their type arguments at run time too: `ModelForm[Device]`.
django_stubs_ext.monkeypatch()

read_secret_files()
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("SOPAN_DATA", BASE_DIR / "var")).resolve()
# What lies here is the office's own: nobody else on the machine may look.
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

DEBUG = env_bool("SOPAN_DEBUG", False)
SECRET_KEY = env_secret("SOPAN_SECRET_KEY", DATA_DIR / "secret-key")
# Comma separated, newest first: new values are encrypted with the first, all can be read.
FIELD_KEYS = env_secret("SOPAN_FIELD_KEYS", DATA_DIR / "field-keys").split(",")
ALLOWED_HOSTS = os.environ.get("SOPAN_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
# Where people reach this server; stands in QR codes on paper, so set it before the first document.
PUBLIC_URL = os.environ.get(
    "SOPAN_PUBLIC_URL", f"http://localhost:{os.environ.get('SOPAN_PORT', '8000')}"
).rstrip("/")
# LibreOffice, which makes PDFs; and whether it makes one of every document that is issued.
SOFFICE = os.environ.get("SOPAN_SOFFICE") or "soffice"
PDF_ALWAYS = os.environ.get("SOPAN_PDF", "") == "always"
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("SOPAN_ORIGINS", "").split(",") if o]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "viewflow",
    "foundation",
    "workflows",
    "organization",
    "processes",
    "devices",
    "documents",
    "attendance",
    "config",
    # An office's own rooms, and what tests bring along.
    *filter(None, os.environ.get("SOPAN_EXTRA_APPS", "").split(",")),
]
# Viewflow would otherwise append its middleware by itself; the order below is ours to decide.
VIEWFLOW = {"AUTOREGISTER": False}

MIDDLEWARE = [
    "foundation.middleware.TraceMiddleware",
    "config.health.answers.HealthMiddleware",
    "config.metrics.requests.MeasuringMiddleware",
    "config.middleware.ApiProblemMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "config.compression.CompressionMiddleware",
    "config.static_files.KeptFilesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "organization.middleware.IdleMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "organization.middleware.PasswordChangeMiddleware",
    "organization.middleware.SecondFactorMiddleware",
    "organization.middleware.ShowingMiddleware",
    "foundation.middleware.StorableTextMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "viewflow.middleware.SiteMiddleware",
    "config.middleware.LostPostMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "processes.context_processors.inbox_badge",
                "config.sandbox.sandbox",
            ],
        },
    },
]

# Forms render themselves with the templates of the house (templates/django/forms/).
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# IMMEDIATE: a transaction takes its write lock at BEGIN, so that a read is never upgraded and
# refused. FULL: an acknowledged row survives a power cut.
SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000;",
}
DATABASES: dict[str, Any] = {
    "default": dj_database_url.config(
        default=f"sqlite:///{DATA_DIR / 'sopan.sqlite3'}", conn_max_age=600
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
else:
    # Values travel beside the text, and PostgreSQL plans once what comes again and again.
    # No JIT: it compiles for a tenth of a second what runs for a thousandth.
    OPTIONS = DATABASES["default"].setdefault("OPTIONS", {})
    OPTIONS.update(server_side_binding=True, prepare_threshold=2)
    OPTIONS["options"] = f"{OPTIONS.get('options', '')} -c jit=off".strip()
    # A pool in between (pgbouncer in transaction mode) gives each transaction another connection:
    # nothing may be left on one, no plan, no cursor, no word of how to start it.
    if env_bool("SOPAN_DATABASE_POOLED", False):
        OPTIONS["prepare_threshold"] = None
        del OPTIONS["options"]
        DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "organization.User"
# The first refuses whom wrong passwords have locked, before a password is looked at.
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "config.signing_in.AccountBackend",
]
AXES_HANDLER = "config.locking.Handler"
AXES_CLIENT_IP_CALLABLE = "config.locking.address_of"
AXES_USERNAME_CALLABLE = "config.locking.name_of"
AXES_LOCKOUT_CALLABLE = "config.locking.refuse"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 1  # of locks: the limits are ours (organization/locked.py)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
# Wrong passwords for a name from one address, for a name from everywhere, from one address (of an
# office, for any name), and how long nobody is listened to after the last of them.
LOCK_AFTER = env_int("SOPAN_LOCK_AFTER", 5)
LOCK_NAME_AFTER = env_int("SOPAN_LOCK_NAME_AFTER", 50)
LOCK_ADDRESS_AFTER = env_int("SOPAN_LOCK_ADDRESS_AFTER", 100)
LOCK_MINUTES = env_int("SOPAN_LOCK_MINUTES", 15)
AXES_COOLOFF_TIME = timedelta(minutes=LOCK_MINUTES)
# Kadis, admin and BKD (`account.second_factor` in roles.toml) need a code of their telephone
# besides the password; whoever likes may have one anyway.
SECOND_FACTOR_REQUIRED = env_bool("SOPAN_TOTP_REQUIRED", False)
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_HASHERS = [
    "config.passwords.PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# An example beside an installation has cookies of its own: a host's go to all of its ports.
IS_SANDBOX = env_bool("SOPAN_IS_SANDBOX", False)
SANDBOX_URL = os.environ.get("SOPAN_SANDBOX_URL", "")
REAL_URL = os.environ.get("SOPAN_REAL_URL", "")
SESSION_COOKIE_NAME = "contoh_sessionid" if IS_SANDBOX else "sessionid"
CSRF_COOKIE_NAME = "contoh_csrftoken" if IS_SANDBOX else "csrftoken"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600  # from signing in on, whatever is done meanwhile
SESSION_IDLE_MINUTES = env_int("SOPAN_IDLE_MINUTES", 60)
X_FRAME_OPTIONS = "DENY"
# Behind TLS: secure cookies, HSTS, and who comes by plain HTTP is led to the other door.
globals().update(env_https("SOPAN_HTTPS"))
SECURE_CONTENT_TYPE_NOSNIFF = True
CONTENT_SECURITY_POLICY = headers.CONTENT_SECURITY_POLICY
PERMISSIONS_POLICY = headers.PERMISSIONS_POLICY

SILENCED_SYSTEM_CHECKS = [
    # Quiet hours have a fixed default; that is told as a mistake only when the clock is near it.
    "fields.W161",
    # Being listed in browsers is for the owner of the whole domain to decide.
    "security.W021",
]

LANGUAGE_CODE = "id"
# What viewflow says, which brings no Indonesian words; changed, it is compiled by msgfmt.
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
TIME_ZONE = os.environ.get("TIME_ZONE", "Asia/Makassar")
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
# A proxy that hands these out may not look into the data folder: then they lie elsewhere.
STATIC_ROOT = Path(os.environ.get("SOPAN_STATIC") or DATA_DIR / "static")
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files"},
    },
    "staticfiles": {
        "BACKEND": "config.static_files.VersionedStorage",
        # The proxy hands them out, under another user.
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 86_400  # seconds, of what is asked for without its version
# SOPs of the office's own, a folder each, beside those that came along. Whoever may write here says
# who does what: no place for others.
SOPS_FOLDER = Path(os.environ.get("SOPAN_SOPS") or DATA_DIR / "sops").resolve()
# Uploads are checked and kept outside the web root; a page hands them out after asking who may.
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
UPLOAD_MAX_BYTES = 20 * 1024 * 1024
# Django bounds the number of fields, not the size of a file: the second handler does.
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "foundation.uploads.CappedUploadHandler",
]

# Where the heads of the ledger are written every day: best a disk that the database's administrator
# cannot write; and who gets their digests by mail (comma separated).
ANCHOR_FOLDER = Path(os.environ.get("SOPAN_ANCHORS") or DATA_DIR / "anchors")
ANCHOR_MAIL = [to for to in os.environ.get("SOPAN_ANCHOR_MAIL", "").split(",") if to]
# Backups: where they lie (best another disk), from which hour on the day's is made, and how many
# are kept: of days, weeks and months.
BACKUP_FOLDER = Path(os.environ.get("SOPAN_BACKUPS") or DATA_DIR / "backups")
BACKUP_HOUR = env_int("SOPAN_BACKUP_HOUR", 1)
BACKUPS_KEPT = os.environ.get("SOPAN_BACKUPS_KEPT") or "7,4,12"
EMAIL_TIMEOUT = 20
globals().update(env_email("SOPAN_EMAIL_URL"))
# Without it nothing is sent to people; what they are told stands in SOPan.
MAIL_IS_SET_UP = bool(os.environ.get("SOPAN_EMAIL_URL"))

# The bot through which people are told by Telegram, and where Telegram is asked.
TELEGRAM_TOKEN = os.environ.get("SOPAN_TELEGRAM_TOKEN", "")
TELEGRAM_BOT = os.environ.get("SOPAN_TELEGRAM_BOT", "").removeprefix("@")
TELEGRAM_API = (os.environ.get("SOPAN_TELEGRAM_API") or "https://api.telegram.org").rstrip("/")
# By which push services of browsers know this server; `manage.py make_push_key` makes it.
PUSH_KEY_FILE = DATA_DIR / "push-key"
PUSH_KEY = env_kept("SOPAN_PUSH_KEY", PUSH_KEY_FILE)

# What may be forgotten: counters of the API. In memory each server process has its own.
CACHES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "sopan"}
}
if os.environ.get("CACHE_URL"):
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": os.environ["CACHE_URL"],
        "KEY_PREFIX": "sopan",
    }
# Requests per minute: of one token, and with a wrong token from one address.
API_REQUESTS_PER_MINUTE = env_int("SOPAN_API_REQUESTS", 600)
API_FAILURES_PER_MINUTE = env_int("SOPAN_API_FAILURES", 60)
# Networks inside, where webhooks may go; without any, only what the whole world can reach.
WEBHOOK_NETWORKS: list[str] = env_networks("SOPAN_WEBHOOK_NETWORKS")

BROKER_FOLDER = DATA_DIR / "broker"
CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL", "filesystem://localhost")
# A job whose worker died is offered again after this many seconds; a living worker renews.
OUTBOX_LEASE_SECONDS = env_int("SOPAN_LEASE_SECONDS", 30)
OUTBOX_SWEEP_SECONDS = env_int("SOPAN_SWEEP_SECONDS", 10)
# How often a machine that we call is fetched in office hours; hourly outside of them.
PULL_MINUTES = env_int("SOPAN_PULL_MINUTES", 15)

# Working minutes after which people are told that a task waits; a working day by default.
LONG_WAIT_MINUTES = env_int("SOPAN_LONG_WAIT_MINUTES", 450)

# How often machines that call us ask for work, and come again after a failure (spread by serial).
PUSH_DELAY_SECONDS = env_int("SOPAN_PUSH_DELAY_SECONDS", 20)
PUSH_ERROR_DELAY_SECONDS = 30
# What is kept for terminals that nobody approved: how many of them, and how much of each.
MOST_UNKNOWN_CALLERS = 500
MOST_WAITING_BYTES = 64 * 1024 * 1024

# Who is told of /healthz which part is down, and may read /metrics: this machine, these networks
# (comma separated), and whoever has the token.
HEALTH_TOKEN = os.environ.get("SOPAN_HEALTH_TOKEN", "")
HEALTH_ADDRESSES = env_networks("SOPAN_HEALTH_ADDRESSES")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "config.logs.PlainFormatter"},
        "json": {"()": "config.logs.JsonFormatter"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": env_choice("SOPAN_LOG_FORMAT", "plain", "json"),
        }
    },
    # A refused link is no fault of the server: the page has said why.
    # Who guessed at which name stands in no log: the ledger tells of locks.
    "loggers": {"django.request": {"level": "ERROR"}, "axes": {"level": "ERROR"}},
    "root": {"handlers": ["console"], "level": os.environ.get("SOPAN_LOG_LEVEL", "INFO")},
}
