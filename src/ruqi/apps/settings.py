"""Where the desk runs: read once from the environment, and the list of what it is made of.

DATABASE_URL names the database (libpq's words or a URL); DATABASE_OWNER_URL one that may change
tables. RUQI_SECRET_KEY signs sessions, RUQI_HOSTS lists further host names, RUQI_HTTPS=1 marks a
desk behind TLS; RUQI_BOOKS is the folder of uploads, RUQI_UPLOAD_MAX_MB
the most that one may hold. `ruqi serve` sets what is missing from its private database.
"""

import os
from pathlib import Path
from typing import Any

from django.core.management.utils import get_random_secret_key
from psycopg.conninfo import conninfo_to_dict

from ruqi.adapters import report
from ruqi.adapters.files import upload_folders
from ruqi.adapters.postgres import roles

HERE = Path(__file__).parent
ASSETS = Path(report.__file__).parent


def database(url: str) -> dict[str, Any]:
    """Django's words for a database from libpq's."""
    parts = conninfo_to_dict(url)
    named = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
    found = {ours: str(parts.pop(theirs, "") or "") for ours, theirs in named.items()}
    options = f"{parts.pop('options', '')} -c statement_timeout=30000".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": str(parts.pop("dbname", roles.DATABASE)),
        **found,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**parts, "options": options},
    }


_URL = os.environ.get("DATABASE_URL", f"dbname={roles.DATABASE}")
_OWNER = os.environ.get("DATABASE_OWNER_URL", _URL)
_HTTPS = os.environ.get("RUQI_HTTPS") == "1"

DATABASES = {
    "default": database(_URL),
    "owner": {
        **database(_OWNER),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {},
        "TEST": {"MIRROR": "default"},
    },
}
BOOKS = Path(os.environ.get("RUQI_BOOKS") or "ruqi-books").absolute()  # uploads and their runs
UPLOAD_MAX = int(float(os.environ.get("RUQI_UPLOAD_MAX_MB") or 2048) * 2**20)  # bytes of an upload
SECRET_KEY = os.environ.get("RUQI_SECRET_KEY") or get_random_secret_key()
ALLOWED_HOSTS = [
    *("localhost", "127.0.0.1", "[::1]"),
    *filter(None, os.environ.get("RUQI_HOSTS", "").split(",")),
]
DEBUG = False
INSTALLED_APPS = [
    "ruqi.adapters.postgres.apps.DeskConfig",
    "ruqi.apps.web.apps.WebConfig",
    "ruqi.apps.console.apps.ConsoleConfig",
    "ruqi.apps.borrower.apps.BorrowerConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "ruqi.apps.web.headers.Headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "ruqi.apps.web.methods.Methods",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "ruqi.apps.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ruqi.apps.web.frame.frame",
            ],
            "builtins": ["ruqi.apps.web.templatetags.words"],
        },
    }
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "ruqi.apps.web.sign_in.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Ruqi"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS = [("charts", ASSETS / "assets")]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_HTTPONLY = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"

FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_TEMP_DIR = BOOKS / upload_folders.HALF  # the disk of the uploads, so that they move
DATA_UPLOAD_MAX_NUMBER_FILES = 500
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a mapping of many columns is a large form

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"discreet": {"()": "ruqi.apps.discreet.Formatter"}},
    "handlers": {
        "talk": {"class": "logging.StreamHandler", "level": "ERROR", "formatter": "discreet"}
    },
    "root": {"handlers": ["talk"], "level": "ERROR"},
    # A stranger's host name is refused with a page; a line for each would let strangers fill disks.
    "loggers": {"django.security.DisallowedHost": {"level": "CRITICAL"}},
}
