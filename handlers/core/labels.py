"""Labels: states, settings and lists in a person's language, and the buttons that turn pages."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeVar

from bot.audience.subscription_request import SubscriptionRequest
from bot.locales.catalog import Texts
from bot.locales.zones import zone_name, zone_of
from bot.render.article import paging
from bot.render.callback_data import CallbackData
from bot.render.headline import category_label, category_name
from bot.render.html import cut, escape
from bot.render.message import Button, Keyboard
from persian.direction import hashtag
from persian.normalise import match_key
from persian.schedule import QuietHours, Schedule, clock_text
from storage.progress import Broadcast
from storage.records import (
    Admission,
    Article,
    ArticleState,
    Category,
    Chat,
    ChatKind,
    Review,
    ReviewState,
    Subscription,
    SubscriptionKind,
)

_T = TypeVar("_T")

_MINUTE = 60
_IN_MINUTES = 100
"""Less than so many minutes are told as minutes."""
_IN_HOURS = 48
"""Less than so many hours are told as hours."""

_REASON = 120
_SOURCE = 60
_ON_A_BUTTON = 30
_BAR = 10

_ROW_LETTERS = 36
"""So many letters fit in a row of buttons; Telegram cuts what is longer than its share."""

_SIGNS = {SubscriptionKind.SECTION: "🗞", SubscriptionKind.WORDS: "🔎", SubscriptionKind.MUTED: "🔇"}

EVERYTHING = 0
"""Stands for all categories in callback data."""


def schedule_in_words(schedule: Schedule, texts: Texts) -> str:
    """Return for example «بی‌درنگ» or «ساعت ۰۸:۰۰ و ۲۰:۰۰»."""
    if schedule.every and schedule.every % 60 == 0:
        return texts("schedule-hours", hours=schedule.every // 60)
    if schedule.every:
        return texts("schedule-every", minutes=schedule.every)
    if schedule.at:
        times = [clock_text(minute) for minute in schedule.at]
        return texts("schedule-at", times=texts.digits(_with_and(times, texts)))
    return texts("schedule-instant")


def quiet_in_words(quiet: QuietHours | None, texts: Texts) -> str:
    """Return for example «از ۲۳:۰۰ تا ۰۷:۰۰», or that there are no quiet hours.

    With a dash between them, two clocks would be read from the wrong side in a right-to-left line.
    """
    if quiet is None:
        return texts("quiet-none")
    begin, end = (texts.digits(clock_text(minute)) for minute in (quiet.begin, quiet.end))
    return texts("quiet-hours", begin=begin, end=end)


def _with_and(times: Sequence[str], texts: Texts) -> str:
    """Return clocks as a list; its «و» is a letter, so that the first stands first in a right-to-left line."""
    *most, last = times
    return texts("list-and").join([texts("list-comma").join(most), last]) if most else last


def zone_in_words(zone: str, texts: Texts, now: int) -> str:
    """Return the city that a time zone is named after, and what time (`now`, ms) it is there."""
    clock = datetime.fromtimestamp(now / 1000, zone_of(zone, texts.zone))
    return texts("zone-at", city=zone_name(zone, texts.language), time=texts.digits(f"{clock:%H:%M}"))


def duration_in_words(seconds: float, texts: Texts) -> str:
    """Return about how long something takes: less than a minute, minutes, hours, or days."""
    if seconds < _MINUTE:
        return texts("duration-moment")
    minutes = round(seconds / _MINUTE)
    if minutes < _IN_MINUTES:
        return texts("duration-minutes", minutes=minutes)
    hours = round(minutes / 60)
    if hours < _IN_HOURS:
        return texts("duration-hours", hours=hours)
    return texts("duration-days", days=round(hours / 24))


def broadcast_line(reached: Broadcast, rate: float, texts: Texts) -> str:
    """Return (HTML) how far an article on its way has come: a bar and the time left, or the result."""
    if not reached.ended:
        full = _BAR * reached.sent // reached.total if reached.total else 0
        bar = "▰" * full + "▱" * (_BAR - full)
        left = duration_in_words(max(0, reached.waiting) / rate, texts)
        return f"{bar} {texts.html('outbox-broadcast-left', sent=reached.sent, total=reached.total, duration=left)}"
    if not reached.total:
        return texts.html("reached-nobody")
    line = texts.html("broadcast-reached", sent=reached.sent, total=reached.total)
    return f"{line}\n{texts.html('reached-later', count=reached.later)}" if reached.later else line


def time_ago(at: int, now: int, texts: Texts) -> str:
    """Return how long ago an instant (ms) was, as HTML that Telegram's clients keep true."""
    ago = texts("time-ago", duration=duration_in_words((now - at) / 1000, texts))
    return f'<tg-time unix="{at // 1000}" format="r">{escape(ago)}</tg-time>'


