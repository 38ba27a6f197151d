"""A machine's clock that is set while the app runs, or while it does not."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.news_site import NewsSite
from tests.peyk_app import PeykApp, Telegram
from tests.variations import first_and_long
from tests.wall_clock import VARIABLE, WallClock

JUMPS = [timedelta(minutes=-10), timedelta(days=-1), timedelta(days=1)]


@pytest.fixture
def clock(app: PeykApp) -> WallClock:
    """The app's wall clock."""
    clock = WallClock(app.folder / "clock")
    app.environment[VARIABLE] = str(clock.path)
    return clock


@pytest.mark.parametrize("restart", first_and_long([False, True]), ids=["running", "restarted"])
@pytest.mark.parametrize("jump", first_and_long(JUMPS), ids=str)
async def test_a_clock_that_is_set_stops_nothing(
    app: PeykApp,
    telegram: Telegram,
    site: NewsSite,
    clock: WallClock,
    until: Callable[..., Any],
    jump: timedelta,
    restart: bool,
) -> None:
    channel = await telegram.channel()
    site.add_item(501, "خبر پیش از آغاز", date="")
    await app.running(telegram)
    await app.cli("sources", "add", f"{site.url}/feed.xml", "--category", "عمومی")

    async def fetched() -> bool:
        return app.rows("SELECT 1 FROM source WHERE fetched_at IS NOT NULL") != []

    await until(fetched)
    await telegram.publish("خبر پیش از تغییر ساعت")
    await telegram.people.wait_for(channel, lambda message: "پیش از تغییر ساعت" in text_of(message))

    planned = (
        f"UPDATE article SET scheduled_at = {int((time.time() + 86_000) * 1000)}, state = 'scheduled' WHERE id = 2"
    )
    await telegram.ask(telegram.owner, "/post سیاسی\nخبر فردا\n\nلید.", button="انتشار")
    app.change(planned)
    if restart:
        await app.stop()
    clock.set(jump)
    if restart:
        await app.running(telegram)
    else:
        await until(lambda: _says(app, "clock_jumped"))
    if jump < timedelta() or not restart:
        assert "warning\tclock" in (await app.cli("doctor")).stdout
    await telegram.publish("خبر دستی")
    await telegram.people.wait_for(channel, lambda message: "خبر دستی" in text_of(message))
    site.add_item(502, "خبر تازهٔ بندر", date="")
    await telegram.people.wait_for(channel, lambda message: "خبر تازهٔ بندر" in text_of(message))
    posts = [text_of(message) for message in await telegram.people.messages(channel, by_bot=True)]
    assert len(posts) == len(set(posts)) == 3 + _is_due(jump, restart)


async def _says(app: PeykApp, event: str) -> bool:
    return event in app.log


def _is_due(jump: timedelta, restart: bool) -> bool:
    """Return whether the time of what is planned for tomorrow has come: by a clock that is a day ahead from the start."""
    return restart and jump > timedelta()
