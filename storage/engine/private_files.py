"""Files that nobody else on the machine may read: the database, its copies, and what is exported.

Whoever starts the program sets the umask (`set_private_umask`); here is what a umask does not do.
"""

import contextlib
import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def set_private_umask() -> None:
    """Set a umask under which this process and its children create files and folders for their owner only."""
    os.umask(_OTHERS)


def make_folder(path: Path) -> None:
    """Make a folder, and those above it, where they are not there. Raises OSError."""
    path.mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)


def is_open_to_others(path: Path) -> bool:
    """Return whether a file is there and anybody but its owner may do anything with it."""
    try:
        return bool(path.stat().st_mode & _OTHERS)
    except OSError:
        return False


def tighten(path: Path) -> None:
    """Restrict the permissions of a file to its owner. A file of another owner stays as it is."""
    with contextlib.suppress(OSError):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & _OTHERS:
            path.chmod(mode & ~_OTHERS)


@contextmanager
def unnamed(path: Path) -> Iterator[Path]:
    """Yield an empty file beside `path` to write to; unless it is renamed, it is removed. Raises OSError."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    os.close(descriptor)
    part = Path(name)
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """Make a new file: what is written to the path that is yielded is at `path` in the end, whole or not at all.

    Raises FileExistsError where `path` is there by then, and OSError.
    """
    if path.exists():
        raise _is_there(path)
    with unnamed(path) as part:
        yield part
        sync(part)
        link(part, path)
    sync(path.parent)


@contextmanager
def replaced_file(path: Path) -> Iterator[Path]:
    """Make a file that takes the place of one that may be there: whole or not at all. Raises OSError."""
    with unnamed(path) as part:
        yield part
        sync(part)
        part.replace(path)
    sync(path.parent)


def link(file: Path, path: Path) -> None:
    """Rename a file, never to the name of another one. Raises FileExistsError, and OSError.

    Where the file system has no hard links, the old name is gone.
    """
    try:
        os.link(file, path)
    except FileExistsError:
        raise _is_there(path) from None
    except OSError:
        if path.exists():
            raise _is_there(path) from None
        file.rename(path)


def sync(path: Path) -> None:
    """Flush a file, or the names in a folder, to the disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_there(path: Path) -> FileExistsError:
    words = "is there already; choose another name or move it away"
    return FileExistsError(errno.EEXIST, words, str(path))
