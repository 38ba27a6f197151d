"""Claims of deliveries: one transaction chooses what goes next, renders it, and records it as being sent."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass

import structlog

from bot.delivery.rendering import Composed, Composer, Rendition
from bot.delivery.revision_cache import RevisionCache
from bot.render.digest import MOST_IN_DIGEST, MOST_IN_ROUNDUP
from bot.time_zones import time_zone
from storage import articles, developing_stories, ledger, outbox, scheduled
from storage.engine.connection import Connection
from storage.ledger import MessageDraft
from storage.malformed import MalformedRowError
from storage.outbox import LockedDelivery, ReadyDelivery
from storage.post_style import USUAL_STYLE, PostStyle
from storage.records import SHARED, ArticleRevision, ChatKind, DeliveryState, Form, Lane, Priority

PUSH_LIFE_MS = 3 * 24 * 3600 * 1000
"""The time (ms) after its due time in which a headline may still be sent."""
_PAYLOAD_TRUSTED_MS = 12 * 3600 * 1000  # housekeeping leaves payloads for a day at least
_PAYLOADS_KNOWN = 1_000
LATE_MS = 10 * 60_000
"""The delay (ms) of the bulk from which instant headlines for one person share a digest."""
_CHAT_KINDS = set(ChatKind)
_log = structlog.get_logger(__name__)
_MOST = {Form.HEADLINE: 1, Form.DIGEST: MOST_IN_DIGEST, Form.ROUNDUP: MOST_IN_ROUNDUP}


@dataclass(frozen=True, slots=True)
class Sending:
    """A send that begins with the commit of its claim. `message_id` is the ledger's row; instants are ms.

    `shown` are the revisions that it says. `breaking` news is to be noticed; `silent` is not.
    `reply_to` is the id of the post that it answers: the one of the earlier article of a developing story.
    `released_at` is when the first of the articles was published, None where a schedule or quiet hours put it off.
    """

    message_id: int
    chat_id: int
    topic_id: int
    priority: Priority
    breaking: bool
    silent: bool
    composed: Composed
    shown: tuple[ArticleRevision, ...]
    attempts: int
    first_tried_at: int
    reply_to: int | None = None
    released_at: int | None = None


@dataclass(frozen=True, slots=True)
class _PreparedMessage:
    """A composed message: the deliveries that it ends, the revisions that it shows, and how many it leaves out."""

    group: Sequence[LockedDelivery]
    shown: tuple[ArticleRevision, ...]
    composed: Composed
    left_out: int

    @property
    def head(self) -> LockedDelivery:
        """The delivery that stands for all."""
        return self.group[0]


class DeliveryClaims:
    """Claims picked deliveries; every method runs in the caller's transaction.

    `takes_rich` says whether the server accepts rich messages. A claim lasts for `lease` (ms); `shared` means that
    other apps work on the database.
    """

    def __init__(
        self, composer: Composer, takes_rich: Callable[[], bool], *, lease: int, shared: bool = False
    ) -> None:
        self._composer = composer
        self._takes_rich = takes_rich
        self._lease = lease
        self._shared = shared
        self._payloads: dict[str, tuple[int, int]] = {}

    def forget_payloads(self) -> None:
        """Forget the cached payload ids: a transaction that stored some was rolled back."""
        self._payloads.clear()

    async def deliveries(
        self,
        tx: Connection,
        picked: Sequence[ReadyDelivery],
        versions: RevisionCache,
        *,
        now: int,
        spare: Sequence[ReadyDelivery] = (),
    ) -> list[Sending]:
        """Claim the picked deliveries that are still pending, and one of the `spare` ones for each that is not.

        One that is too old, retracted or malformed ends here instead.
        """
        groups = await _groups(tx, picked, spare, now)
        await versions.know(tx, {delivery.article_id for group in groups for delivery in group})
        groups = await _sendable(tx, groups, versions, now)
        prepared = await self._all_prepared(tx, groups, versions, now)
        begun = await self._begin(tx, prepared, now)
        bound = [message for message in prepared if message.head.chat_id in begun]
        await _mark_sending(tx, bound, begun, now)
        single = [message.head for message in bound if len(message.shown) == 1]
        answered = await _earlier_posts(tx, single, versions)
        return [
            _sending(
                message,
                begun[message.head.chat_id],
                now=now,
                reply_to=answered.get(message.head.id),
                released_at=None if message.head.fold else versions.released_at(message.head.article_id),
            )
            for message in bound
        ]

    async def _begin(self, tx: Connection, prepared: Sequence[_PreparedMessage], now: int) -> dict[int, int]:
        """Record the messages as being sent; return the ledger's id of each that may go now, by chat."""
        shared = [message.head.chat_id for message in prepared if message.head.kind != ChatKind.PRIVATE]
        floors = await ledger.newest_known_ids(tx, shared) if shared else {}
        drafts = [await self._draft(tx, message, floors, now) for message in prepared]
        begun = await ledger.begin(tx, drafts, now=now, lease_until=now + self._lease)
        if self._shared:
            await _let_pass(tx, begun, [message.head for message in prepared], now)
        return begun

    async def _all_prepared(
        self, tx: Connection, groups: Sequence[list[LockedDelivery]], versions: RevisionCache, now: int
    ) -> list[_PreparedMessage]:
        """Compose the messages of groups; one with a malformed article is refused instead."""
        prepared = [await self._prepared_or_refused(tx, group, versions, now) for group in groups]
        return [message for message in prepared if message is not None]

    async def _prepared_or_refused(
        self, tx: Connection, waiting: Sequence[LockedDelivery], versions: RevisionCache, now: int
    ) -> _PreparedMessage | None:
        """Compose the message for those that wait for a chat; refuse those that cannot be rendered, for None."""
        try:
            return await self._prepared(tx, waiting, versions, now)
        except MalformedRowError:
            await self._refuse_malformed(tx, waiting, versions, now)
            return None

    async def _prepared(
        self, tx: Connection, waiting: Sequence[LockedDelivery], versions: RevisionCache, now: int
    ) -> _PreparedMessage:
        """Compose the message for those that wait for a chat. Raises MalformedRowError."""
        shown, composed, left = await self._composed(tx, waiting, versions, now)
        # A digest ends what it has no room for, too.
        return _PreparedMessage(waiting if left else waiting[: len(shown)], shown, composed, left)

    async def _draft(
        self, tx: Connection, message: _PreparedMessage, floors: Mapping[int, int], now: int
    ) -> MessageDraft:
        """Return the row of a message for the ledger, with its stored payload."""
        head, form = message.head, message.composed.form
        return MessageDraft(
            chat_id=head.chat_id,
            topic_id=head.topic_id,
            form=form,
            language=message.composed.language,
            articles=message.shown,
            payload_id=await self._payload(tx, message.composed, now),
            floor_id=floors.get(head.chat_id),
            doubt=any(delivery.doubt for delivery in message.group),
            post_style=_style(form, head),
            left_out=message.left_out,
        )

    async def _composed(
        self, tx: Connection, waiting: Sequence[LockedDelivery], versions: RevisionCache, now: int
    ) -> tuple[tuple[ArticleRevision, ...], Composed, int]:
        """Return what a message shows of those that wait for a chat, itself, and how many it leaves out for good.

        Of too many a digest has the newest, and counts the rest; HTML has the oldest, and the rest follows.
        """
        for form in self._forms(waiting):
            group = waiting[-_MOST[form] :] if form is Form.DIGEST else waiting[: _MOST[form]]
            left = len(waiting) - len(group) if form is Form.DIGEST else 0
            shown = tuple(versions.newest(delivery.article_id) for delivery in group)
            head = waiting[0]
            language = self._composer.language(head)
            rendition = Rendition(language, head.timezone, form, now, _style(form, head), left)
            composed = await self._rendered(tx, shown, rendition, versions)
            if not composed.is_refused:
                break
        return shown, composed, left

    async def _rendered(
        self, tx: Connection, shown: Sequence[ArticleRevision], rendition: Rendition, versions: RevisionCache
    ) -> Composed:
        breaking = {revision.article_id for revision in shown if versions.is_breaking(revision.article_id)}
        key = self._composer.key(shown, rendition, breaking=breaking)
        known = self._composer.remembered(key)
        if known is not None:
            return known
        about = [revision.article_id for revision in shown]
        readable = await articles.get_many(tx, about)
        if missing := set(about) - {article.id for article in readable}:
            raise MalformedRowError("article", min(missing), "its text cannot be read")
        try:
            return self._composer.compose(key, readable, rendition)
        except Exception as error:
            raise MalformedRowError("article", about[0], f"it cannot be rendered: {error!r}") from error

    async def _refuse_malformed(
        self, tx: Connection, waiting: Sequence[LockedDelivery], versions: RevisionCache, now: int
    ) -> None:
        """Refuse those of a group's deliveries that cannot be rendered even alone; the others stay pending."""
        refused = {}
        for delivery in waiting:
            try:
                await self._composed(tx, [delivery], versions, now)
            except MalformedRowError as error:
                refused[delivery.id] = str(error)
        if not refused:
            refused = {delivery.id: "its digest cannot be rendered" for delivery in waiting}
        await _refuse(tx, refused, now)

    def _forms(self, waiting: Sequence[LockedDelivery]) -> tuple[Form, ...]:
        """Return the forms that do for a group, the best first; the last one always does."""
        if len(waiting) == 1:
            return (Form.HEADLINE,)
        if self._takes_rich() and waiting[0].takes_rich_digests:
            return Form.DIGEST, Form.ROUNDUP
        return (Form.ROUNDUP,)

    async def _payload(self, tx: Connection, composed: Composed, now: int) -> int:
        known = self._payloads.get(composed.key)
        if known is not None and now - known[1] < _PAYLOAD_TRUSTED_MS:
            return known[0]
        payload_id = await ledger.put_payload(tx, composed.body, key=composed.key, now=now)
        if len(self._payloads) >= _PAYLOADS_KNOWN:
            self._payloads.clear()
        self._payloads[composed.key] = (payload_id, now)
        return payload_id


