"""The inspector behind the page of the demo: the tour, the outbox, why a message is in a chat."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from operator import itemgetter
from typing import Any

from storage import amendments, articles, chats, deliveries, ledger, sources, subscriptions
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.records import (
    Article,
    Delivery,
    DeliveryState,
    Lane,
    Priority,
    SentMessage,
    Subscription,
    SubscriptionKind,
)

Json = dict[str, Any]
Words = dict[str, str]
"""A text in both languages of the page: {fa, en}."""

_NEWEST = 12
_MOST_ARTICLES = 5
_TONES = {
    DeliveryState.PENDING: "wait",
    DeliveryState.SENDING: "wait",
    DeliveryState.SENT: "good",
    DeliveryState.UNCERTAIN: "doubt",
    DeliveryState.REFUSED: "bad",
    DeliveryState.WITHDRAWN: "bad",
    DeliveryState.EXPIRED: "bad",
}


class DemoInspector:
    """A `BotInspector` that reads the database of the demo.

    `places` maps the names in its tour to people, chats and a photo.
    """

    def __init__(self, database: Database, places: Mapping[str, Any]) -> None:
        self._database = database
        self._places = places
        self._words: dict[str, Words] = tomllib.loads(_text("demo_words.toml"))

    async def tour(self) -> Json:
        """Return the steps of the tour, with the people and chats of this demo."""
        return {"steps": [_placed(step, self._places) for step in tomllib.loads(_text("demo_tour.toml"))["step"]]}

    async def outbox(self) -> Json:
        """Return how many deliveries are in each state, and the newest of them."""
        async with self._database.read() as connection:
            counts = await deliveries.counts(connection)
            newest = await deliveries.newest(connection, limit=_NEWEST)
            known = await chats.get_many(connection, [delivery.chat_id for delivery in newest])
            named = {
                article.id: article
                for article in await articles.get_many(connection, [delivery.article_id for delivery in newest])
            }
        return {
            "states": [
                {"state": self._state(state), "count": counts[state]} for state in _TONES if counts.get(state)
            ],
            "deliveries": [
                {
                    "id": delivery.id,
                    "state": self._state(delivery.state),
                    "chat": known[delivery.chat_id].title,
                    "title": named[delivery.article_id].content.title,
                    "reason": delivery.reason,
                    "attempts": delivery.attempts,
                }
                for delivery in newest
                if delivery.chat_id in known and delivery.article_id in named  # other rows are malformed
            ],
        }

    async def explanation(self, chat_id: int, message_id: int) -> Json:
        """Return why a message is in a chat: what the ledger, its deliveries and its article say."""
        async with self._database.read() as connection:
            message = await ledger.find(connection, chat_id, message_id)
            if message is None:
                return {"facts": [self._fact("an-answer", self._words["answer"])], "steps": []}
            carried = await deliveries.of_message(connection, message.id)
            shown = [message.article_id] if message.article_id else [delivery.article_id for delivery in carried]
            shown_articles = await articles.get_many(connection, shown[:_MOST_ARTICLES])
            facts = [
                *[fact for article in shown_articles for fact in await self._article(connection, article)],
                *self._message(message),
                *await self._reason(connection, message, carried, shown_articles),
            ]
            steps = await self._steps(connection, message, carried, shown_articles)
        return {"facts": facts, "steps": steps}

    async def _article(self, connection: Connection, article: Article) -> list[Json]:
        brought = await sources.urls(connection, [article.source_id] if article.source_id is not None else [])
        source: Words | str = brought.get(article.source_id or 0, "") or self._words["newsroom"]
        return [
            self._fact("article", article.content.title),
            self._fact("number", article.id),
            self._fact("category", {"fa": article.category.name_fa, "en": article.category.name_en}),
            self._fact("source", source),
        ]

    def _message(self, message: SentMessage) -> list[Json]:
        facts = [
            self._fact("form", self._words[f"form-{message.form}"]),
            self._fact("state", self._words[f"message-{message.state}"]),
        ]
        if message.revision:
            facts.append(self._fact("revision", message.revision))
        return facts

    async def _reason(
        self, connection: Connection, message: SentMessage, carried: list[Delivery], shown_articles: list[Article]
    ) -> list[Json]:
        if not carried:
            return [self._fact("because", self._words["asked-for"])]
        followed = await subscriptions.of_chat(connection, message.chat_id)
        reasons = [
            self._followed(subscription)
            for subscription in followed
            if _may_have_matched(subscription, shown_articles)
        ]
        lane = _lane_of(carried[0])
        facts = [self._fact("because", reason) for reason in reasons]
        facts += [self._fact("lane", self._words[f"lane-{lane.name.lower()}"])] if lane is not None else []
        facts.append(self._fact("delivery", self._state(carried[0].state)["name"]))
        if carried[0].attempts > 1:
            facts.append(self._fact("attempts", carried[0].attempts))
        return facts

    def _followed(self, subscription: Subscription) -> Words:
        if subscription.kind is SubscriptionKind.CATEGORY and subscription.category_id is None:
            return self._words["follows-everything"]
        if subscription.kind is SubscriptionKind.CATEGORY:
            return self._words["follows-category"]
        words = self._words["follows-words"]
        return {language: f"{text} {subscription.label}" for language, text in words.items()}

    async def _steps(
        self, connection: Connection, message: SentMessage, carried: list[Delivery], shown_articles: list[Article]
    ) -> list[Json]:
        steps: list[tuple[int | None, str]] = []
        for article in shown_articles:
            steps += [(article.created_at, "step-stored"), (article.released_at, "step-published")]
        for delivery in carried[:1]:
            steps += [(delivery.created_at, "step-owed"), (delivery.first_tried_at, "step-tried")]
        steps.append((message.sent_at, "step-sent"))
        for state, settled_at in await amendments.settled_of(connection, message.id):
            steps.append((settled_at, f"step-{state}"))
        # What happened in the same millisecond stays in the order of its causes.
        dated = sorted(((at, name) for at, name in steps if at is not None), key=itemgetter(0))
        return [{"at": at, "what": self._words[name]} for at, name in dated]

    def _state(self, state: DeliveryState) -> Json:
        return {"id": str(state), "name": self._words[f"delivery-{state}"], "tone": _TONES[state]}

    def _fact(self, label: str, value: Words | str | int) -> Json:
        return {"label": self._words[f"label-{label}"], "value": value}


def _lane_of(delivery: Delivery) -> Lane | None:
    """Return the lane of a delivery, None where its row is malformed."""
    try:
        return Priority(delivery.priority).lane
    except ValueError:
        return None


def _may_have_matched(subscription: Subscription, shown_articles: list[Article]) -> bool:
    """Return whether a subscription may have asked for one of the articles, as far as the page has to know."""
    if subscription.kind is SubscriptionKind.MUTED:
        return False
    if subscription.kind is not SubscriptionKind.CATEGORY or subscription.category_id is None:
        return True
    return any(article.category.id == subscription.category_id for article in shown_articles)


def _placed(value: Any, places: Mapping[str, Any]) -> Any:
    """Return a step with each text "@name" replaced by that place."""
    if isinstance(value, dict):
        return {key: _placed(inner, places) for key, inner in value.items()}
    if isinstance(value, list):
        return [_placed(inner, places) for inner in value]
    if isinstance(value, str) and value.startswith("@"):
        return places[value.removeprefix("@")]
    return value


def _text(name: str) -> str:
    return files("bot.cli").joinpath(name).read_text(encoding="utf-8")
