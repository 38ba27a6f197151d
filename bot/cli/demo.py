"""peyk demo: a local Telegram, Peyk, and sample news sites, to try everything without an account."""

import asyncio
import base64
import os
import secrets
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from bot import logs
from bot.app import run as run_app
from bot.cli.demo_inspector import DemoInspector, Json
from bot.cli.printing import print_line
from bot.cli.running_demo import PREFIX, announced
from bot.clock import now_ms
from bot.config import DEFAULTS, Settings, given_values, load_settings
from bot.errors import ConfigError
from sandbox import server
from sandbox.client import SandboxClient
from sandbox.site import server as site_server
from sandbox.site.picture import picture
from sandbox.site.stories import AGENCY, NEWSPAPER
from storage import categories, chats, sources
from storage.bootstrap import opened
from storage.engine.database import Database
from storage.post_style import Photo, PostStyle
from storage.records import SourceKind

PORT = 8420
"""The page's usual port; a free one is taken where it is in use."""

_FETCH_SECONDS = 5
_LOOK_SECONDS = 0.2
_EDITOR, _READER, _ENGLISH_READER = "سردبیر", "خواننده", "Reader"  # pattern: the people of the demo
_CHANNEL, _DESK_CHAT, _FRIENDS = "کانال پیک", "تحریریهٔ پیک", "گروه دوستان"  # pattern: the chats of the demo
_PHOTO = picture("pool", 7)
_HABITS = frozenset(
    {
        *("timezone", "default_language", "default_schedule", "broadcast_interval", "max_push_age", "page_rate"),
        *("same_story", "channel_approval", "review_required", "bulk_rate", "lease_seconds", "ledger_days"),
        *("log_level", "log_format"),
    }
)
"""The settings of this folder that the demo takes over: none is an address, a secret, a file or an account."""


@dataclass(frozen=True, slots=True)
class _Cast:
    """The people and chats of the demo by their ids."""

    editor: int
    reader: int
    english_reader: int
    channel: int
    desk_chat: int


async def run_demo(settings: Settings) -> None:
    """Run the demo until it is interrupted. It keeps nothing: each run begins afresh."""
    if "log_level" not in given_values():
        # The address must not drown in what goes as it should.
        logs.set_up("WARNING", settings.log_format, settings.secrets)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=PREFIX)))
        telegram = await _telegram()
        stack.push_async_callback(telegram.stop)
        sites: list[site_server.Site] = []
        for outlet in (AGENCY, NEWSPAPER):
            sites.append(await site_server.start(clock=now_ms, outlet=outlet))
            stack.push_async_callback(sites[-1].stop)
        async with SandboxClient(telegram.url) as people:
            cast = await _invite(people)
        own = _settings(telegram, folder, cast)
        demo = load_settings(overrides=own)
        stack.enter_context(announced(folder, own))
        database = await stack.enter_async_context(opened(demo.database_url, demo.zone))
        agency, newspaper = sites
        agency_id = await _add_source(database, agency.feed_url)
        telegram.state.inspector = DemoInspector(database, _places(cast))
        for line in (
            "",
            "Peyk's demo runs: a local Telegram with a newsroom and its readers. Open this in a browser:",
            "",
            f"    {telegram.url}/",
            "",
            f"The sample news sites are {agency.url}/ and {newspaper.url}/ ; they publish something now and then.",
            "`peyk` in this folder works with this newsroom meanwhile.",
            "Nothing is kept. Ctrl-C ends it.",
            "",
        ):
            print_line(line)
        for work in (
            _show_photos(database, cast.channel),
            _add_newspaper(database, newspaper.feed_url, after=agency_id),
        ):
            stack.callback(asyncio.create_task(work).cancel)
        await run_app(demo)


def _settings(telegram: server.RunningServer, folder: Path, cast: _Cast) -> dict[str, str]:
    """Return the settings of the demo's Peyk.

    Nobody meets the demo where a newsroom in earnest is at home: it has no clients, and listens nowhere but where
    whoever starts this process watches its health, as a container does.
    """
    return dict.fromkeys(DEFAULTS.keys() - _HABITS, "") | {
        "bot_token": telegram.token,
        "telegram_api_url": telegram.url,
        "database_url": f"sqlite:///{folder / 'peyk.db'}",
        "owner_ids": str(cast.editor),
        "desk_chat": str(cast.desk_chat),
        "allow_private_hosts": "127.0.0.1",
        "fetch_interval": str(_FETCH_SECONDS),
        "metrics_listen": os.environ.get("METRICS_LISTEN", ""),
    }


async def _telegram() -> server.RunningServer:
    token = f"424242:{secrets.token_urlsafe(24)}"
    try:
        return await server.start(port=PORT, token=token)
    except OSError:
        return await server.start(token=token)


async def _invite(people: SandboxClient) -> _Cast:
    """Create the people of the demo and their chats."""
    editor = await people.person(_EDITOR, started=True)
    reader = await people.person(_READER)
    english_reader = await people.person(_ENGLISH_READER, language_code="en")
    channel = await people.chat("channel", _CHANNEL, editor)
    desk_chat = await people.chat("supergroup", _DESK_CHAT, editor)
    for chat_id in (channel, desk_chat):
        await people.add_bot(chat_id, editor)
    # The bot is not in it: there its articles are found inline, and shared.
    friends = await people.chat("supergroup", _FRIENDS, reader)
    for chat_id, user_id in ((channel, reader), (channel, english_reader), (friends, english_reader)):
        await people.do("join", chat_id=chat_id, user_id=user_id)
    return _Cast(editor, reader, english_reader, channel, desk_chat)


def _places(cast: _Cast) -> Json:
    """Return what the tour's steps name with "@"."""
    photo = {"kind": "photo", "name": "swimmers.png", "base64": base64.b64encode(_PHOTO).decode()}
    return {
        "editor": cast.editor,
        "reader": cast.reader,
        "english_reader": cast.english_reader,
        "channel": cast.channel,
        "photo": photo,
    }


async def _add_source(database: Database, feed_url: str) -> int:
    async with database.write() as tx:
        general = await categories.find(tx, "general")
        if general is None:
            raise ConfigError("the demo's database has no category")
        added = await sources.add(
            tx, feed_url, kind=SourceKind.FEED, category_id=general.id, review=False, now=now_ms()
        )
    return added.id


async def _add_newspaper(database: Database, feed_url: str, *, after: int) -> None:
    """Add the source that tells stories again, once the source `after` has been read: that one tells them first."""
    while True:
        async with database.read() as connection:
            first = await sources.get(connection, after)
        if first is not None and first.fetched_at is not None:
            await _add_source(database, feed_url)
            return
        await asyncio.sleep(_LOOK_SECONDS)


async def _show_photos(database: Database, channel: int) -> None:
    """Set the channel's post style to one with photos of sources, once Peyk knows the channel."""
    while True:
        async with database.write() as tx:
            if await chats.change(tx, channel, post_style=PostStyle(photo=Photo.ANY)):
                return
        await asyncio.sleep(_LOOK_SECONDS)
