"""A person's decisions about a delivery: send it again, believe that it arrived, or abandon it."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from bot.clock import Clock
from bot.errors import ConflictError, NotFoundError
from storage import amendments, audit, chats, daily_counters, deliveries, outbox, uncertain_sends
from storage.audit_details import AuditAction, ChatActionDetails
from storage.engine.connection import Connection
from storage.records import Delivery, DeliveryState, Lane


class OutboxActions:
    """Each is one transaction with its audit entry; `wake` is called where a delivery is pending again.

    All raise NotFoundError for an unknown delivery, and ConflictError where there is nothing to decide any more.
    A message in doubt settles every delivery that it carries. `actor_id` 0 is the command line. `acting` begins the
    transaction of an actor, and raises UserError where they have no right to decide (any more).
    """

    def __init__(
        self,
        acting: Callable[[int], AbstractAsyncContextManager[Connection]],
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        self._acting = acting
        self._clock = clock
        self._wake = wake

    async def retry(self, delivery_id: int, *, actor_id: int) -> None:
        """Make a delivery due at once. An uncertain one has not arrived: a person says so."""
        async with self._acting(actor_id) as tx:
            delivery = await self._get(tx, delivery_id)
            if delivery.state is DeliveryState.UNCERTAIN:
                await outbox.return_to_pending(tx, [_message_of(delivery)], now=self._clock(), reason="")
                _must(await uncertain_sends.delete_missing(tx, _message_of(delivery)))
            else:
                _must(await outbox.retry(tx, delivery_id, now=self._clock()))
            await self._record(tx, actor_id, AuditAction.OUTBOX_RETRY, delivery)
        self._wake()

    async def arrived(self, delivery_id: int, *, actor_id: int) -> None:
        """A person has seen the message in doubt. Where its article has moved on, it counts as standing still."""
        async with self._acting(actor_id) as tx:
            delivery, now = await self._get(tx, delivery_id), self._clock()
            _must(delivery.state is DeliveryState.UNCERTAIN)
            message_id = _message_of(delivery)
            _must(await uncertain_sends.mark_arrived(tx, message_id, now=now))
            await outbox.end_left_out(tx, [message_id], now=now)
            seen = await outbox.settle(tx, [message_id], DeliveryState.SENT, now=now)
            await amendments.enqueue_after_send(tx, [message_id], lane=Lane.BREAKING, now=now)
            await self._record(tx, actor_id, AuditAction.OUTBOX_ARRIVED, delivery)
            await daily_counters.count_sent(tx, seen, now=now)
        self._wake()

    async def drop(self, delivery_id: int, *, actor_id: int) -> None:
        """Withdraw a delivery that waits, was refused or is in doubt."""
        async with self._acting(actor_id) as tx:
            delivery, now = await self._get(tx, delivery_id), self._clock()
            if delivery.state is DeliveryState.UNCERTAIN:
                message_id = _message_of(delivery)
                await outbox.settle(tx, [message_id], DeliveryState.WITHDRAWN, now=now, reason="dropped")
                _must(await uncertain_sends.delete_missing(tx, message_id))
            else:
                _must(await outbox.withdraw(tx, delivery_id, now=now))
            await self._record(tx, actor_id, AuditAction.OUTBOX_DROP, delivery)

    async def _get(self, tx: Connection, delivery_id: int) -> Delivery:
        delivery = await deliveries.get(tx, delivery_id)
        if delivery is None:
            raise NotFoundError("outbox-unknown", id=delivery_id)
        return delivery

    async def _record(self, tx: Connection, actor_id: int, action: AuditAction, delivery: Delivery) -> None:
        chat = await chats.get(tx, delivery.chat_id)
        details = ChatActionDetails(delivery.chat_id, chat.title if chat else "")
        await audit.record(tx, actor_id, action, now=self._clock(), article_id=delivery.article_id, details=details)


def _message_of(delivery: Delivery) -> int:
    assert delivery.message_id is not None, "a message carries what is in doubt"
    return delivery.message_id


def _must(done: bool) -> None:
    if not done:
        raise ConflictError("outbox-settled")
