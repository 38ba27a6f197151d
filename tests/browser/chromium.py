"""The browser that the page is tested in: the machine's own Chromium."""

import os
import shutil

_NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A name that somebody asks for in spite of all that is found nowhere.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


def executable() -> str | None:
    """Return the path of Chromium, of CHROMIUM where that is set; None where there is none."""
    if named := os.environ.get("CHROMIUM"):
        return named
    return next((path for name in _NAMES if (path := shutil.which(name))), None)
