"""Owns where Chromium is: the path in CHROMIUM, or the one that the system brings. As a program it prints it."""

import os
import shutil
import sys

# The first is the same browser without a window to draw, and a third quicker.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = "Chromium is missing; install it (on Debian: apt-get install chromium), or name its path in CHROMIUM."


def find() -> str:
    """The path of the program. Raises FileNotFoundError with the sentence that says what to do."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        raise FileNotFoundError(MISSING)
    return found


if __name__ == "__main__":
    try:
        print(find())
    except FileNotFoundError as error:
        sys.exit(str(error))
