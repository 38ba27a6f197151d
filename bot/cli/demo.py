"""peyk demo: a local Telegram, the desk, and a sample news site, to try everything without an account."""

import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from bot import logs
from bot.app import run as run_desk
from bot.cli.printing import print_line
from bot.cli.running_demo import PREFIX, announced
from bot.clock import now_ms
from bot.config import Settings, given_values, load_settings
from bot.errors import ConfigError
from sandbox import server
from sandbox.client import SandboxClient
from sandbox.site import server as site_server
from storage import categories, sources
from storage.engine.bootstrap import opened
from storage.records import SourceKind

PORT = 8420
"""The page's usual port; a free one is taken where it is in use."""

_FETCH_SECONDS = 10
_PEOPLE = (("سردبیر", "fa"), ("خواننده", "fa"), ("Reader", "en"))  # pattern: the people of the demo
_CHANNEL = "کانال پیک"  # pattern: the demo's channel


async def show(settings: Settings) -> None:
    """Run the demo until it is interrupted. It keeps nothing: each run begins afresh."""
    if "log_level" not in given_values():
        # The address must not drown in what goes as it should.
        logs.set_up("WARNING", settings.log_format, settings.secrets)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=PREFIX)))
        telegram = await _telegram()
        stack.push_async_callback(telegram.stop)
        site = await site_server.start(clock=now_ms)
        stack.push_async_callback(site.stop)
        async with SandboxClient(telegram.url) as people:
            ids = [
                await people.person(name, language_code=language, started=index == 0)
                for index, (name, language) in enumerate(_PEOPLE)
            ]
            channel = await people.chat("channel", _CHANNEL, ids[0])
            await people.add_bot(channel, ids[0])
        own = {
            "bot_token": telegram.token,
            "bot_token_file": "",
            "telegram_api_url": telegram.url,
            "telegram_proxy": "",
            "database_url": f"sqlite:///{folder / 'peyk.db'}",
            "owner_ids": str(ids[0]),
            "desk_chat": "",
            "allow_private_hosts": "127.0.0.1",
            "fetch_proxy": "",
            "fetch_interval": str(_FETCH_SECONDS),
            "webhook_url": "",
        }
        demo = load_settings(overrides=own)
        stack.enter_context(announced(folder, own))
        await _add_site(demo, site.feed_url)
        for line in (
            "",
            "Peyk's demo runs: a local Telegram with a newsroom and its readers. Open this in a browser:",
            "",
            f"    {telegram.url}/",
            "",
            f"The sample news site is {site.url}/ ; it publishes something new every so often.",
            "`peyk` in this folder works with this newsroom meanwhile.",
            "Nothing is kept. Ctrl-C ends it.",
            "",
        ):
            print_line(line)
        await run_desk(demo)


async def _telegram() -> server.Running:
    try:
        return await server.start(port=PORT)
    except OSError:
        return await server.start()


async def _add_site(settings: Settings, feed_url: str) -> None:
    async with opened(settings.database_url) as database, database.write() as tx:
        general = await categories.find(tx, "general")
        if general is None:
            raise ConfigError("the demo's database has no category")
        await sources.add(tx, feed_url, kind=SourceKind.FEED, category_id=general.id, review=False, now=now_ms())