def names_of(categories: Sequence[Category], texts: Texts) -> str:
    """Return the categories' names, one behind the other."""
    return texts("list-comma").join(texts.apart(category_name(category, texts)) for category in categories)


def followed_in_words(followed: Sequence[Subscription], known: Sequence[Category], texts: Texts) -> str:
    """Return what is followed, one behind the other, or that nothing is; what is muted is left out."""
    place = {category.id: at for at, category in enumerate(known)}
    news = [subscription for subscription in followed if subscription.kind is not SubscriptionKind.MUTED]
    news.sort(
        key=lambda subscription: (
            subscription.kind is not SubscriptionKind.CATEGORY,
            place.get(subscription.category_id or 0, -1),
        )
    )
    names = [
        texts("follow-breaking-of", name=name) if subscription.breaking_only else name
        for subscription in news
        if (name := subscription_name(subscription, known, texts))
    ]
    return texts("list-comma").join(names) or texts("nothing")


def subscription_name(
    subscription: Subscription | SubscriptionRequest, known: Sequence[Category], texts: Texts
) -> str:
    """Return what one subscription is to; a sign tells the kinds of words apart."""
    if subscription.kind is SubscriptionKind.CATEGORY:
        if subscription.category_id is None:
            return texts("everything")
        return names_of([category for category in known if category.id == subscription.category_id], texts)
    if subscription.kind is SubscriptionKind.TAG:
        return texts.apart(hashtag(subscription.label))
    return f"{_SIGNS[subscription.kind]} {texts.apart(subscription.label)}"


def category_buttons(
    known: Sequence[Category],
    followed: Sequence[Subscription],
    texts: Texts,
    at: Callable[[int, bool], CallbackData],
) -> Keyboard:
    """Return a button for everything and one for each category, marked where it is followed.

    `at` gives the button that turns a category, or EVERYTHING, on or off: it says which of the two it asks for, so
    that a doubled press does no harm.
    """
    on = {subscription.category_id for subscription in followed if subscription.kind is SubscriptionKind.CATEGORY}
    everything = Button(marked(texts("everything"), None in on), at(EVERYTHING, None not in on).pack())
    buttons = [
        Button(
            marked(category_label(category, texts), category.id in on),
            at(category.id, category.id not in on).pack(),
        )
        for category in known
    ]
    return ((everything,), *in_rows(buttons, 2))


def distinct_labels(names: Sequence[str], texts: Texts, *details: Sequence[str]) -> list[str]:
    """Return names as labels of buttons of which no two look equal.

    A name that others have, too, gets its detail behind it: that of the first sequence of `details` that tells it
    apart. A name that none tells apart gets its place in front, from 1.
    """
    labels = list(names)
    for sequence in details:
        named = [texts.facts(name, detail) for name, detail in zip(names, sequence, strict=True)]
        labels = [
            new if twice else label for label, new, twice in zip(labels, named, _repeated(labels), strict=True)
        ]
    numbered = enumerate(zip(labels, _repeated(labels), strict=True), 1)
    return [texts.digits(f"{place}. ") + label if twice else label for place, (label, twice) in numbered]


def _repeated(labels: Sequence[str]) -> list[bool]:
    """Return, for each label, whether another one looks like it."""
    looks = [match_key(label) or label for label in labels]
    counts = Counter(looks)
    return [counts[look] > 1 for look in looks]


