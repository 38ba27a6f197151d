"""The report to the desk chat: what was read in the last day, and what waits (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.locales.catalog import Texts
from bot.render.html import escape
from bot.render.listing import listing
from bot.render.message import Button, Message
from storage.reading_signals import ReadingSignals
from storage.records import Article

HOME_PAYLOAD = "desk"
"""The payload of the link to the newsroom's home."""


@dataclass(frozen=True, slots=True)
class DeskReport:
    """The figures of a day: how much was published, the signals of all of it, and the articles read most.

    `waiting` are the keys of lines about what waits for a decision, each with its count.
    """

    published: int
    signals: Sequence[ReadingSignals]
    most_read: Sequence[tuple[Article, ReadingSignals]]
    waiting: Sequence[tuple[str, int]]


def report_message(report: DeskReport, texts: Texts, bot_username: str) -> Message:
    """Return the report as one message; where anything waits, a button leads to the newsroom's home.

    It is a link: the desk chat may be a group, where the bot hears no command of the newsroom.
    """
    lines = [texts.html("report-title"), "", texts.line(texts.html("report-published", count=report.published))]
    if report.signals:
        lines.append(texts.line(_in_words(_sum(report.signals), texts)))
    waiting = [texts.line(texts.html(key, count=count)) for key, count in report.waiting if count]
    lines += waiting
    home = Button(texts("button-home"), url=f"https://t.me/{bot_username}?start={HOME_PAYLOAD}")
    keyboard = ((home,),) if waiting else ()
    if not report.most_read:
        return Message("\n".join(lines), keyboard)
    articles = [article for article, _ in report.most_read]
    below = [_in_words(signals, texts) for _, signals in report.most_read]
    listed = listing(escape(texts("report-most-read")), articles, texts, bot_username, lines=below)
    return Message("\n".join([*lines, "", listed.html]), keyboard)


def _sum(signals: Sequence[ReadingSignals]) -> ReadingSignals:
    return ReadingSignals(
        0,
        openings=sum(signal.openings for signal in signals),
        reactions=sum(signal.reactions for signal in signals),
        saves=sum(signal.saves for signal in signals),
        comments=sum(signal.comments for signal in signals),
    )


def _in_words(signals: ReadingSignals, texts: Texts) -> str:
    return texts.html(
        "report-signals",
        openings=signals.openings,
        reactions=signals.reactions,
        saves=signals.saves,
        comments=signals.comments,
    )
