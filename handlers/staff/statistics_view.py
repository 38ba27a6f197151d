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


def overview_in_words(found: Overview, texts: Texts) -> str:
    """Return the main figures of everything, as HTML that fits under a picture."""
    daily = found.daily
    return texts.html(
        "stats-overview",
        days=found.period.length,
        begin=_day(found.period, 0, texts),
        end=_day(found.period, -1, texts),
        posts=_amount(sum(daily.posts), texts),
        delivered=_amount(sum(daily.delivered), texts),
        audience=_amount(sum(daily.audience), texts),
        readers=_amount(sum(daily.read), texts),
        gained=_amount(sum(daily.gained), texts),
        lost=_amount(sum(daily.lost), texts),
    )


def reach_in_words(found: Reach, texts: Texts) -> str:
    """Return the main figures of one article, as HTML that fits under a picture."""
    words = texts.html(
        "stats-article",
        id=texts.digits(str(found.article.id)),
        delivered=_amount(found.delivered, texts),
        channels=_amount(found.channels, texts),
        groups=_amount(found.groups, texts),
        people=_amount(found.people, texts),
        audience=_amount(found.audience, texts),
        readers=_amount(found.readers_in_all, texts),
        comments=_amount(sum(found.comments.values()), texts),
    )
    ends = [(key, found.copies[state]) for state, key in _COPIES.items() if found.copies.get(state)]
    copies = [f"{texts(key)}: {_amount(number, texts)}" for key, number in ends]
    if copies:
        words += "\n" + texts.html("stats-copies", copies=texts("list-comma").join(copies))
    title = _title(found)
    return f"<b>{escape(texts.line(title))}</b>\n\n{words}" if title else words


def picture_of_overview(found: Overview, texts: Texts) -> ChartSpec:
    """Return the plan of the picture of everything."""
    daily, period = found.daily, found.period
    few, many = _ticks(period, _TICKS, texts), _ticks(period, _WIDE_TICKS, texts)

    def columns(key: str, counts: tuple[int, ...]) -> Columns:
        return Columns(texts(key), _amount(sum(counts), texts), counts, few)

    followers = Columns(
        texts("stats-followers"),
        texts(
            "stats-gained-and-lost",
            gained=_amount(sum(daily.gained), texts),
            lost=_amount(sum(daily.lost), texts),
        ),
        daily.gained,
        many,
        Colour.GREEN,
        daily.lost,
    )
    sections = tuple((category_name(one.category, texts), one.delivered) for one in found.sections if one.delivered)
    outlets = tuple((one.title, one.audience) for one in found.outlets)
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
            (followers,),
            (
                Bars(texts("stats-by-category"), "", tuple(sorted(sections, key=lambda one: -one[1])), nothing),
                Bars(texts("stats-by-channel"), "", outlets, nothing),
            ),
        ),
        texts=texts,
    )


def picture_of_reach(found: Reach, texts: Texts) -> ChartSpec:
    """Return the plan of the picture of one article."""
    nothing, ticks = texts("stats-nothing"), _ticks(found.period, _TICKS, texts)
    kinds = (
        ("stats-to-channels", found.channels),
        ("stats-to-groups", found.groups),
        ("stats-to-people", found.people),
    )
    by_kind = tuple((texts(key), number) for key, number in kinds) if found.delivered else ()
    copies = tuple((texts(key), found.copies[state]) for state, key in _COPIES.items() if found.copies.get(state))
    comments = tuple(
        (texts(key), found.comments[state]) for state, key in _COMMENTS.items() if found.comments.get(state)
    )
    readers = Columns(
        texts("stats-readers-daily"), _amount(sum(found.readers), texts), found.readers, ticks, Colour.BLUE
    )
    return _picture(
        texts("stats-article-title", id=texts.digits(str(found.article.id))),
        _title(found),
        (
            (found.delivered, "stats-delivered"),
            (found.audience, "stats-audience"),
            (found.readers_in_all, "stats-readers"),
            (sum(found.comments.values()), "stats-comments"),
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


def table_of(found: Overview, texts: Texts) -> bytes:
    """Return the figures of everything as a CSV file."""
    return csv_of([texts(key) for key in _HEADS], _rows(found, texts))


def _rows(found: Overview, texts: Texts) -> Iterator[Sequence[str | int]]:
    daily, period = found.daily, found.period
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
    for one in found.sections:
        sums = (one.posts, one.delivered, one.audience, one.read, one.gained, one.lost)
        for (key, _), number in zip(metrics, sums, strict=True):
            name = category_name(one.category, texts)
            yield texts("stats-part-category"), "", "", name, texts(key), number
    for outlet in found.outlets:
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


def _title(found: Reach) -> str:
    # What is taken back is not repeated, not even here: the picture may be forwarded.
    retracted = found.article.state is ArticleState.RETRACTED
    return "" if retracted else cut(found.article.content.title, _TITLE)


def _ticks(period: DayRange, most: int, texts: Texts) -> tuple[tuple[int, str], ...]:
    return tuple((place, _day(period, place, texts, year=False)) for place in day_ticks(period.length, most))


def _day(period: DayRange, place: int, texts: Texts, *, year: bool = True) -> str:
    return texts.day(period.date(place), year=year)


def _amount(number: int, texts: Texts) -> str:
    return texts.numerals.grouped(number)
