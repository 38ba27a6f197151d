"""python -m benchmarks.heartbeat FILE: Peyk as `python -m bot run` runs it, with a pulse in its loop.

A task sleeps 5 ms again and again and writes to FILE how late it woke: for so long nothing else in the loop ran.
Where the environment names a file as PULSE_STACKS, each block over 50 ms leaves there what the loop was in. The
number of the loop's tasks is written each second to the file that it names as PULSE_TASKS.
"""

import asyncio
import math
import os
import struct
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import BinaryIO, NamedTuple, TextIO

from bot import logs
from bot.app import run
from bot.config import load_settings

_PULSE_SECONDS = 0.005
_WRITE_SECONDS = 1.0
_LONG_SECONDS = 0.05
_LOOK_SECONDS = 0.01
_BEAT = struct.Struct("<dff")


class Beat(NamedTuple):
    """A beat at `at` (seconds, monotonic) that came `late` seconds late, in which the loop's thread had `cpu`.

    Much less CPU than lateness: it waited for a core, for the interpreter's lock or for a disk.
    """

    at: float
    late: float
    cpu: float


def beats(file: Path, since: float, until: float) -> list[Beat]:
    """Return the beats of a moment, as Peyk has written them so far."""
    data = file.read_bytes()
    whole = data[: len(data) // _BEAT.size * _BEAT.size]
    return [beat for beat in map(Beat._make, _BEAT.iter_unpack(whole)) if since <= beat.at <= until]


class _Pulse:
    """Beats in the running loop; `stacks` takes what the loop's thread was in whenever a beat is long overdue.

    `tasks` takes the number of the loop's tasks.
    """

    def __init__(self, out: BinaryIO, tasks: TextIO, stacks: TextIO | None) -> None:
        self._out = out
        self._tasks = tasks
        self._stacks = stacks
        self._due_at = math.inf

    async def beat(self) -> None:
        """Beat until cancelled."""
        if self._stacks is not None:
            threading.Thread(target=self._watch, args=(self._stacks,), daemon=True).start()
        written_at = time.monotonic()
        while True:
            self._due_at, cpu = time.monotonic() + _PULSE_SECONDS, time.thread_time()
            await asyncio.sleep(_PULSE_SECONDS)
            now = time.monotonic()
            self._out.write(_BEAT.pack(now, now - self._due_at, time.thread_time() - cpu))
            if now - written_at >= _WRITE_SECONDS:
                self._out.flush()
                print(len(asyncio.all_tasks()), file=self._tasks, flush=True)
                written_at = now

    def _watch(self, stacks: TextIO) -> None:
        reported_due_at = math.inf
        loop = threading.main_thread().ident
        assert loop is not None, "it runs"
        while True:
            time.sleep(_LOOK_SECONDS)
            late = time.monotonic() - self._due_at
            if late > _LONG_SECONDS and reported_due_at != self._due_at:
                reported_due_at = self._due_at
                stacks.write(f"{time.monotonic():.3f}: {late * 1000:.0f} ms late\n")
                traceback.print_stack(sys._current_frames()[loop], file=stacks)
                stacks.flush()


async def _run(out: BinaryIO, tasks: TextIO, stacks: TextIO | None) -> None:
    settings = load_settings()
    logs.set_up(settings.log_level, settings.log_format)
    pulse = asyncio.create_task(_Pulse(out, tasks, stacks).beat())
    try:
        await run(settings)
    finally:
        pulse.cancel()


def main() -> None:
    """Run Peyk until it is told to stop."""
    stacks = os.environ.get("PULSE_STACKS")
    counted = os.environ.get("PULSE_TASKS", os.devnull)
    with (
        Path(sys.argv[1]).open("ab") as out,
        Path(counted).open("a") as tasks,
        Path(stacks or os.devnull).open("a") as stacks_file,
    ):
        asyncio.run(_run(out, tasks, stacks_file if stacks else None))


if __name__ == "__main__":
    main()
