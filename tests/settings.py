"""Owns what differs under test: a throw-away data folder, quick passwords, plain static files; no more."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

DATA = Path(tempfile.mkdtemp(prefix="tybed-tests-"))
atexit.register(shutil.rmtree, DATA, ignore_errors=True)

# Of the surroundings, the tests take DATABASE_URL and nothing else.
for name in ("DEBUG", "ALLOWED_HOSTS", "PUBLIC_URL", "EMAIL_URL", "EMAIL_FROM", "HTTPS", "TRUSTED_PROXY", "LOG_LEVEL"):
    os.environ.pop(name, None)
os.environ["DATA_DIR"] = str(DATA)
os.environ["SECRET_KEY"] = "for tests only, and never the key of any server anywhere"

from realist_eval.settings import *  # noqa: E402, F403
from realist_eval.settings import DATABASES, STORAGES  # noqa: E402

DATABASES["default"]["TEST"] = {"MIGRATE": False}  # see tests/migrating.py
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in real life: threads and the browser's server open connections of their own.
    DATABASES["default"]["TEST"]["NAME"] = str(DATA / "tests.sqlite3")
    # It does not have to outlast a power cut; bench/ measures with the durable setting.
    _options = DATABASES["default"]["OPTIONS"]
    _options["init_command"] = _options["init_command"].replace("synchronous=FULL", "synchronous=OFF")

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The server of browser tests cannot serve hashed names.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
