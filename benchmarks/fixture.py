"""The processes of a measurement: a sandbox with its limits on, an app, a peer. Each is ended with its block."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import MappingProxyType

from benchmarks.peers.job import Job
from sandbox.client import Json, SandboxClient
from sandbox.server import DEFAULT_TOKEN

ROOT = Path(__file__).parents[1]
NO_LIMIT = 100_000.0
"""A rate that no machine reaches: what is measured then is the machine."""

HIGHEST_SETTING = 1000
"""The highest BULK_RATE."""
NO_SETTINGS: Mapping[str, str] = MappingProxyType({})

_START_SECONDS = 120.0
_STOP_SECONDS = 20.0
# An owner's preview stays while a headline passes; a reader's chat holds its question and the answer.
_MESSAGES_KEPT = 2


@dataclass(frozen=True, slots=True)
class LocalTelegram:
    """A sandbox and who lives there: the owner, and whoever is added."""

    url: str
    people: SandboxClient
    owner: int

    async def sent(self) -> int:
        """Return how many messages the bot has sent since the counts began."""
        return int((await self.people.counts())["sent"])

    async def until_asked(self, method: str) -> None:
        """Wait until the bot has called the method since the counts began. Raises TimeoutError."""
        async with asyncio.timeout(_START_SECONDS):
            while method not in (await self.people.counts())["by_method"]:
                await asyncio.sleep(0.05)


@dataclass(slots=True)
class PeykApp:
    """An app's folder and its process while that runs."""

    telegram: LocalTelegram
    folder: Path
    url: str
    process: subprocess.Popen[bytes] | None = None
    _preview: Json = field(default_factory=dict)

    async def draft(self, title: str) -> None:
        """Write an article as the owner, up to the button that publishes it."""
        words = f"/post general\n{title}\n\nLead of what is measured.\n\nThe body, which no headline shows."
        message_ids = await self.telegram.people.say(self.telegram.owner, words)
        self._preview = await self.telegram.people.wait_for(
            self.telegram.owner,
            lambda message: "انتشار" in str(message.get("reply_markup")),
            after=max(message_ids),
        )

    async def publish(self) -> None:
        """Press the button under what was drafted last."""
        await self.telegram.people.press(self.telegram.owner, self._preview, "انتشار")

    def resident_mb(self) -> float:
        """Return the resident size of the process now, in MB."""
        assert self.process is not None, "running"
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return round(int(status.split("VmRSS:")[1].split()[0]) / 1024, 1)


@asynccontextmanager
async def local_telegram(*, total: float) -> AsyncIterator[LocalTelegram]:
    """A sandbox in a process of its own that lets `total` messages a second through."""
    process = subprocess.Popen([sys.executable, "-m", "sandbox", "--port", "0"], stdout=subprocess.PIPE, cwd=ROOT)
    assert process.stdout is not None, "piped"
    try:
        url = (await asyncio.to_thread(process.stdout.readline)).decode().strip()
        async with SandboxClient(url) as people:
            await people.do("limits", total=int(total))
            await people.log_requests(on=False)
            await people.keep(_MESSAGES_KEPT)
            yield LocalTelegram(url, people, (await people.people_in_bulk(1))[0])
    finally:
        await end(process)


@asynccontextmanager
async def new_app(telegram: LocalTelegram) -> AsyncIterator[PeykApp]:
    """An app's empty folder and the address of its database; nothing runs yet."""
    with tempfile.TemporaryDirectory(prefix="peyk-bench-") as name:
        yield PeykApp(telegram, Path(name), f"sqlite:///{name}/peyk.db")


@asynccontextmanager
async def running(
    app: PeykApp,
    *,
    rate: float,
    settings: Mapping[str, str] = NO_SETTINGS,
    command: Sequence[str] = ("bot", "run"),
) -> AsyncIterator[None]:
    """Run Peyk as `python -m bot run`, or past what BULK_RATE allows by benchmarks.unlimited.

    `settings` are added to its environment; `command` is another module that runs an app, and its arguments.
    """
    await app.telegram.people.reset_counts()
    app.process = start(app, rate=rate, settings=settings, command=command)
    try:
        await app.telegram.until_asked("deleteWebhook")
        yield
    except TimeoutError:
        print((app.folder / "log").read_text()[-2000:], file=sys.stderr)
        raise
    finally:
        await end(app.process)
        app.process = None


def start(
    app: PeykApp, *, rate: float, settings: Mapping[str, str] = NO_SETTINGS, command: Sequence[str]
) -> "subprocess.Popen[bytes]":
    """Start a process of Peyk; the arguments of `bot run` hold past the highest BULK_RATE, too."""
    environment = {
        "PYTHONPATH": str(ROOT),
        "BOT_TOKEN": DEFAULT_TOKEN,
        "TELEGRAM_API_URL": app.telegram.url,
        "DATABASE_URL": app.url,
        "OWNER_IDS": str(app.telegram.owner),
        "BULK_RATE": str(min(rate, HIGHEST_SETTING)),
        **settings,
    }
    if rate > HIGHEST_SETTING:
        command = ("benchmarks.unlimited", str(rate), *command[2:])
    with (app.folder / "log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", *command], cwd=app.folder, env=os.environ | environment, stdout=log, stderr=log
        )


@dataclass(frozen=True, slots=True)
class Peer:
    """The program that a user would write instead: name, module in benchmarks.peers, interpreter that it needs."""

    name: str
    module: str
    python: str

    @asynccontextmanager
    async def ready(self, job: Job) -> AsyncIterator[subprocess.Popen[bytes]]:
        """Run it up to the moment before its first message; `let_begin` lets it begin."""
        command = [self.python, "-m", f"benchmarks.peers.{self.module}", json.dumps(asdict(job))]
        process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert process.stdout is not None, "piped"
        try:
            async with asyncio.timeout(_START_SECONDS):
                first_line = await asyncio.to_thread(process.stdout.readline)
            assert first_line.strip() == b"ready", f"{self.name} did not start"
            yield process
        finally:
            await end(process)


async def let_begin(process: "subprocess.Popen[bytes]") -> None:
    """Start the measured work of a peer."""
    assert process.stdin is not None, "piped"
    process.stdin.write(b"go\n")
    process.stdin.flush()


async def end(process: "subprocess.Popen[bytes]") -> None:
    """Stop a process, and wait until it has ended."""
    process.terminate()
    try:
        await asyncio.to_thread(process.wait, _STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
