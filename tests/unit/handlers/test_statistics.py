"""Statistics: the words after /stats, the days of an axis, figures in words, as a table, and as a drawn picture."""

import asyncio
import csv
import io
import struct
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.errors import UserError
from bot.ingest.parsing.parser_jobs import FEED
from bot.ingest.raw_document import RawDocument
from bot.locales.catalog import Catalog, Texts
from bot.newsroom.chart_client import ChartClient
from bot.newsroom.stats import Daily, DayRange, Outlet, Overview, Reach, Section, day_ticks, per_day, period_of
from bot.render.html import CAPTION_LIMIT, strip_tags
from bot.subprocesses.client import SideProcess, SideProcessError
from handlers.staff.statistics import StatisticsRequest, parse
from handlers.staff.statistics_view import (
    overview_in_words,
    picture_of_overview,
    picture_of_reach,
    reach_in_words,
    table_of,
)
from persian.digits import Numerals
from storage.records import AmendmentState, Article, ArticleState, Category, CommentState, Content

TEHRAN = ZoneInfo("Asia/Tehran")
NOW = 1_766_576_760_000  # چهارشنبه ۳ دی ۱۴۰۴، ۱۵:۱۶
PERIOD = period_of(30, NOW, TEHRAN)

_WORLD = {"fa": "بین‌الملل", "en": "International", "ar": "شؤون دولية"}


@pytest.fixture(params=["fa", "en", "ar"])
def texts(request: pytest.FixtureRequest) -> Texts:
    return Catalog.load().bind(request.param, TEHRAN)


def _overview(period: DayRange = PERIOD, title: str = "کانال خبر 🔥") -> Overview:
    counts = tuple(range(period.length))
    politics = Category(1, "politics", "سیاسی", "Politics")
    world = Category(2, "international", "بین‌الملل", "International")
    return Overview(
        period,
        Daily(
            counts,
            tuple(10 * count for count in counts),
            tuple(99_000 * count for count in counts),
            counts,
            counts,
            counts,
        ),
        (Section(world, 3, 40, 5_000_000, 6, 7, 8), Section(politics, 1, 2, 3, 4, 5, 6)),
        (Outlet(title, 4, 4_000_000), Outlet("Tech", 1, 300)),
    )


def _reach(state: ArticleState = ArticleState.PUBLISHED) -> Reach:
    category = Category(1, "politics", "سیاسی", "Politics")
    content = Content("نشست نوآباد پایان یافت")
    article = Article(264802, state, category, content, 1, "fa", "", "", "", 1, NOW, NOW, 1, None, False, NOW, NOW)
    return Reach(
        article,
        PERIOD,
        channels=2,
        groups=1,
        people=1500,
        audience=98_000,
        readers=tuple(range(PERIOD.length)),
        readers_in_all=500,
        copies={AmendmentState.CHANGED: 1500, AmendmentState.GONE: 3},
        comments={CommentState.APPROVED: 4, CommentState.WAITING: 1},
    )


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("", StatisticsRequest()),
        ("264802", StatisticsRequest(264802)),
        ("۲۶۴۸۰۲ ۹۰", StatisticsRequest(264802, 90)),
        ("#7", StatisticsRequest(7)),
        ("7d", StatisticsRequest(days=7)),
        ("۷ روز", StatisticsRequest(days=7)),
        ("365 days", StatisticsRequest(days=365)),
        ("12 90d", StatisticsRequest(12, 90)),
        ("csv", StatisticsRequest(as_table=True)),
        ("CSV ۳۶۵", StatisticsRequest(days=365, as_table=True)),
    ],
)
def test_what_is_asked_for_is_understood(words: str, asked: StatisticsRequest) -> None:
    assert parse(words) == asked


@pytest.mark.parametrize("words", ["x", "12 x", "csv x", "-5", "1 2 3", "csv 1 2", "7 d d", "٪", "1" * 14])
def test_what_is_not_understood_is_told_how(words: str) -> None:
    with pytest.raises(UserError) as caught:
        parse(words)
    assert caught.value.key == "stats-usage"


@pytest.mark.parametrize("words", ["0d", "366d", "12 0", "csv 366", "12 999999999"])
def test_days_have_their_bounds(words: str) -> None:
    with pytest.raises(UserError) as caught:
        parse(words)
    assert caught.value.key == "stats-days"


def test_a_period_ends_today_by_the_newsrooms_clock() -> None:
    evening = NOW + 6 * 3_600_000  # 21:16 in Tehran, still the same day
    assert period_of(7, evening, TEHRAN) == period_of(7, NOW, TEHRAN)
    assert period_of(7, evening + 3 * 3_600_000, TEHRAN).last == PERIOD.last + 1
    assert period_of(7, NOW, TEHRAN).length == 7


def test_counts_fall_on_their_days_and_others_nowhere() -> None:
    period = DayRange(100, 103)
    assert per_day([(100, 1), (103, 2), (103, 3), (99, 9), (104, 9)], period) == (1, 0, 0, 5)


@pytest.mark.parametrize("length", [1, 2, 5, 7, 30, 90, 365])
def test_an_axis_names_few_days_evenly_and_today(length: int) -> None:
    ticks = day_ticks(length, 5)
    assert ticks[-1] == length - 1
    assert 1 <= len(ticks) <= 5
    assert len({later - earlier for earlier, later in pairwise(ticks)}) <= 1


