"""Things that must hold after an ordeal. Each finding is a line that says what is wrong, and where."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sandbox.client import Json, text_of
from tests.crash.audience import Place
from tests.crash.endurance import Ordeal
from tests.crash.news import Story
from tests.crash.trouble import REFUSAL

_STATES = Path(__file__).parents[2] / "docs" / "delivery-states.md"
_QUERY = """
    SELECT delivery.chat_id, delivery.topic_id, delivery.article_id,
    delivery.state, delivery.reason, delivery.doubt, message.state, message.doubt
    FROM delivery LEFT JOIN message ON message.id = delivery.message_id
"""


@dataclass(frozen=True)
class Row:
    """A delivery and the message that carries it."""

    state: str
    reason: str
    doubt: int
    message_state: str | None
    message_doubt: int | None


async def findings(ordeal: Ordeal) -> list[str]:
    """Return what is wrong with what every place holds now; nothing, if all promises were kept."""
    rows = {
        (chat_id, topic_id, article_id): Row(*rest)
        for chat_id, topic_id, article_id, *rest in await ordeal.rows(_QUERY)
    }
    deliveries = _STATES.read_text().split("```")[1]
    drawn = set(re.findall(r"--> (\w+)", deliveries))
    wrong = [f"{key}: state {row.state} is not drawn" for key, row in rows.items() if row.state not in drawn]
    for place in ordeal.audience.places:
        posts = [
            post
            for post in await ordeal.telegram.people.messages(place.chat_id, by_bot=True)
            if post.get("message_thread_id", 0) == place.topic_id
        ]
        for story in ordeal.news.stories:
            row = rows.get((place.chat_id, place.topic_id, story.id))
            copies = [text_of(post) for post in posts if story.mark in text_of(post)]
            wrong += [
                f"{place}: {story}: {words}; {row}, copies {copies}"
                for words in _faults_of(ordeal, place, story, row, copies)
            ]
        wrong += _out_of_order(place, ordeal.news.stories, posts)
    return wrong


def _faults_of(ordeal: Ordeal, place: Place, story: Story, row: Row | None, copies: Sequence[str]) -> Iterator[str]:
    if row is None:
        yield from () if place.chat_id in ordeal.blocked or story.retracted else ("never owed",)
        return
    if len(copies) > 1:
        yield from _twins(ordeal, place, row, len(copies))
    if place.chat_id not in ordeal.blocked:
        yield from _faults_of_state(story, place, row, copies)


def _faults_of_state(story: Story, place: Place, row: Row, copies: Sequence[str]) -> Iterator[str]:
    match row.state:
        case "sent":
            yield from _copies_of(story, place, row, copies)
        case "refused":
            if row.reason != REFUSAL.removeprefix("Bad Request: ").capitalize():
                yield "refused, but not by Telegram"
            if copies and place.exact:
                yield "refused, but there"
        case "withdrawn":
            if not story.retracted:
                yield "withdrawn"
        case "uncertain":
            if not place.sealed:
                yield "uncertain, although it can be read"


def _copies_of(story: Story, place: Place, row: Row, copies: Sequence[str]) -> Iterator[str]:
    newest = [copy for copy in copies if story.title in copy]
    if story.retracted:
        # Of a twin nobody knows the id: it is marked, and stays.
        if copies and (place.exact or not row.doubt):
            yield "taken back, but there"
    elif not copies:
        yield "lost"
    elif not newest:
        yield "not corrected"
    elif len(newest) < len(copies) and (place.exact or not row.doubt):
        yield "not every copy is corrected"


def _twins(ordeal: Ordeal, place: Place, row: Row, copies: int) -> Iterator[str]:
    if place.exact:
        yield "twice where it may come once"
    if copies - 1 > ordeal.doubtful[place.chat_id]:
        yield f"{copies} copies, although only {ordeal.doubtful[place.chat_id]} sends were in doubt there"
    if not row.doubt or (row.message_state == "sent" and not row.message_doubt):
        yield "twice, and not marked as a possible twin"


def _out_of_order(place: Place, stories: Sequence[Story], posts: Sequence[Json]) -> Iterator[str]:
    order = [story.id for post in posts for story in stories if story.mark in text_of(post)]
    if order != sorted(order):
        yield f"{place}: out of order {order}"
