"""The claim: in one transaction, what goes next is chosen for good, rendered, and written down as being sent."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery.compose import Composed, Composer
from bot.render.headline import MOST_IN_ROUNDUP
from bot.render.message import Message
from storage import amendments, articles, chats, ledger, outbox, saved
from storage.amendments import Due
from storage.ledger import Draft
from storage.outbox import Ready
from storage.records import (
    AmendmentState,
    ArticleState,
    Chat,
    ChatKind,
    ChatState,
    Delivery,
    DeliveryState,
    Form,
    MessageState,
    SentMessage,
)

PUSH_LIFE_MS = 3 * 24 * 3600 * 1000
"""How long (ms) after its time a headline may still be sent."""
LATE_MS = 10 * 60_000
"""When the bulk is so late (ms), instant headlines for one person share a roundup."""


@dataclass(frozen=True, slots=True)
class Sending:
    """A send that begins with the commit of its claim. `message_id` is the ledger's row; instants are ms."""

    message_id: int
    chat_id: int
    topic_id: int
    priority: int
    composed: Composed
    attempts: int
    first_tried_at: int


@dataclass(frozen=True, slots=True)
class Amending:
    """A copy to be changed: put `message` in its place, or delete it (None), else put the tombstone there.

    `shown` are the (article, revision) pairs that it says then.
    """

    message_id: int
    chat_id: int
    telegram_id: int
    message: Message | None
    tombstone: Message
    shown: tuple[tuple[int, int], ...]
    attempts: int
    first_tried_at: int


async def claim_deliveries(
    tx: AsyncConnection, composer: Composer, picked: Sequence[Ready], *, now: int, lease_until: int
) -> list[Sending]:
    """Claim what was picked, as far as it waits still; what is too old or retracted ends here instead."""
    groups = await _groups(tx, picked, now)
    versions = await articles.versions(tx, {one.article_id for group in groups for one in group})
    groups = await _sendable(tx, groups, versions, now)
    known = await chats.get_many(tx, [group[0].chat_id for group in groups])
    shared = [chat.id for chat in known.values() if chat.kind is not ChatKind.PRIVATE]
    floors = await ledger.newest_known_ids(tx, shared) if shared else {}
    payloads: dict[str, int] = {}
    drafts, prepared = [], []
    for group in groups:
        chat, head = known[group[0].chat_id], group[0]
        shown = tuple((one.article_id, versions[one.article_id][0]) for one in group)
        composed = await _composed(tx, composer, shown, chat)
        if composed.key not in payloads:
            payloads[composed.key] = await ledger.put_payload(tx, composed.body, key=composed.key, now=now)
        drafts.append(
            Draft(
                chat_id=chat.id,
                topic_id=head.topic_id,
                form=_form(group, composed),
                language=composer.language(chat),
                articles=shown,
                payload_id=payloads[composed.key],
                floor_id=floors.get(chat.id),
                doubt=any(one.doubt for one in group),
            )
        )
        prepared.append((group, composed))
    begun = await ledger.begin(tx, drafts, now=now, lease_until=lease_until)
    bound = [(group, composed) for group, composed in prepared if group[0].chat_id in begun]
    pairs = [(one.id, begun[one.chat_id]) for group, _ in bound for one in group]
    await outbox.mark_sending(tx, pairs, now=now)
    return [
        Sending(
            begun[group[0].chat_id],
            group[0].chat_id,
            group[0].topic_id,
            group[0].priority,
            composed,
            group[0].attempts + 1,
            group[0].first_tried_at or now,
        )
        for group, composed in bound
    ]


