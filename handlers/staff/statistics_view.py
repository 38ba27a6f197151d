"""Figures for people: in words, as a picture's plan, and as a table (pure)."""

from collections.abc import Iterator, Sequence

from bot.locales.catalog import Texts
from bot.newsroom.stats import DayRange, Overview, Reach, day_ticks
from bot.render.chart_spec import Bars, ChartSpec, Colour, Columns, Panel
from bot.render.headline import category_name
from bot.render.html import cut, escape
from bot.render.table import csv_of
from persian import jalali
from storage.records import AmendmentState, ArticleState, CommentState

_TICKS, _WIDE_TICKS = 5, 10
_TITLE = 70
_HEADS = (
    "stats-csv-part",
    "stats-csv-gregorian",
    "stats-csv-date",
    "stats-csv-name",
    "stats-csv-metric",
    "stats-csv-count",
)
_COPIES = {
    AmendmentState.CHANGED: "stats-copies-changed",
    AmendmentState.DELETED: "stats-copies-deleted",
    AmendmentState.TOMBSTONED: "stats-copies-tombstoned",
    AmendmentState.GONE: "stats-copies-gone",
    AmendmentState.LIVE: "stats-copies-live",
    AmendmentState.UNREACHABLE: "stats-copies-unreachable",
    AmendmentState.PENDING: "stats-copies-pending",
}
_COMMENTS = {
    CommentState.APPROVED: "stats-comments-approved",
    CommentState.WAITING: "stats-comments-waiting",
    CommentState.REJECTED: "stats-comments-rejected",
    CommentState.DELETED: "stats-comments-deleted",
}


def overview_in_words(overview: Overview, texts: Texts) -> str:
    """Return the main figures of everything, as HTML that fits under a picture."""
    daily = overview.daily
    return texts.html(
        "stats-overview",
        days=overview.period.length,
        begin=_day(overview.period, 0, texts),
        end=_day(overview.period, -1, texts),
        posts=_amount(sum(daily.posts), texts),
        delivered=_amount(sum(daily.delivered), texts),
        audience=_amount(sum(daily.audience), texts),
        readers=_amount(sum(daily.read), texts),
        gained=_amount(sum(daily.gained), texts),
        lost=_amount(sum(daily.lost), texts),
    )


def reach_in_words(reach: Reach, texts: Texts) -> str:
    """Return the main figures of one article, as HTML that fits under a picture."""
    words = texts.html(
        "stats-article",
        id=texts.digits(str(reach.article.id)),
        delivered=_amount(reach.delivered, texts),
        channels=_amount(reach.channels, texts),
        groups=_amount(reach.groups, texts),
        people=_amount(reach.people, texts),
        audience=_amount(reach.audience, texts),
        readers=_amount(reach.readers_in_all, texts),
        comments=_amount(sum(reach.comments.values()), texts),
    )
    ends = [(key, reach.copies[state]) for state, key in _COPIES.items() if reach.copies.get(state)]
    copies = [f"{texts(key)}: {_amount(number, texts)}" for key, number in ends]
    if copies:
        words += "\n" + texts.html("stats-copies", copies=texts("list-comma").join(copies))
    title = _title(reach)
    return f"<b>{escape(texts.line(title))}</b>\n\n{words}" if title else words


def picture_of_overview(overview: Overview, texts: Texts) -> ChartSpec:
    """Return the plan of the picture of everything."""
    daily, period = overview.daily, overview.period
    ticks = _ticks(period, _TICKS, texts)

    def columns(key: str, counts: tuple[int, ...]) -> Columns:
        return Columns(texts(key), _amount(sum(counts), texts), counts, ticks)

    sections = [
        (category_name(section.category, texts), section.delivered)
        for section in overview.sections
        if section.delivered
    ]
    by_category = tuple(sorted(sections, key=lambda section: -section[1]))
    outlets = tuple((outlet.title, outlet.audience) for outlet in overview.outlets)
    nothing = texts("stats-nothing")
    return _picture(
        texts("stats-title", days=period.length),
        texts("stats-period", begin=_day(period, 0, texts), end=_day(period, -1, texts)),
        (
            (sum(daily.posts), "stats-posts"),
            (sum(daily.delivered), "stats-delivered"),
            (sum(daily.audience), "stats-audience"),
            (sum(daily.read), "stats-readers"),
        ),
        (
            (columns("stats-posts-daily", daily.posts), columns("stats-delivered-daily", daily.delivered)),
            (columns("stats-audience-daily", daily.audience), columns("stats-readers-daily", daily.read)),
            (_follower_columns(overview, texts),),
            (
                Bars(texts("stats-by-category"), "", by_category, nothing),
                Bars(texts("stats-by-channel"), "", outlets, nothing),
            ),
        ),
        texts=texts,
    )