def in_rows(buttons: Sequence[Button], width: int) -> Keyboard:
    """Return the buttons in rows of `width`; one whose label is too long for that stands in a row of its own."""
    rows: list[list[Button]] = [[]]
    for button in buttons:
        if sum(map(str.isalnum, button.text)) > _ROW_LETTERS // width:
            rows += [[button], []]
            continue
        if len(rows[-1]) == width:
            rows.append([])
        rows[-1].append(button)
    return tuple(tuple(row) for row in rows if row)


def window(rows: Sequence[_T], offset: int, size: int) -> tuple[Sequence[_T], int]:
    """Return the page at `offset`, and its offset: beyond the end of a list that shrank, the first page."""
    offset = offset if offset < len(rows) else 0
    return rows[offset : offset + size], offset


async def fetched_window(fetch: Callable[[int], Awaitable[Sequence[_T]]], offset: int) -> tuple[Sequence[_T], int]:
    """Return the rows that `fetch` has from `offset` on, and that; where the list has shrunk, those from 0 on."""
    rows = await fetch(offset)
    return (rows, offset) if rows or not offset else (await fetch(0), 0)


def turns_by_offset(
    texts: Texts, at: Callable[[int], CallbackData], offset: int, size: int, *, more: bool
) -> Keyboard:
    """Return the buttons that turn pages of `size`; `at` gives the button of the page at an offset."""
    before = at(max(0, offset - size)).pack() if offset else ""
    return paging(texts, before, at(offset + size).pack() if more else "")


def marked(text: str, on: bool) -> str:
    """Return a button's text with a tick where it is on."""
    return f"✅ {text}" if on else text


def chat_state_in_words(chat: Chat, texts: Texts) -> str:
    """Return whether a chat gets news: what was decided about it, and whether it can be reached."""
    if chat.admission is Admission.ADMITTED:
        facts = [texts("chat-paused" if chat.paused else "chat-active")] if chat.lost_at is None else []
    else:
        facts = [texts("chat-pending" if chat.admission is Admission.WAITING else "chat-denied")]
    if chat.lost_at is not None:
        facts.append(texts("chat-inactive", when=texts.short(chat.lost_at)))
    elif chat.refused_at is not None:
        facts.append(texts("chat-refusing", when=texts.short(chat.refused_at)))
    return texts("list-comma").join(facts)


def refusal_in_words(chat: Chat, texts: Texts) -> str:
    """Return why a chat takes no messages; what has no text here, in Telegram's words."""
    try:
        return texts(f"refusal-{chat.reason.replace(' ', '-')}")
    except KeyError:
        return cut(chat.reason, _REASON)


def chat_kind_in_words(chat: Chat, texts: Texts) -> str:
    """Return what kind of place a chat is."""
    return texts("kind-channel" if chat.kind is ChatKind.CHANNEL else "kind-group")


def on_buttons(places: Sequence[Chat], texts: Texts) -> list[str]:
    """Return the labels of the buttons of channels and groups; @names or numbers tell equal ones apart."""
    names = [cut(place.title, _ON_A_BUTTON) or str(place.id) for place in places]
    return distinct_labels(
        names, texts, [f"@{place.username}" if place.username else str(place.id) for place in places]
    )


def origin_in_words(source: str, texts: Texts) -> str:
    """Return where an article of a source comes from; `source` is its name, "" where it is unknown."""
    return cut(" ".join(source.split()), _SOURCE) or texts("gate-title-plain")


def state_in_words(article: Article, texts: Texts) -> str:
    """Return how an article stands, with a sign, as a list says it of a row that is settled."""
    return texts(f"row-{article.state}")


def gone_line(article_id: int, texts: Texts) -> str:
    """Return the line (HTML) of a list whose article is there no more."""
    return f"{texts.mark}<code>{texts.digits(str(article_id))}</code> {escape(texts('row-deleted'))}"


def draft_state_in_words(article: Article, last_review: Review | None, texts: Texts) -> str:
    """Return how an unpublished article stands, with the reason where it was rejected and not handed in again."""
    if article.state is ArticleState.REVIEW:
        return texts("draft-in-review")
    if article.state is ArticleState.SCHEDULED:
        return texts("draft-scheduled", when=texts.short(article.scheduled_at or 0))
    if last_review is not None and last_review.state is ReviewState.REJECTED:
        return texts("draft-rejected", reason=cut(last_review.reason, _REASON))
    return texts("draft-plain")