async def claim_amendments(
    tx: AsyncConnection, composer: Composer, picked: Sequence[Due], *, now: int, lease_until: int
) -> list[Amending]:
    """Claim what was picked, as far as it waits still; a copy that is out of reach ends here instead."""
    claimed = await amendments.claim(tx, [one.id for one in picked], now=now, lease_until=lease_until)
    if not claimed:
        return []
    copies = {copy.id: copy for copy in await ledger.get_many(tx, [one.message_id for one in claimed])}
    roundups = await ledger.shown_in(tx, list(copies))
    known = await chats.get_many(tx, [copy.chat_id for copy in copies.values()])
    begun = []
    for one in claimed:
        copy = copies[one.message_id]
        chat = known[copy.chat_id]
        if copy.state is not MessageState.SENT:
            await amendments.settle(tx, copy.id, AmendmentState.GONE, now=now)
            continue
        if copy.telegram_id is None:
            # A person has seen it, but nobody knows its number: it stands as it was.
            await amendments.settle(tx, copy.id, AmendmentState.LIVE, now=now, reason="its number is unknown")
            continue
        if chat.state is ChatState.INACTIVE:
            await amendments.settle(tx, copy.id, AmendmentState.UNREACHABLE, now=now, reason=chat.reason)
            continue
        message, shown = await _newest(tx, composer, copy, chat, roundups.get(copy.id, []))
        begun.append(
            Amending(
                copy.id,
                copy.chat_id,
                copy.telegram_id,
                message,
                composer.tombstone(copy, chat),
                shown,
                one.attempts,
                one.first_tried_at,
            )
        )
    return begun


async def _groups(tx: AsyncConnection, picked: Sequence[Ready], now: int) -> list[list[Delivery]]:
    """Return each picked delivery with those that share its roundup, held by this transaction."""
    late_before = now - LATE_MS
    alone: list[Ready] = []
    folding: list[Ready] = []
    for one in picked:
        late = one.chat_id > 0 and one.due_at < late_before
        (folding if one.fold or late else alone).append(one)
    groups = [[one] for one in await outbox.lock_pending(tx, [one.id for one in alone])] if alone else []
    heads = {one.chat_id: one for one in folding}
    for border, chat_ids in (
        (late_before, [chat_id for chat_id in heads if chat_id > 0]),
        (0, [chat_id for chat_id in heads if chat_id < 0]),
    ):
        if not chat_ids:
            continue
        for (chat_id, _), group in (await outbox.lock_roundups(tx, chat_ids, late_before=border)).items():
            if heads[chat_id].id not in [one.id for one in group]:
                continue  # another topic's, or taken by another process
            same = [one for one in group if one.priority == heads[chat_id].priority]
            groups.append(same[:MOST_IN_ROUNDUP])
    return groups


async def _sendable(
    tx: AsyncConnection,
    groups: list[list[Delivery]],
    versions: dict[int, tuple[int, ArticleState]],
    now: int,
) -> list[list[Delivery]]:
    """Return the groups without what is too old or not published any more; that ends here."""
    old, lost, kept = [], [], []
    for group in groups:
        left = []
        for one in group:
            if versions[one.article_id][1] is not ArticleState.PUBLISHED:
                lost.append(one.id)
            elif one.due_at < now - PUSH_LIFE_MS:
                old.append(one.id)
            else:
                left.append(one)
        if left:
            kept.append(left)
    if old:
        await outbox.end_pending(tx, old, DeliveryState.EXPIRED, now=now, reason="too old")
    if lost:
        await outbox.end_pending(tx, lost, DeliveryState.WITHDRAWN, now=now, reason="retracted")
    return kept


def _form(group: Sequence[Delivery], composed: Composed) -> Form:
    if len(group) > 1:
        return Form.ROUNDUP
    return Form.PHOTO if composed.message.photo else Form.HEADLINE


async def _composed(
    tx: AsyncConnection, composer: Composer, shown: Sequence[tuple[int, int]], chat: Chat
) -> Composed:
    key = composer.key(shown, chat)
    known = composer.remembered(key)
    if known is not None:
        return known
    return composer.compose(key, await articles.get_many(tx, [article_id for article_id, _ in shown]), chat)


async def _newest(
    tx: AsyncConnection,
    composer: Composer,
    copy: SentMessage,
    chat: Chat,
    roundup: Sequence[tuple[int, int]],
) -> tuple[Message | None, tuple[tuple[int, int], ...]]:
    """Return what a copy is to say now (None: nothing), and which (article, revision) pairs that shows."""
    shown = [article_id for article_id, _ in roundup] or [copy.article_id or 0]
    found = await articles.get_many(tx, shown)
    readable = [one for one in found if one.state is ArticleState.PUBLISHED]
    kept = copy.form in (Form.RICH, Form.PAGE) and await saved.holds(tx, copy.chat_id, shown[0])
    message = composer.anew(copy, readable, chat, saved=kept)
    return message, tuple((one.id, one.revision) for one in found)
