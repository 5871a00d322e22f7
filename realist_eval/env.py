"""Owns what the surroundings may say: every environment variable, its safe local default, or a refusal to start.

Three ways to run, told apart by DEBUG alone:

- unset: the *local* first look. Only loopback hosts, a secret key made once and kept beside the database.
- on:    local too, with Django's debug pages, for people who change the code.
- off:   a real installation. SECRET_KEY, ALLOWED_HOSTS and DATABASE_URL must be given, and be safe.
"""

import os
import re
import secrets
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

HERE = Path(__file__).resolve().parent.parent
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_env = environ.Env()

VARIABLES = {
    "DEBUG": "unset: a local first look; on: local with debug pages; off: a real installation",
    "SECRET_KEY": "at least 50 characters; made and kept in the data folder when local",
    "ALLOWED_HOSTS": "host names with commas; localhost, 127.0.0.1 and [::1] when local",
    "DATABASE_URL": "sqlite:///path or postgres://user:password@host/name; a file in the data folder when local",
    "DATA_DIR": "folder for the SQLite file, collected static files and the local key; .data beside manage.py",
    "EMAIL_URL": "smtp+tls://user:password@host:587, or consolemail:// (local default: mails are printed)",
    "EMAIL_FROM": "sender of the app's mails; tybed@localhost when local",
    "PUBLIC_URL": "https://host, as people reach the server; for links in mails; else the first of ALLOWED_HOSTS",
    "HTTPS": "on (default when DEBUG is off): secure cookies, HSTS and redirect to https; off only behind a test proxy",
    "TRUSTED_PROXY": "on: believe X-Forwarded-Proto of the proxy in front; off by default",
    "TRUSTED_ORIGINS": "https://host with commas, when the proxy changes the host name; empty by default",
    "DEMO_PASSWORD": "password of the demo sign-ins; made anew when unset; refused when DEBUG is off",
    "LOG_LEVEL": "INFO by default",
}


def _flag(name: str, default: bool) -> bool:
    raw = os.environ.get(name, "").strip().lower()
    if raw in {"1", "on", "true", "yes"}:
        return True
    if raw in {"0", "off", "false", "no"}:
        return False
    if raw == "":
        return default
    raise ImproperlyConfigured(f"{name} is {raw!r}; write on or off.")


_debug = os.environ.get("DEBUG", "").strip()
LOCAL = _debug == "" or _flag("DEBUG", False)
DEBUG = _debug != "" and LOCAL
DATA_DIR = Path(os.environ.get("DATA_DIR") or HERE / ".data").resolve()


def _secret_key() -> str:
    given = os.environ.get("SECRET_KEY", "")
    if given:
        if not LOCAL and (len(given) < 50 or len(set(given)) < 5 or given.startswith("django-insecure-")):
            raise ImproperlyConfigured("SECRET_KEY is too weak; give at least 50 random characters.")
        return given
    if not LOCAL:
        raise ImproperlyConfigured("SECRET_KEY is missing; give at least 50 random characters.")
    kept = DATA_DIR / "secret_key"
    try:
        return kept.read_text()
    except FileNotFoundError:
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        try:
            with kept.open("x") as new:  # "x": of two processes that start at once, one makes it and both read it
                new.write(secrets.token_urlsafe(60))
            kept.chmod(0o600)
        except FileExistsError:
            pass
        return kept.read_text()


def _allowed_hosts() -> list[str]:
    hosts = [host.strip() for host in os.environ.get("ALLOWED_HOSTS", "").split(",") if host.strip()]
    if LOCAL:
        strangers = [host for host in hosts if host not in LOOPBACK]
        if strangers:
            raise ImproperlyConfigured(
                f"ALLOWED_HOSTS names {strangers[0]}, so others can reach this server; set DEBUG=off first."
            )
        return hosts or list(LOOPBACK)
    if not hosts:
        raise ImproperlyConfigured("ALLOWED_HOSTS is missing; name the hosts that this server answers for.")
    if any(host.startswith(("*", ".")) for host in hosts):
        raise ImproperlyConfigured("ALLOWED_HOSTS must name each host in full, without * or a leading dot.")
    return hosts


def _database() -> dict[str, Any]:
    if not os.environ.get("DATABASE_URL"):
        if not LOCAL:
            raise ImproperlyConfigured("DATABASE_URL is missing; write postgres://user:password@host/name.")
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(DATA_DIR / "tybed.sqlite3")}
    try:
        found: dict[str, Any] = dict(_env.db("DATABASE_URL"))
    except Exception as error:
        raise ImproperlyConfigured("DATABASE_URL cannot be read; write postgres://user:password@host/name.") from error
    if found.get("ENGINE") not in {"django.db.backends.sqlite3", "django.db.backends.postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL names another database; only SQLite and PostgreSQL are supported.")
    if not found.get("NAME"):
        raise ImproperlyConfigured("DATABASE_URL names no database; write postgres://user:password@host/name.")
    return found


def _email() -> dict[str, Any]:
    url = os.environ.get("EMAIL_URL") or ("consolemail://" if LOCAL else "")
    if not url:
        raise ImproperlyConfigured("EMAIL_URL is missing; write smtp+tls://user:password@host:587 or consolemail://.")
    try:
        return dict(_env.email_url_config(url))
    except Exception as error:
        raise ImproperlyConfigured("EMAIL_URL cannot be read; write smtp+tls://user:password@host:587.") from error


def _public_url() -> str:
    """Where people find the server. What a request calls it is no answer: whoever sends it writes that as they like.

    Empty in a local first look that says none: there the address that it listens at will do.
    """
    given = os.environ.get("PUBLIC_URL", "").strip().lower().removesuffix("/")
    if not given:
        return "" if LOCAL else f"{'https' if HTTPS else 'http'}://{ALLOWED_HOSTS[0]}"
    if not re.fullmatch(r"https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?", given):
        raise ImproperlyConfigured("PUBLIC_URL cannot be read; write https://host or https://host:port, and no more.")
    if HTTPS and given.startswith("http:"):
        raise ImproperlyConfigured("PUBLIC_URL begins with http: although HTTPS is on; write https://host.")
    return given


def _log_level() -> str:
    level = (os.environ.get("LOG_LEVEL") or "INFO").upper()
    if level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ImproperlyConfigured(f"LOG_LEVEL is {level}; write DEBUG, INFO, WARNING or ERROR.")
    return level


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = _allowed_hosts()
DATABASE = _database()
EMAIL = _email()
EMAIL_FROM = os.environ.get("EMAIL_FROM") or "tybed@localhost"
HTTPS = _flag("HTTPS", not LOCAL)
PUBLIC_URL = _public_url()
TRUSTED_PROXY = _flag("TRUSTED_PROXY", False)
TRUSTED_ORIGINS = [part.strip() for part in os.environ.get("TRUSTED_ORIGINS", "").split(",") if part.strip()]
DEMO_PASSWORD = os.environ.get("DEMO_PASSWORD", "")
LOG_LEVEL = _log_level()
