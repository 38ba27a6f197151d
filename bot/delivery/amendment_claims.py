"""Claims of due amendments: each message is rendered from the current revisions of its articles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import structlog

from bot.delivery.rendering import Composer
from bot.render.article import MOST_COUNTED, NOTHING_BESIDE, Counts
from bot.render.message import SAME_MEDIA, Message
from bot.telegram.photos import by_address
from storage import (
    amendments,
    articles,
    chats,
    comments,
    developing_stories,
    ledger,
    saved,
    stories,
    tracked_answers,
)
from storage.amendments import ClaimedAmendment, DueAmendment
from storage.engine.connection import Connection
from storage.long_texts import letters_of, without_blocking
from storage.malformed import MalformedRowError
from storage.post_style import USUAL_STYLE, PostStyle
from storage.records import LIVE, AmendmentState, Article, ArticleRevision, Chat, Form, MessageState, SentMessage

_log = structlog.get_logger(__name__)
_FULL_TEXTS = (Form.RICH, Form.PAGE)


@dataclass(frozen=True, slots=True)
class PendingAmendment:
    """A copy to be changed: put `message` in its place, or delete it (None), else put the tombstone there.

    `shown` are the revisions that it says then, in that `post_style`. `lost_at` (ms) is when an
    edit of it began whose answer was lost. `html_does` means that its HTML may stand where its rich form is
    refused, `is_attachment` that it is worth nothing without its medium.
    """

    message_id: int
    chat_id: int
    telegram_id: int
    message: Message | None
    tombstone: Message
    shown: tuple[ArticleRevision, ...]
    attempts: int
    first_tried_at: int
    lost_at: int | None = None
    post_style: PostStyle = USUAL_STYLE
    html_does: bool = False
    is_attachment: bool = False


@dataclass(frozen=True, slots=True)
class _Newest:
    """The newest message for a copy; `is_there` means that the copy has this text, perhaps in another style.

    `photo_is_there` means that it carries the same photo.
    """

    message: Message | None
    tombstone: Message
    shown: tuple[ArticleRevision, ...]
    is_there: bool
    photo_is_there: bool


@dataclass(frozen=True, slots=True)
class _Facts:
    """The facts about claimed copies and their chats, by id.

    `shown` are the revisions that each copy shows, `before` the articles at these revisions. `counts` stand beside
    the full text of an article.
    """

    copies: Mapping[int, SentMessage]
    chats: Mapping[int, Chat]
    shown: Mapping[int, Sequence[ArticleRevision]]
    before: Mapping[ArticleRevision, Article]
    counts: Mapping[int, Counts]


class AmendmentClaims:
    """Claims picked amendments in the caller's transaction, for `lease` (ms)."""

    def __init__(self, composer: Composer, *, lease: int) -> None:
        self._composer = composer
        self._lease = lease

    async def claim(self, tx: Connection, picked: Sequence[DueAmendment], *, now: int) -> list[PendingAmendment]:
        """Claim the picked amendments that are still pending.

        A copy that is out of reach, shows the newest already or has a malformed row ends here instead.
        """
        claimed = await amendments.claim(tx, [due.id for due in picked], now=now, lease_until=now + self._lease)
        if not claimed:
            return []
        facts = await _facts(tx, claimed)
        begun = []
        for amendment in claimed:
            try:
                amending = await self._begin(tx, amendment, facts, now)
            except MalformedRowError as error:
                await _leave_malformed(tx, error, amendment, now)
                continue
            if amending is not None:
                begun.append(amending)
        return begun

    async def _begin(
        self, tx: Connection, claimed: ClaimedAmendment, facts: _Facts, now: int
    ) -> PendingAmendment | None:
        """Render a copy anew; end its amendment and return None where there is nothing to send.

        Raises MalformedRowError.
        """
        copy = facts.copies.get(claimed.message_id)
        chat = facts.chats.get(copy.chat_id) if copy is not None else None
        if copy is None or chat is None:
            raise MalformedRowError("message", claimed.message_id, "or its chat")
        if (end := _end_of(copy, chat)) is not None:
            await amendments.settle(tx, copy.id, end[0], now=now, reason=end[1])
            return None
        newest = await self._newest(tx, copy, chat, facts)
        if newest.is_there and _is_untouched(claimed):
            await amendments.settle(tx, copy.id, AmendmentState.CHANGED, now=now, edited=False)
            await ledger.record_revisions(tx, copy.id, newest.shown)
            return None
        assert copy.telegram_id is not None, "a copy whose number is unknown has ended"
        return PendingAmendment(
            copy.id,
            copy.chat_id,
            copy.telegram_id,
            _with_photo_that_is_there(newest, claimed),
            newest.tombstone,
            newest.shown,
            claimed.attempts,
            claimed.first_tried_at,
            claimed.lost_at,
            chat.post_style,
            html_does=copy.form is Form.DIGEST,
            is_attachment=copy.form is Form.MEDIA,
        )

    async def _newest(self, tx: Connection, copy: SentMessage, chat: Chat, facts: _Facts) -> _Newest:
        """Render the newest message of a copy; compare it with what it shows. Raises MalformedRowError."""
        shown = facts.shown[copy.id]
        readable = await _readable(tx, shown)
        kept = copy.form in _FULL_TEXTS and await saved.is_saved(tx, copy.chat_id, shown[0].article_id)
        last = copy.form is Form.RICH and await tracked_answers.is_last_part(tx, copy)
        counts = facts.counts.get(shown[0].article_id, NOTHING_BESIDE)

        async def render(articles: Sequence[Article], style: PostStyle) -> Message | None:
            rendered = partial(
                self._composer.anew, copy, articles, chat, style=style, saved=kept, counts=counts, last=last
            )
            letters = sum(letters_of(article.content) for article in articles) if copy.form in _FULL_TEXTS else 0
            try:
                return await without_blocking(letters, rendered)
            except Exception as error:
                raise MalformedRowError("message", copy.id, f"it cannot be rendered: {error!r}") from error

        message = await render(readable, chat.post_style)
        same = same_photo = False
        before = [facts.before[revision] for revision in shown if revision in facts.before]
        if len(readable) == len(shown) == len(before):
            # A copy may show a retraction already; the ledger does not know. Another style is no change.
            old = await render(before, copy.post_style)
            new = message if copy.post_style == chat.post_style else await render(readable, copy.post_style)
            same = new == old
            same_photo = message is not None and old is not None and message.media == old.media
        return _Newest(
            message,
            self._composer.tombstone(copy, chat, withdrawn=not readable),
            tuple(ArticleRevision(article.id, article.revision) for article in readable),
            same,
            same_photo,
        )


