"""The answer to a search is made so that nobody waits for it, whatever the articles say."""

import threading
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.locales.catalog import Catalog
from bot.render.snippet import snippet
from handlers.readers import search
from handlers.readers.search_request import SearchRequest
from handlers.readers.search_suggestions import _as_written
from persian.query import Query, parse_query
from storage.records import Block, BlockKind, Content
from storage.search import EVERYWHERE
from tests.unit.articles import PUBLISHED


async def test_the_lines_of_hits_are_found_in_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    threads = []

    def found(text: str, query: Query) -> str:
        threads.append(threading.get_ident())
        return snippet(text, query)

    monkeypatch.setattr(search, "snippet", found)
    texts = Catalog.load().bind("fa", ZoneInfo("Asia/Tehran"))
    ctx: Any = SimpleNamespace(texts=texts, services=SimpleNamespace(bot_username="peyk_bot"))
    request = SearchRequest("نفت", parse_query("نفت"), None, EVERYWHERE)
    hits = [replace(PUBLISHED, id=number, content=Content("تیتر", "بهای نفت بالا رفت")) for number in (1, 2)]
    message = await search._listed(ctx, request, hits, ())
    assert message.html.count("<b>نفت</b>") == 2
    assert len(threads) == 2
    assert threading.get_ident() not in threads


def test_words_are_written_as_the_beginning_of_an_article_writes_them() -> None:
    body = (Block(BlockKind.PARAGRAPH, f"{'ﷺ ' * 100_000}كاغذ"),)
    article = replace(PUBLISHED, content=Content("بهاي گاز", body=body))
    assert _as_written(article, ["گاز", "بهای", "کاغذ", "زغال"]) == ["گاز", "بهاي", "کاغذ", "زغال"]