async def _groups(
    tx: Connection, picked: Sequence[ReadyDelivery], spare: Sequence[ReadyDelivery], now: int
) -> list[list[LockedDelivery]]:
    """Return each picked delivery with those that may share a digest with it, locked by this transaction.

    One that goes by itself and is not pending any more is replaced by the next of the `spare` ones that do.
    """
    late_before = now - LATE_MS
    heads = {delivery.chat_id: delivery for delivery in picked if _may_fold(delivery, late_before)}
    private = [chat_id for chat_id in heads if chat_id > 0]
    shared = [chat_id for chat_id in heads if chat_id < 0]
    return [
        *await _locked_alone(tx, _alone(picked, late_before), _alone(spare, late_before)),
        *await _locked_digests(tx, heads, private, late_before=late_before),
        *await _locked_digests(tx, heads, shared, late_before=0),
    ]


async def _locked_alone(
    tx: Connection, alone: Sequence[ReadyDelivery], spare: Sequence[ReadyDelivery]
) -> list[list[LockedDelivery]]:
    """Lock as many deliveries that go by themselves as were picked, each as a group."""
    if not alone:
        return []
    ids = [delivery.id for delivery in (*alone, *spare)]
    return [[delivery] for delivery in await outbox.lock_pending(tx, ids, limit=len(alone))]


