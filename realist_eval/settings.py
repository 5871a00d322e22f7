"""Owns how the parts are put together; what differs between places is read in env.py and nowhere else."""

import sqlite3
from typing import Any

from csp.constants import NONE, SELF

from realist_eval import env
from realist_eval.headers import static_headers

BASE_DIR = env.HERE
DEBUG = env.DEBUG
LOCAL = env.LOCAL
SECRET_KEY = env.SECRET_KEY
ALLOWED_HOSTS = env.ALLOWED_HOSTS
CSRF_TRUSTED_ORIGINS = env.TRUSTED_ORIGINS
PUBLIC_URL = env.PUBLIC_URL
DEMO_PASSWORD = env.DEMO_PASSWORD
DATA_DIR = env.DATA_DIR

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "django_htmx",
    "programmes",
    "cmo",
]

MIDDLEWARE = [
    "realist_eval.headers.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "realist_eval.headers.AnswerHeaders",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "programmes.views.signing.SignInFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "programmes.views.busy.BusyDatabase",
]

ROOT_URLCONF = "realist_eval.urls"
WSGI_APPLICATION = "realist_eval.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "programmes.views.frame.frame",
                "cmo.views.frame.frame",
            ],
        },
    }
]

# ---- databases: both engines get the settings that were measured, see docs/operators.md
WAL_IS_SAFE = sqlite3.sqlite_version_info >= (3, 51, 3)  # below it a checkpoint race can corrupt a WAL database
DATABASES: dict[str, dict[str, Any]] = {"default": dict(env.DATABASE)}
_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    _journal = "WAL" if WAL_IS_SAFE else "TRUNCATE"
    _database["CONN_MAX_AGE"] = None
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            f"PRAGMA journal_mode={_journal}; PRAGMA synchronous=FULL; PRAGMA cache_size=-4000;"
            "PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864;"
            # without it INSERT OR REPLACE would take a row of history away unseen by its guard
            "PRAGMA recursive_triggers=ON;"
        ),
    }
else:
    _database["ENGINE"] = "realist_eval.postgresql"
    _database.setdefault("CONN_MAX_AGE", 60)
    _database["CONN_HEALTH_CHECKS"] = bool(_database["CONN_MAX_AGE"])
    _database["OPTIONS"] = {
        "connect_timeout": 5,
        "application_name": "tybed",
        "options": "-c statement_timeout=30000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=60000",
        **_database.get("OPTIONS", {}),
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}  # nothing is kept

# ---- people and sign-in
AUTH_USER_MODEL = "programmes.Person"
AUTHENTICATION_BACKENDS = ["programmes.signing_in.NameOrEmail"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 2 * 60 * 60
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "programmes.views.signing.form_expired"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# ---- answers
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
if env.HTTPS:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
if env.TRUSTED_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024  # a pasted table of some thousand statements; larger comes as a file
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# ---- static files: hashed and compressed once collected; plain while somebody changes them
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.DATA_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_INDEX_FILE = False
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_ADD_HEADERS_FUNCTION = static_headers
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# ---- mail
for _name, _value in env.EMAIL.items():
    if _name.startswith("EMAIL_"):
        globals()[_name] = _value
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.EMAIL_FROM
EMAIL_TIMEOUT = 10

# ---- language and time
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
LOCALE_PATHS = [BASE_DIR / "realist_eval" / "locale"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# ---- API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "programmes.api.authentication.TokenAuthentication",
        "programmes.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["programmes.api.parsing.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "programmes.api.problems.answer_problem",
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Tybed API",
    "DESCRIPTION": "Read and write programme theories. Every rule, filter and permission is that of the pages.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "Became": "cmo.phase_words.Became",
        "PhaseVerdict": "cmo.phase_words.Verdict",
        "RivalVerdict": "cmo.vocabulary.RivalVerdict",
        "StatementState": "cmo.vocabulary.State",
        "PhaseState": "programmes.vocabulary.PhaseState",
        "PhaseKind": "programmes.vocabulary.PhaseKind",
        "StatementChange": "cmo.vocabulary.Change",
        "ThemeChange": "programmes.vocabulary.ThemeChange",
        "ElementKind": "cmo.vocabulary.Kind",
        "LinkKind": "cmo.vocabulary.LinkKind",
        "DescentKind": "cmo.team_words.DescentKind",
        "ProposalState": "cmo.team_words.ProposalState",
        "RoundKind": "cmo.team_words.RoundKind",
        "LinkState": "cmo.vocabulary.Kept",
        "SourceKind": "programmes.vocabulary.SourceKind",
        "EvidenceChange": "programmes.vocabulary.EvidenceChange",
        "Slot": "cmo.vocabulary.Slot",
        "Role": "programmes.vocabulary.Role",
    },
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "SORT_OPERATIONS": False,
}

# ---- logs: who asked for what and when, never what was written
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "realist_eval.headers.LineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.LOG_LEVEL},
    "loggers": {
        "django": {"level": env.LOG_LEVEL},  # Django gives it a level of its own, which would win
        "django.server": {"handlers": ["console"], "level": "CRITICAL", "propagate": False},
    },
}
