"""The folder that the workers of one run of the tests share: files and programs that one of them makes.

They find each other in a folder that the run's own process makes and takes away.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

_VARIABLE = "PEYK_TEST_RUN"
_PATIENCE_SECONDS = 60
_OVER = "over"
_OWNER = "run"


def begin() -> None:
    """Make the folder; this process is the run."""
    folder = tempfile.mkdtemp(prefix="peyk-tests-")
    (Path(folder) / _OWNER).write_text(str(os.getpid()))
    os.environ[_VARIABLE] = folder


def end() -> None:
    """Have the programs of the run end, and take the folder away."""
    if _VARIABLE not in os.environ:
        return  # the run ended before it began
    folder = Path(os.environ.pop(_VARIABLE))
    (folder / _OVER).touch()
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while any(folder.glob("*.running")) and time.monotonic() < deadline:
        time.sleep(0.05)
    shutil.rmtree(folder)


def made(name: str, make: Callable[[Path], None]) -> Path:
    """Return the run's file `name`, which `make` writes at the path it is given where no worker has made it yet."""
    folder = _folder()
    with _alone(folder / f"{name}.lock"):
        if not (folder / name).exists():
            part = folder / f"{name}.part"
            make(part)
            part.rename(folder / name)
    return folder / name


def address_of(name: str, module: str, *arguments: str) -> str:
    """Return the address that the run's program `name` serves at; the first call of a run starts it.

    The program is `python -m MODULE FOLDER NAME ARGUMENTS`, and enters `serving`. Raises RuntimeError where it ends
    before it serves.
    """
    folder = _folder()
    served = folder / f"{name}.address"
    with _alone(folder / f"{name}.lock"):
        if not served.exists():
            _start(folder, name, served, [module, str(folder), name, *arguments])
    return served.read_text()


def _start(folder: Path, name: str, served: Path, command: Sequence[str]) -> None:
    """Start a program of the run and wait until it serves."""
    with (folder / f"{name}.log").open("wb") as log:
        program = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=Path(__file__).parents[1],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    while not served.exists():
        if program.poll() is not None:
            raise RuntimeError(f"{name} did not start:\n{(folder / f'{name}.log').read_text()}")
        time.sleep(0.02)


@contextmanager
def serving(folder: Path, name: str) -> Iterator[Callable[[str], None]]:
    """Note in the run's folder that a program of it runs, and yield what notes the address that it serves at."""
    (folder / f"{name}.running").touch()

    def tell(address: str) -> None:
        part = folder / f"{name}.part"
        part.write_text(address)
        part.rename(folder / f"{name}.address")

    try:
        yield tell
    finally:
        (folder / f"{name}.running").unlink(missing_ok=True)
        if not _is_alive(folder):
            shutil.rmtree(folder, ignore_errors=True)


def is_over(folder: Path) -> bool:
    """Return whether the run has ended, be it that its process was killed."""
    return not folder.exists() or (folder / _OVER).exists() or not _is_alive(folder)


@cache
def _folder() -> Path:
    # A process that was forked for a test has another environment, and the same run.
    return Path(os.environ[_VARIABLE])


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_alive(folder: Path) -> bool:
    try:
        os.kill(int((folder / _OWNER).read_text()), 0)
    except (ProcessLookupError, FileNotFoundError):
        return False
    return True