async def _readable(tx: Connection, shown: Sequence[ArticleRevision]) -> list[Article]:
    """Return the articles of a copy that readers may read. Raises MalformedRowError."""
    stored = await articles.get_many(tx, [revision.article_id for revision in shown])
    if missing := {revision.article_id for revision in shown if revision.article_id} - {
        article.id for article in stored
    }:
        # Its copies must not be deleted like those of a retracted article.
        raise MalformedRowError("article", min(missing), "its text cannot be read")
    return [article for article in stored if article.state in LIVE]


async def _facts(tx: Connection, claimed: Sequence[ClaimedAmendment]) -> _Facts:
    copies = await ledger.get_many(tx, [amendment.message_id for amendment in claimed])
    shown = await _shown(tx, copies)
    read = {copy.article_id for copy in copies if copy.form in _FULL_TEXTS and copy.article_id is not None}
    return _Facts(
        {copy.id: copy for copy in copies},
        await chats.get_many(tx, [copy.chat_id for copy in copies]),
        shown,
        await articles.as_they_were(tx, {revision for revisions in shown.values() for revision in revisions}),
        {article_id: await _counts(tx, article_id) for article_id in read},
    )


async def _shown(tx: Connection, copies: Sequence[SentMessage]) -> dict[int, Sequence[ArticleRevision]]:
    """Return what each copy shows: its own article, or those of a message for several."""
    shared = await ledger.revisions_shown(tx, [copy.id for copy in copies])
    return {
        copy.id: shared.get(copy.id) or [ArticleRevision(copy.article_id or 0, copy.revision)] for copy in copies
    }


def _with_photo_that_is_there(newest: _Newest, claimed: ClaimedAmendment) -> Message | None:
    """Return the newest message of a copy; the photo that the copy shows already is not fetched again."""
    message = newest.message
    if message is not None and newest.photo_is_there and by_address(message) and _is_untouched(claimed):
        return replace(message, media=SAME_MEDIA)
    return message


async def _counts(tx: Connection, article_id: int) -> Counts:
    comment_count = await comments.count(tx, article_id, most=MOST_COUNTED + 1)
    return Counts(
        comment_count,
        await stories.count_elsewhere(tx, article_id),
        *await developing_stories.neighbours(tx, article_id),
    )


async def _leave_malformed(tx: Connection, error: MalformedRowError, claimed: ClaimedAmendment, now: int) -> None:
    """Leave a copy as it is: the rows of its articles or of its chat cannot be read."""
    _log.error("amendment_left", message=claimed.message_id, reason=str(error))
    await amendments.settle(tx, claimed.message_id, AmendmentState.LIVE, now=now, reason=str(error), edited=False)


def _end_of(copy: SentMessage, chat: Chat) -> tuple[AmendmentState, str] | None:
    """Return how a change ends without a try, and why; None where it can be tried."""
    if copy.state is not MessageState.SENT:
        return AmendmentState.GONE, ""
    if copy.telegram_id is None:
        # A person has seen it, but nobody knows its number.
        return AmendmentState.LIVE, "its number is unknown"
    if chat.lost_at is not None:
        return AmendmentState.UNREACHABLE, chat.reason
    return None


def _is_untouched(amendment: ClaimedAmendment) -> bool:
    """Return whether the copy surely shows what the ledger says: no try with an unknown result came in between."""
    return amendment.attempts == 1 and amendment.lost_at is None