async def _locked_digests(
    tx: Connection, heads: Mapping[int, ReadyDelivery], chat_ids: Sequence[int], *, late_before: int
) -> list[list[LockedDelivery]]:
    """Lock, for each chat, the deliveries that may share a digest with its head."""
    if not chat_ids:
        return []
    groups: list[list[LockedDelivery]] = []
    for (chat_id, _), group in (await outbox.lock_foldable(tx, chat_ids, late_before=late_before)).items():
        head = heads[chat_id]
        # A group without the head is another topic's, or another process took the head.
        if any(delivery.id == head.id for delivery in group):
            groups.append([delivery for delivery in group if delivery.priority == head.priority])
    return groups


async def _mark_sending(
    tx: Connection, messages: Sequence[_PreparedMessage], begun: Mapping[int, int], now: int
) -> None:
    """Bind the deliveries of messages to their rows in the ledger."""
    rows = [(delivery.id, begun[delivery.chat_id]) for message in messages for delivery in message.group]
    await outbox.mark_sending(tx, rows, now=now)


def _alone(deliveries: Sequence[ReadyDelivery], late_before: int) -> list[ReadyDelivery]:
    """Return the deliveries that go by themselves."""
    return [delivery for delivery in deliveries if not _may_fold(delivery, late_before)]


def _may_fold(delivery: ReadyDelivery, late_before: int) -> bool:
    """Return whether a delivery may share a message: it is for a digest, or is late and for one person."""
    late = delivery.chat_id > 0 and delivery.due_at < late_before
    return (delivery.fold or late) and not delivery.alone


async def _earlier_posts(
    tx: Connection, heads: Sequence[LockedDelivery], versions: RevisionCache
) -> dict[int, int]:
    """Return by delivery the message id of the earlier article's post in its chat, where there is one."""
    follows = {
        delivery.id: followed
        for delivery in heads
        if (followed := versions.followed_by(delivery.article_id)) is not None
    }
    if not follows:
        return {}
    following = [delivery for delivery in heads if delivery.id in follows]
    posts = await developing_stories.posts(tx, set(follows.values()), {delivery.chat_id for delivery in following})
    message_ids = {
        delivery.id: posts.get((follows[delivery.id], delivery.chat_id, delivery.topic_id))
        for delivery in following
    }
    return {delivery_id: message_id for delivery_id, message_id in message_ids.items() if message_id is not None}


async def _let_pass(tx: Connection, begun: dict[int, int], heads: Sequence[LockedDelivery], now: int) -> None:
    """Remove from `begun` the chats in which a row that goes first became due again.

    Another process may return its delivery to pending after we read the queue; only its commit lets us begin.
    """
    first = {delivery.chat_id: delivery.key for delivery in await outbox.ready_for(tx, list(begun), now)}
    passed = [
        begun.pop(delivery.chat_id)
        for delivery in heads
        if delivery.chat_id in begun and first.get(delivery.chat_id, delivery.key) < delivery.key
    ]
    if passed:
        await ledger.delete_unsent(tx, passed)


