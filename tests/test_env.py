"""Claims about the start: a safe local default, or a refusal that names the variable."""

import os
import runpy
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from realist_eval import env as module
from realist_eval.env import HERE, VARIABLES

REAL = {
    "DEBUG": "off",
    "SECRET_KEY": "k9-Vx2_qLw7Zr4TnB1yHs8Jd3Gf6Mc0Pa5Eu-Iovb_Xtz4Kq7RwNyL",
    "ALLOWED_HOSTS": "tybed.example.org",
    "DATABASE_URL": "postgres://tybed:secret@db/tybed",
    "EMAIL_URL": "smtp+tls://tybed:secret@mail:587",
}
REFUSED = {
    "no key": ({"SECRET_KEY": None}, "SECRET_KEY is missing"),
    "a short key": ({"SECRET_KEY": "short"}, "SECRET_KEY is too weak"),
    "a dull key": ({"SECRET_KEY": "ab" * 40}, "SECRET_KEY is too weak"),
    "Django's key": ({"SECRET_KEY": "django-insecure-" + REAL["SECRET_KEY"]}, "SECRET_KEY is too weak"),
    "no hosts": ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS is missing"),
    "all hosts": ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name each host in full"),
    "all subdomains": ({"ALLOWED_HOSTS": ".example.org"}, "ALLOWED_HOSTS must name each host in full"),
    "no database": ({"DATABASE_URL": None}, "DATABASE_URL is missing"),
    "another database": ({"DATABASE_URL": "mysql://u:p@h/n"}, "DATABASE_URL names another database"),
    "nonsense for a database": ({"DATABASE_URL": "nonsense"}, "DATABASE_URL cannot be read"),
    "a nameless database": ({"DATABASE_URL": "postgres://u:p@h/"}, "DATABASE_URL names no database"),
    "no mail": ({"EMAIL_URL": None}, "EMAIL_URL is missing"),
    "nonsense for mail": ({"EMAIL_URL": "nonsense://"}, "EMAIL_URL cannot be read"),
    "nonsense for its address": ({"PUBLIC_URL": "tybed"}, "PUBLIC_URL cannot be read"),
    "an address with a path": ({"PUBLIC_URL": "https://tybed.example.org/app"}, "PUBLIC_URL cannot be read"),
    "an address with a password": ({"PUBLIC_URL": "https://me:secret@tybed.example.org"}, "PUBLIC_URL cannot be read"),
    "an open address": ({"PUBLIC_URL": "http://tybed.example.org"}, "PUBLIC_URL begins with http: although HTTPS is"),
    "nonsense for a flag": ({"HTTPS": "perhaps"}, "HTTPS is 'perhaps'; write on or off"),
    "nonsense for DEBUG": ({"DEBUG": "perhaps"}, "DEBUG is 'perhaps'; write on or off"),
    "nonsense for the log": ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL is LOUD"),
    "debug pages for strangers": ({"DEBUG": "on"}, "ALLOWED_HOSTS names tybed.example.org"),
    "a first look for strangers": ({"DEBUG": None}, "ALLOWED_HOSTS names tybed.example.org"),
}


@pytest.fixture
def start(monkeypatch, tmp_path):
    """Read env.py anew in these surroundings and no others; the names it ends with."""

    def read(**surroundings):
        for name in VARIABLES:
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("DATA_DIR", str(tmp_path))
        for name, value in surroundings.items():
            if value is not None:
                monkeypatch.setenv(name, value)
        return runpy.run_path(module.__file__)

    return read


@pytest.mark.parametrize(("change", "said"), REFUSED.values(), ids=REFUSED)
def test_it_does_not_start_with(start, change, said):
    with pytest.raises(ImproperlyConfigured) as refusal:
        start(**{**REAL, **change})
    assert str(refusal.value).startswith(said)
    assert "secret" not in str(refusal.value)


def test_a_real_installation_starts_closed(start):
    found = start(**REAL)
    assert (found["DEBUG"], found["LOCAL"], found["HTTPS"]) == (False, False, True)
    assert found["DATABASE"]["ENGINE"] == "django.db.backends.postgresql"
    assert found["ALLOWED_HOSTS"] == ["tybed.example.org"]
    assert found["PUBLIC_URL"] == "https://tybed.example.org"


def test_the_address_in_mails_may_be_another_than_the_first_host(start):
    found = start(**REAL, PUBLIC_URL=" https://Theory.Example.org:8443/ ")
    assert found["PUBLIC_URL"] == "https://theory.example.org:8443"


def test_a_first_look_needs_nothing_and_answers_this_machine_alone(start, tmp_path):
    found = start()
    assert (found["DEBUG"], found["LOCAL"], found["HTTPS"]) == (False, True, False)
    assert found["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert found["PUBLIC_URL"] == ""
    assert found["DATABASE"]["NAME"] == str(tmp_path / "tybed.sqlite3")


def test_the_local_key_is_made_once_and_for_its_owner_alone(start, tmp_path):
    first, second = start(), start()
    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    assert len(first["SECRET_KEY"]) >= 50
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_every_variable_that_is_read_is_explained():
    text = (HERE / "realist_eval" / "env.py").read_text()
    read = {name for name in VARIABLES if f'"{name}"' in text.split("VARIABLES = {")[1].split("\n}\n", 1)[1]}
    assert read == set(VARIABLES)
    elsewhere = [
        str(path.relative_to(HERE))
        for app in ("realist_eval", "programmes", "cmo")
        for path in (HERE / app).rglob("*.py")
        if "os.environ" in path.read_text() and path.name not in {"env.py", "wsgi.py", "asgi.py"}
    ]
    assert elsewhere == []


def test_the_command_line_says_the_refusal_in_one_sentence(tmp_path):
    surroundings = {**os.environ, **REAL, "DATA_DIR": str(tmp_path), "ALLOWED_HOSTS": "*"}
    del surroundings["DJANGO_SETTINGS_MODULE"]
    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=HERE, env=surroundings, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "Tybed does not start: ALLOWED_HOSTS must name each host in full, without * or a leading dot.\n"
    )