def test_an_axis_is_jalali_in_persian(texts: Texts) -> None:
    columns = picture_of_overview(_overview(), texts).rows[0][0]
    named = [words for _, words in columns.ticks]  # type: ignore[union-attr]
    assert named[-1] == {"fa": "۳ دی", "en": "24 Dec", "ar": "٢٤ ديسمبر"}[texts.language]
    assert named[0] == {"fa": "۹ آذر", "en": "30 Nov", "ar": "٣٠ نوفمبر"}[texts.language]


def test_thousands_are_apart() -> None:
    assert Numerals("۰۱۲۳۴۵۶۷۸۹", "٬").grouped(1_234_567) == "۱٬۲۳۴٬۵۶۷"
    assert Numerals().grouped(1_234) == "1,234"
    assert Numerals("۰۱۲۳۴۵۶۷۸۹", "٬").grouped(0) == "۰"


def test_the_words_hold_the_main_figures_and_fit_under_a_picture(texts: Texts) -> None:
    words = strip_tags(overview_in_words(_overview(period_of(365, NOW, TEHRAN)), texts))
    assert len(words) <= CAPTION_LIMIT
    assert {"fa": "۶۶۴٬۳۰۰", "en": "664,300", "ar": "٦٦٤٬٣٠٠"}[texts.language] in words
    reach = strip_tags(reach_in_words(_reach(), texts))
    assert len(reach) <= CAPTION_LIMIT
    for figure in (1503, 98_000, 1500, 500):
        assert texts.numerals.grouped(figure) in reach


def test_what_is_taken_back_is_not_repeated(texts: Texts) -> None:
    retracted = _reach(ArticleState.RETRACTED)
    assert "نوآباد" in reach_in_words(_reach(), texts)
    assert "نوآباد" not in reach_in_words(retracted, texts) + str(picture_of_reach(retracted, texts))


def test_the_table_opens_in_a_spreadsheet_and_runs_nothing(texts: Texts) -> None:
    outlets = tuple(Outlet(title, 1, 2) for title in ('=HYPERLINK("http://x")', "+1", "-1001", "@x", "\tx", "a,b"))
    raw = table_of(replace(_overview(), outlets=outlets), texts)
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert {len(row) for row in rows} == {6}
    assert len(rows) == 1 + 30 * 6 + 2 * 6 + 6 * 2
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row)
    titles = [row[3] for row in rows[-12::2]]
    assert titles == ['\'=HYPERLINK("http://x")', "'+1", "'-1001", "'@x", "'\tx", "a,b"]
    assert all(row[5].isascii() and row[5].isdigit() for row in rows[1:])
    assert [row[1:3] for row in rows if row[1]][-1] == ["2025-12-24", "1404/10/03"]
    by_category = [row[5] for row in rows if row[3] == _WORLD[texts.language]]
    assert by_category == ["3", "40", "5000000", "6", "7", "8"]


async def test_pictures_are_drawn_in_another_process() -> None:
    pictures = ChartClient()
    try:
        persian, english, arabic = (Catalog.load().bind(language, TEHRAN) for language in ("fa", "en", "ar"))
        for plan in (
            *(picture_of_overview(_overview(), texts) for texts in (persian, english, arabic)),
            picture_of_overview(_overview(DayRange(PERIOD.last, PERIOD.last), title="🔥"), persian),
            picture_of_overview(replace(_overview(), sections=(), outlets=()), persian),
            picture_of_reach(_reach(), persian),
        ):
            png = await pictures.draw(plan)
            assert png.startswith(b"\x89PNG\r\n\x1a\n")
            width, height = struct.unpack(">II", png[16:24])
            assert width == 1280
            assert 700 < height < 2000
            assert 20_000 < len(png) < 1_000_000
    finally:
        await pictures.close()


async def test_a_process_without_a_home_draws_and_leaves_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "MPLCONFIGDIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/dev/null")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    pictures, texts = ChartClient(), Catalog.load().bind("fa", TEHRAN)
    try:
        assert (await pictures.draw(picture_of_overview(_overview(), texts))).startswith(b"\x89PNG")
    finally:
        await pictures.close()
    assert list(tmp_path.iterdir()) == []


async def test_what_takes_too_long_is_given_up_and_the_next_goes_on() -> None:
    impatient, texts = ChartClient(seconds=0.01), Catalog.load().bind("fa", TEHRAN)
    try:
        for _ in range(2):
            with pytest.raises(SideProcessError, match="more than"):
                await impatient.draw(picture_of_overview(_overview(), texts))
    finally:
        await impatient.close()
    with pytest.raises(SideProcessError, match="closed"):
        await impatient.draw(picture_of_overview(_overview(), texts))


async def test_a_process_that_is_idle_ends_and_comes_back() -> None:
    process = SideProcess("bot.ingest.parsing.parser_process", 5.0, idle=0.05)
    try:
        with pytest.raises(SideProcessError):
            await process.do(FEED, RawDocument(b"", "", ""), TEHRAN, frozenset())
        async with asyncio.timeout(10):
            while process.pid is not None:
                await asyncio.sleep(0.01)
        with pytest.raises(SideProcessError):
            await process.do(FEED, RawDocument(b"", "", ""), TEHRAN, frozenset())
    finally:
        await process.close()