async def _sendable(
    tx: Connection,
    groups: list[list[LockedDelivery]],
    versions: RevisionCache,
    now: int,
) -> list[list[LockedDelivery]]:
    """Return the groups without what is too old or not published any more; that ends here."""
    repeated = await _sent_as_breaking(tx, groups, versions)
    kept: list[list[LockedDelivery]] = []
    ends: defaultdict[_End, list[int]] = defaultdict(list)
    for group in groups:
        trouble = _trouble_with(group[0])
        pending = []
        for delivery in group:
            end = _End(DeliveryState.REFUSED, trouble) if trouble else _end_of(delivery, versions, repeated, now)
            if end is None:
                pending.append(delivery)
            else:
                ends[end].append(delivery.id)
        if pending:
            kept.append(pending)
    await _end_unsent(tx, ends, now)
    return kept


async def _sent_as_breaking(
    tx: Connection, groups: Sequence[list[LockedDelivery]], versions: RevisionCache
) -> set[int]:
    """Return the deliveries of articles whose breaking news has been sent to the same chat."""
    raised = [delivery for group in groups for delivery in group if versions.is_breaking(delivery.article_id)]
    if not raised:
        return set()
    return await scheduled.sent_as_breaking(tx, [delivery.id for delivery in raised if not _is_breaking(delivery)])


async def _end_unsent(tx: Connection, ends: Mapping["_End", Sequence[int]], now: int) -> None:
    for end, delivery_ids in ends.items():
        if end.state is DeliveryState.REFUSED:
            await _refuse(tx, dict.fromkeys(delivery_ids, end.reason), now)
        else:
            await outbox.end_pending(tx, delivery_ids, end.state, now=now, reason=end.reason)


@dataclass(frozen=True, slots=True)
class _End:
    """The state and the reason with which a delivery ends unsent."""

    state: DeliveryState
    reason: str


def _end_of(delivery: LockedDelivery, versions: RevisionCache, sent_as_breaking: Set[int], now: int) -> _End | None:
    """Return how a delivery ends without a send, None where it is still to be sent."""
    article_id = delivery.article_id
    if versions.is_malformed(article_id):
        reason = str(MalformedRowError("article", article_id, "its state cannot be read"))
        return _End(DeliveryState.REFUSED, reason)
    if not versions.is_live(article_id):
        return _End(DeliveryState.WITHDRAWN, "retracted")
    if delivery.id in sent_as_breaking:
        return _End(DeliveryState.WITHDRAWN, "raised to breaking")
    if delivery.due_at < now - PUSH_LIFE_MS:
        return _End(DeliveryState.EXPIRED, "too old")
    return None


async def _refuse(tx: Connection, reasons: Mapping[int, str], now: int) -> None:
    """Refuse deliveries for the reasons given by their ids."""
    for delivery_id, reason in reasons.items():
        _log.error("delivery_refused", delivery=delivery_id, reason=reason)
        await outbox.end_pending(tx, [delivery_id], DeliveryState.REFUSED, now=now, reason=reason)


def _trouble_with(chat: LockedDelivery) -> str:
    """Return why nothing can be rendered for a chat, "" where its row is well-formed."""
    try:
        time_zone(chat.timezone)
    except ValueError as error:
        return str(MalformedRowError("chat", chat.chat_id, error))
    return "" if chat.kind in _CHAT_KINDS else str(MalformedRowError("chat", chat.chat_id, f"kind {chat.kind!r}"))


def _sending(
    message: _PreparedMessage, message_id: int, *, now: int, reply_to: int | None, released_at: int | None
) -> Sending:
    """Return the send of a message by the first of its deliveries."""
    head = message.head
    breaking = _is_breaking(head)
    return Sending(
        message_id=message_id,
        chat_id=head.chat_id,
        topic_id=head.topic_id,
        priority=head.priority,
        breaking=breaking,
        silent=head.silent and not breaking,
        composed=message.composed,
        shown=message.shown,
        attempts=head.attempts + 1,
        first_tried_at=head.first_tried_at or now,
        reply_to=reply_to,
        released_at=released_at,
    )


def _is_breaking(delivery: LockedDelivery) -> bool:
    return delivery.priority.lane is Lane.BREAKING


def _style(form: Form, head: LockedDelivery) -> PostStyle:
    """Return the style of the chat's posts; several headlines in one message look the same everywhere."""
    return USUAL_STYLE if form in SHARED else head.post_style
