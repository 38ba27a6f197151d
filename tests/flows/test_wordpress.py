"""Posts of a real WordPress reach Telegram: published, corrected and retracted, once, also after an outage."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox.client import text_of
from tests.flows.conftest import PeykApp, Telegram
from tests.flows.wordpress import WordPress, running
from tests.unit.web.conftest import free_port

_SECRET = "w" * 32

pytestmark = [pytest.mark.long, pytest.mark.timeout(240)]


@pytest.fixture
def address() -> str:
    """The address of Peyk's API."""
    return f"127.0.0.1:{free_port()}"


@pytest.fixture
async def wordpress(tmp_path: Path, address: str) -> AsyncIterator[WordPress]:
    async with running(tmp_path, peyk=f"http://{address}", secret=_SECRET) as site:
        yield site


async def test_a_post_is_published_corrected_and_retracted_as_in_wordpress(
    app: PeykApp, telegram: Telegram, wordpress: WordPress, address: str, until: Callable[..., Awaitable[Any]]
) -> None:
    channel = await telegram.channel("کانال")
    settings = {"LISTEN": address, "API_TOKENS": f"wordpress:editor:{_SECRET}"}
    await app.running(telegram, **settings)
    politics, oil = await wordpress.term("categories", "سیاسی"), await wordpress.term("tags", "نفت خام")

    async def posts(*words: str) -> list[str]:
        texts = [text_of(message) for message in await telegram.people.messages(channel, by_bot=True)]
        return [text for text in texts if all(word in text for word in words)]

    async def come(*words: str) -> None:
        async def there() -> bool:
            return len(await posts(*words)) == 1

        await until(there)

    async def gone(*words: str) -> None:
        async def none() -> bool:
            return not await posts(*words)

        await until(none)

    post = await wordpress.post(
        "تیتر «یک» &amp; دو",
        content="<!-- wp:paragraph --><p>متن <strong>خبر</strong>.</p><!-- /wp:paragraph -->",
        excerpt="لید خبر.",
        categories=[politics],
        tags=[oil],
    )
    await come("تیتر «یک» & دو", "لید خبر.", "#نفت_خام")
    ((article_id, category),) = app.rows(
        "SELECT a.id, c.slug FROM article a JOIN category c ON c.id = a.category_id"
    )
    assert category == "politics"

    await wordpress.change(post, tags=[oil])  # nothing of what readers see
    await wordpress.change(post, title="تیتر درست")
    await come("تیتر درست", "لید خبر.")
    assert await posts("«یک»") == []
    assert app.rows(f"SELECT max(number) FROM revision WHERE article_id = {article_id}") == [(2,)]

    await wordpress.trash(post)
    await gone("تیتر درست")
    await wordpress.change(post, status="publish")
    await come("تیتر درست")
    assert app.rows("SELECT count(*) FROM article") == [(2,)]
    await wordpress.trash(post, for_good=True)
    await gone("تیتر درست")

    # What somebody has changed in Telegram meanwhile is not overwritten.
    post = await wordpress.post("تیتر دیگر", categories=[politics])
    await come("تیتر دیگر")
    ((newest,),) = app.rows("SELECT max(id) FROM article")
    card = await telegram.correct(int(newest), "تیتر", "تیتر تلگرام", "تیتر")
    await telegram.people.press(telegram.owner, card, "بله")
    await come("تیتر تلگرام")
    await wordpress.change(post, title="تیتر وردپرس")
    await app.heard()
    assert await posts("تیتر وردپرس") == []

    # A post of long ago is no news, and neither is a change of one from before the plugin.
    await wordpress.post("بایگانی", date="2019-01-01T08:00:00")
    # Peyk is away: nobody waits for it in vain.
    await app.stop()
    late = await wordpress.post("تیتر هنگام قطع", excerpt="لید.", categories=[politics])
    await wordpress.change(late, title="تیتر پس از قطع")
    await app.running(telegram, **settings)

    async def made_up_for() -> bool:
        await asyncio.sleep(1)
        await wordpress.run_due_work()
        return len(await posts("تیتر پس از قطع")) == 1

    await until(made_up_for, 120)
    assert await posts("تیتر هنگام قطع") == []
    assert await posts("بایگانی") == []
    assert "Traceback" not in app.log