def _follower_columns(overview: Overview, texts: Texts) -> Columns:
    daily = overview.daily
    return Columns(
        texts("stats-followers"),
        texts(
            "stats-gained-and-lost",
            gained=_amount(sum(daily.gained), texts),
            lost=_amount(sum(daily.lost), texts),
        ),
        daily.gained,
        _ticks(overview.period, _WIDE_TICKS, texts),
        Colour.GREEN,
        daily.lost,
    )


def picture_of_reach(reach: Reach, texts: Texts) -> ChartSpec:
    """Return the plan of the picture of one article."""
    nothing, ticks = texts("stats-nothing"), _ticks(reach.period, _TICKS, texts)
    kinds = (
        ("stats-to-channels", reach.channels),
        ("stats-to-groups", reach.groups),
        ("stats-to-people", reach.people),
    )
    by_kind = tuple((texts(key), number) for key, number in kinds) if reach.delivered else ()
    copies = tuple((texts(key), reach.copies[state]) for state, key in _COPIES.items() if reach.copies.get(state))
    comments = tuple(
        (texts(key), reach.comments[state]) for state, key in _COMMENTS.items() if reach.comments.get(state)
    )
    readers = Columns(
        texts("stats-readers-daily"), _amount(sum(reach.readers), texts), reach.readers, ticks, Colour.BLUE
    )
    return _picture(
        texts("stats-article-title", id=texts.digits(str(reach.article.id))),
        _title(reach),
        (
            (reach.delivered, "stats-delivered"),
            (reach.audience, "stats-audience"),
            (reach.readers_in_all, "stats-readers"),
            (sum(reach.comments.values()), "stats-comments"),
        ),
        (
            (Bars(texts("stats-by-kind"), "", by_kind, nothing), readers),
            (
                Bars(texts("stats-copies-title"), "", copies, nothing, Colour.BLUE),
                Bars(texts("stats-comments-title"), "", comments, nothing, Colour.BLUE),
            ),
        ),
        texts=texts,
    )


def table_of(overview: Overview, texts: Texts) -> bytes:
    """Return the figures of everything as a CSV file."""
    return csv_of([texts(key) for key in _HEADS], _rows(overview, texts))


def _rows(overview: Overview, texts: Texts) -> Iterator[Sequence[str | int]]:
    daily, period = overview.daily, overview.period
    metrics = (
        ("stats-posts", daily.posts),
        ("stats-delivered", daily.delivered),
        ("stats-audience", daily.audience),
        ("stats-readers", daily.read),
        ("stats-gained", daily.gained),
        ("stats-lost", daily.lost),
    )
    for place in range(period.length):
        gregorian = f"{period.date(place):%Y-%m-%d}"
        date = jalali.format_ascii(period.moment(place, texts.zone), texts.zone).split()[0]
        for key, counts in metrics:
            yield texts("stats-part-day"), gregorian, date, "", texts(key), counts[place]
    for section in overview.sections:
        sums = (section.posts, section.delivered, section.audience, section.read, section.gained, section.lost)
        for (key, _), number in zip(metrics, sums, strict=True):
            name = category_name(section.category, texts)
            yield texts("stats-part-category"), "", "", name, texts(key), number
    for outlet in overview.outlets:
        for key, number in (("stats-delivered", outlet.posts), ("stats-audience", outlet.audience)):
            yield texts("stats-part-channel"), "", "", outlet.title, texts(key), number


def _picture(
    title: str,
    subtitle: str,
    facts: Sequence[tuple[int, str]],
    rows: tuple[tuple[Panel, ...], ...],
    *,
    texts: Texts,
) -> ChartSpec:
    return ChartSpec(
        title,
        subtitle,
        tuple((_amount(number, texts), texts(key)) for number, key in facts),
        rows,
        is_rtl=texts.is_rtl,
        numerals=texts.numerals,
        thousand=texts("stats-thousand"),
        million=texts("stats-million"),
    )


def _title(reach: Reach) -> str:
    # The title of a retracted article is not repeated, not even here: the picture may be forwarded.
    retracted = reach.article.state is ArticleState.RETRACTED
    return "" if retracted else cut(reach.article.content.title, _TITLE)


def _ticks(period: DayRange, most: int, texts: Texts) -> tuple[tuple[int, str], ...]:
    return tuple((place, _day(period, place, texts, year=False)) for place in day_ticks(period.length, most))


def _day(period: DayRange, place: int, texts: Texts, *, year: bool = True) -> str:
    return texts.day(period.date(place), year=year)


def _amount(number: int, texts: Texts) -> str:
    return texts.numerals.grouped(number)
