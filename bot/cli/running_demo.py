"""The demo that runs in this folder: its settings, for commands that run beside it.

A demo keeps everything in a temporary folder. It leaves there a note of its settings and of the folder that it was
started in. The note counts for as long as the demo holds its lock, which the system releases however the demo ends.
"""

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PREFIX = "peyk-demo-"
"""The beginning of the name of a demo's folder."""

_NOTE = "demo.json"


@contextmanager
def announced(folder: Path, settings: Mapping[str, str]) -> Iterator[None]:
    """Leave the note of a demo that keeps everything in `folder`, for as long as it runs. Raises OSError."""
    note = {"started_in": str(Path.cwd()), "settings": dict(settings)}
    with (folder / _NOTE).open("w", encoding="utf-8") as file:
        # A command that looks whether the demo runs holds the lock for a moment.
        fcntl.flock(file, fcntl.LOCK_EX)
        json.dump(note, file)
        file.flush()
        yield


def settings_of_demo() -> dict[str, str] | None:
    """Return the settings of the demo that runs in the current folder, None where none does."""
    current = str(Path.cwd())
    for folder in sorted(Path(tempfile.gettempdir()).glob(f"{PREFIX}*")):
        note = _read_note(folder)
        if note is not None and note.get("started_in") == current and _is_running(folder):
            return {str(name): str(value) for name, value in note["settings"].items()}
    return None


def _read_note(folder: Path) -> dict[str, Any] | None:
    """Return the note in a folder of ours; what other people leave there is none."""
    try:
        if folder.lstat().st_uid != os.geteuid() or folder.is_symlink():
            return None
        note = json.loads((folder / _NOTE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return note if isinstance(note, dict) and isinstance(note.get("settings"), dict) else None


def _is_running(folder: Path) -> bool:
    try:
        with (folder / _NOTE).open("rb") as note:
            fcntl.flock(note, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
