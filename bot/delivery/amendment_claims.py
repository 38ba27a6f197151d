"""Claims of due amendments: each message is rendered from the current revisions of its articles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

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
from storage.malformed import MalformedRowError
from storage.post_style import USUAL_STYLE, PostStyle
from storage.records import LIVE, AmendmentState, Article, ArticleRevision, Chat, Form, MessageState, SentMessage

_log = structlog.get_logger(__name__)
_FULL_TEXTS = (Form.RICH, Form.PAGE)


@dataclass(frozen=True, slots=True)
class Amending:
    """A copy to be changed: put `message` in its place, or delete it (None), else put the tombstone there.

    `shown` are the revisions that it says then, in that `post_style`. `lost_at` (ms) is when an
    edit of it began whose answer was lost. `html_does` tells that its HTML may stand where its rich form is
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
    """The newest message for a copy; `is_there` tells that the copy has this text, perhaps in another style.

    `photo_is_there` tells that it carries the same photo.
    """

    message: Message | None
    tombstone: Message
    shown: tuple[ArticleRevision, ...]
    is_there: bool
    photo_is_there: bool


class AmendmentClaims:
    """Takes on the changes that were picked, in the caller's transaction; `lease` (ms) is how long it has them."""

    def __init__(self, composer: Composer, *, lease: int) -> None:
        self._composer = composer
        self._lease = lease

    async def claim(self, tx: Connection, picked: Sequence[DueAmendment], *, now: int) -> list[Amending]:
        """Claim the picked amendments that are still pending.

        A copy that is out of reach, shows the newest already or has a malformed row ends here instead.
        """
        claimed = await amendments.claim(tx, [one.id for one in picked], now=now, lease_until=now + self._lease)
        if not claimed:
            return []
        copies = {copy.id: copy for copy in await ledger.get_many(tx, [one.message_id for one in claimed])}
        shared = await ledger.revisions_shown(tx, list(copies))
        shown = {
            copy.id: shared.get(copy.id) or [ArticleRevision(copy.article_id or 0, copy.revision)]
            for copy in copies.values()
        }
        before = await articles.as_they_were(tx, {one for revisions in shown.values() for one in revisions})
        known = await chats.get_many(tx, [copy.chat_id for copy in copies.values()])
        read = {copy.article_id for copy in copies.values() if copy.form in _FULL_TEXTS}
        beside = {one: await _counts(tx, one) for one in read if one is not None}
        begun = []
        for one in claimed:
            copy = copies.get(one.message_id)
            chat = known.get(copy.chat_id) if copy is not None else None
            if copy is None or chat is None:
                await _leave_malformed(tx, MalformedRowError("message", one.message_id, "or its chat"), one, now)
                continue
            if (end := _end_of(copy, chat)) is not None:
                await amendments.settle(tx, copy.id, end[0], now=now, reason=end[1])
                continue
            try:
                newest = await self._newest(tx, copy, chat, shown[copy.id], before=before, beside=beside)
            except MalformedRowError as error:
                await _leave_malformed(tx, error, one, now)
                continue
            if newest.is_there and _is_untouched(one):
                await amendments.settle(tx, copy.id, AmendmentState.CHANGED, now=now, edited=False)
                await ledger.record_revisions(tx, copy.id, newest.shown)
                continue
            assert copy.telegram_id is not None, "a copy whose number is unknown has ended"
            message = newest.message
            if message is not None and newest.photo_is_there and by_address(message) and _is_untouched(one):
                message = replace(message, media=SAME_MEDIA)
            begun.append(
                Amending(
                    copy.id,
                    copy.chat_id,
                    copy.telegram_id,
                    message,
                    newest.tombstone,
                    newest.shown,
                    one.attempts,
                    one.first_tried_at,
                    one.lost_at,
                    chat.post_style,
                    html_does=copy.form is Form.DIGEST,
                    is_attachment=copy.form is Form.MEDIA,
                )
            )
        return begun

    async def _newest(
        self,
        tx: Connection,
        copy: SentMessage,
        chat: Chat,
        shown: Sequence[ArticleRevision],
        *,
        before: Mapping[ArticleRevision, Article],
        beside: Mapping[int, Counts],
    ) -> _Newest:
        """Return what a copy that shows these revisions is to say now. Raises MalformedRowError."""
        stored = await articles.get_many(tx, [one.article_id for one in shown])
        if missing := {one.article_id for one in shown if one.article_id} - {article.id for article in stored}:
            # Its copies must not go like those of an article that was taken back.
            raise MalformedRowError("article", min(missing), "its text cannot be read")
        readable = [one for one in stored if one.state in LIVE]
        kept = copy.form in _FULL_TEXTS and await saved.is_saved(tx, copy.chat_id, shown[0].article_id)
        last = copy.form is Form.RICH and await tracked_answers.is_last_part(tx, copy)
        counts = beside.get(shown[0].article_id, NOTHING_BESIDE)

        def say(them: Sequence[Article], style: PostStyle) -> Message | None:
            try:
                return self._composer.anew(copy, them, chat, style=style, saved=kept, counts=counts, last=last)
            except Exception as error:
                raise MalformedRowError("message", copy.id, f"it cannot be rendered: {error!r}") from error

        message = say(readable, chat.post_style)
        same = same_photo = False
        if len(readable) == len(shown) and all(one in before for one in shown):
            # Of what was taken back nobody knows whether the copy says so already. Another style is no change.
            old = say([before[one] for one in shown], copy.post_style)
            new = message if copy.post_style == chat.post_style else say(readable, copy.post_style)
            same = new == old
            same_photo = message is not None and old is not None and message.media == old.media
        return _Newest(
            message,
            self._composer.tombstone(copy, chat, withdrawn=not readable),
            tuple(ArticleRevision(one.id, one.revision) for one in readable),
            same,
            same_photo,
        )


async def _counts(tx: Connection, article_id: int) -> Counts:
    said = await comments.count(tx, article_id, most=MOST_COUNTED + 1)
    return Counts(
        said, await stories.count_elsewhere(tx, article_id), *await developing_stories.neighbours(tx, article_id)
    )


async def _leave_malformed(tx: Connection, error: MalformedRowError, claimed: ClaimedAmendment, now: int) -> None:
    """Let a copy stand as it is: what it shows, or where it is, cannot be read."""
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


def _is_untouched(one: ClaimedAmendment) -> bool:
    """Tell whether the copy surely says what the ledger says: no try of which nobody knows has come in between."""
    return one.attempts == 1 and one.lost_at is None
