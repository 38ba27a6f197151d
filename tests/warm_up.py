"""Peyk imported, and run once from its start to its stop, by the import of this module.

The patterns that it compiles, the statements, the forms of its settings are there in whatever is forked then. Its
side processes are forked, too.
"""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Mapping
from typing import cast

from bot import app, cli
from bot.config import load_settings
from bot.logs.redaction import Redactor
from bot.subprocesses import client
from sandbox import server
from sandbox.client import SandboxClient
from tests.fork_server import fork
from tests.lazy_commands import lazy_commands
from tests.peyk_app import Telegram
from tests.ready_database import ready_database

__all__ = ["cli"]


async def _run(database: str) -> None:
    """Run Peyk until it has published an article and answered a reader."""
    running = await server.start()
    async with SandboxClient(running.url) as people:
        telegram = Telegram(running, people)
        telegram.owner = await people.person("سردبیر", started=True)
        environment = {
            "BOT_TOKEN": running.token,
            "TELEGRAM_API_URL": running.url,
            "OWNER_IDS": str(telegram.owner),
            "DATABASE_URL": f"sqlite:///{database}",
        }
        settings = load_settings(environment, env_file=None)
        Redactor(settings.secrets)
        running_app = asyncio.create_task(app.run(settings))
        await telegram.publish("تیتر خبر")
        await telegram.ask(telegram.owner, "/latest")
        os.kill(os.getpid(), signal.SIGTERM)
        await running_app
    await running.stop()


def _start_program(
    module: str, end: socket.socket, seconds: float, variables: Mapping[str, str]
) -> "subprocess.Popen[bytes]":
    """Do the same as bot.subprocesses.client.start_program, forked."""
    with open(os.devnull, "r+b") as nothing:
        descriptors = {0: nothing.fileno(), 1: nothing.fileno(), 2: 2, end.fileno(): end.fileno()}
        arguments = [str(end.fileno()), str(seconds)]
        forked = fork(module, arguments, folder="/", environment=variables, descriptors=descriptors)
    return cast("subprocess.Popen[bytes]", forked)


with tempfile.TemporaryDirectory() as _folder:
    asyncio.run(_run(shutil.copy(ready_database(), _folder)))
client.start_program = _start_program
for _command in lazy_commands():
    _command.imported()
