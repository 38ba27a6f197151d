"""Any sequence of publications, claims, answers and losses leaves the outbox as a plain-Python model says."""

from dataclasses import dataclass
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from persian.schedule import INSTANT
from storage import articles, chats, deliveries, fanouts, ledger, lost_chats, outbox, subscriptions
from storage.engine.connection import Connection
from storage.ledger import MessageDraft
from storage.records import (
    ArticleRevision,
    ArticleState,
    ChatKind,
    Content,
    DeliveryState,
    FanOut,
    FanOutKind,
    Form,
    Lane,
)
from storage.records import MessageState as Message
from tests.storage.conftest import OpenedDatabase
from tests.storage.machine import NOW, StorageMachine, run

PLACES = {-1: ChatKind.CHANNEL, -2: ChatKind.CHANNEL, 3: ChatKind.PRIVATE}
places = st.sampled_from(list(PLACES))


@dataclass
class Owed:
    """The model's knowledge of a delivery."""

    state: DeliveryState
    message_id: int | None = None


class Outbox(StorageMachine):
    """Three chats that follow everything, and whatever happens to what they are owed."""

    def __init__(self) -> None:
        super().__init__()
        self.articles: list[int] = []
        self.lost: set[int] = set()
        self.owed: dict[tuple[int, int], Owed] = {}
        for place, kind in PLACES.items():
            self.do(partial(_meet, place=place, kind=kind))

    def check(self) -> None:
        counts = self.see(deliveries.counts)
        states = [owed.state for owed in self.owed.values()]
        assert counts == {state: states.count(state) for state in set(states)}

    @invariant()
    def one_send_at_a_time_for_each_chat(self) -> None:
        open_now = (DeliveryState.SENDING, DeliveryState.UNCERTAIN)
        busy = [place for (place, _), owed in self.owed.items() if owed.state in open_now]
        assert len(busy) == len(set(busy))

    @rule()
    def publish(self) -> None:
        article_id = self.do(_publish)
        self.articles.append(article_id)
        self._fan_out()
        for place in PLACES.keys() - self.lost:
            self.owed[place, article_id] = Owed(DeliveryState.PENDING)

    @precondition(lambda self: self.articles)
    @rule(which=st.integers(0, 20))
    def publish_again_and_nothing_is_owed_twice(self, which: int) -> None:
        article_id = self.articles[which % len(self.articles)]
        again = self.do(lambda tx: fanouts.begin(tx, article_id, FanOutKind.HEADLINE, now=NOW))
        assert again is False

    @rule(place=places)
    def claim(self, place: int) -> None:
        waiting = [
            number for (chat, number), owed in self.owed.items() if chat == place and owed.state == "pending"
        ]
        begun = self.do(lambda tx: _claim(tx, place))
        if self._under_way(place) or not waiting:
            assert begun is None
            return
        assert begun is not None
        article_id, message_id = begun
        assert article_id == waiting[0], "a chat's headlines go in their order"
        self.owed[place, article_id] = Owed(DeliveryState.SENDING, message_id)

    @rule(place=places)
    def arrive(self, place: int) -> None:
        for owed in self._under_way(place):
            assert owed.message_id is not None
            self.do(partial(ledger.mark_sent, pairs=[(owed.message_id, owed.message_id)], now=NOW))
            self._settle(owed, DeliveryState.SENT)

    @rule(place=places, again=st.booleans())
    def fail(self, place: int, again: bool) -> None:
        for owed in self._under_way(place):
            message_id = owed.message_id
            assert message_id is not None
            if again:
                self.do(partial(outbox.return_to_pending, message_ids=[message_id], now=NOW, reason="x"))
                lost = place in self.lost
                owed.state = DeliveryState.WITHDRAWN if lost else DeliveryState.PENDING
                owed.message_id = None
            else:
                self._settle(owed, DeliveryState.REFUSED)
            self.do(partial(ledger.delete_unsent, message_ids=[message_id]))

    @rule()
    def crash(self) -> None:
        lost = self.do(ledger.expire_leases)
        sending = [owed for owed in self.owed.values() if owed.state is DeliveryState.SENDING]
        assert sorted(lost) == sorted(owed.message_id or 0 for owed in sending)
        for owed in sending:
            self._settle(owed, DeliveryState.UNCERTAIN)
        questions = self.see(ledger.uncertain_messages).records
        uncertain = [owed.message_id for owed in self.owed.values() if owed.state is DeliveryState.UNCERTAIN]
        assert [question.id for question in questions] == sorted(number for number in uncertain if number)

    @rule(place=places)
    def lose(self, place: int) -> None:
        self.do(lambda tx: lost_chats.mark_lost(tx, place, "kicked", now=NOW))
        self.lost.add(place)
        for (chat, _), owed in self.owed.items():
            if chat == place and owed.state is DeliveryState.PENDING:
                owed.state = DeliveryState.WITHDRAWN

    @rule(place=places)
    def come_back(self, place: int) -> None:
        self.do(lambda tx: lost_chats.mark_found(tx, place, now=NOW))
        self.lost.discard(place)

    @precondition(lambda self: self.articles)
    @rule(which=st.integers(0, 20))
    def retract(self, which: int) -> None:
        article_id = self.articles[which % len(self.articles)]
        self.do(lambda tx: fanouts.begin(tx, article_id, FanOutKind.RETRACTION, now=NOW))
        self._fan_out()
        for (_, number), owed in self.owed.items():
            if number == article_id and owed.state is DeliveryState.PENDING:
                owed.state = DeliveryState.WITHDRAWN

    def _under_way(self, place: int) -> list[Owed]:
        open_now = (DeliveryState.SENDING, DeliveryState.UNCERTAIN)
        return [owed for (chat, _), owed in self.owed.items() if chat == place and owed.state in open_now]

    def _settle(self, owed: Owed, state: DeliveryState) -> None:
        self.do(lambda tx: outbox.settle(tx, [owed.message_id or 0], state, now=NOW))
        owed.state = state

    def _fan_out(self) -> None:
        while (work := self.see(fanouts.next_open)) is not None:
            self.do(partial(_chunk, work=work))


async def _meet(tx: Connection, place: int, kind: ChatKind) -> None:
    await chats.ensure(tx, place, kind=kind, schedule=INSTANT, timezone="Asia/Tehran", now=NOW)
    await subscriptions.subscribe(tx, place, None, now=NOW)


async def _publish(tx: Connection) -> int:
    article_id = await articles.insert(tx, Content("تیتر"), category_id=1, now=NOW, published_at=NOW)
    assert await articles.release(tx, article_id, published_at=NOW, now=NOW)
    assert await fanouts.begin(tx, article_id, FanOutKind.HEADLINE, now=NOW)
    return article_id


async def _chunk(tx: Connection, work: FanOut) -> None:
    end = None
    if work.kind is FanOutKind.HEADLINE:
        end = await fanouts.chunk_end(tx, work, 1)
        await fanouts.deliver_now(tx, work, end, lane=Lane.HEADLINE, now=NOW)
    elif work.rank == 0:
        await fanouts.withdraw(tx, work, 100, now=NOW)
    await fanouts.advance(tx, work, end, now=NOW)


async def _claim(tx: Connection, place: int) -> tuple[int, int] | None:
    """Claim the chat's next delivery as a worker does; return the article and the message's row."""
    ready = await outbox.ready_for(tx, [place], NOW)
    held = await outbox.lock_pending(tx, [delivery.id for delivery in ready])
    if not held:
        return None
    shown = (ArticleRevision(held[0].article_id, 1),)
    assert (await articles.versions(tx, [held[0].article_id]))[held[0].article_id][:2] == (
        1,
        ArticleState.PUBLISHED,
    )
    draft = MessageDraft(place, 0, Form.HEADLINE, "fa", shown, 1, None, False)
    begun = await ledger.begin(tx, [draft], now=NOW, lease_until=NOW)
    if place not in begun:
        return None
    await outbox.mark_sending(tx, [(held[0].id, begun[place])], now=NOW)
    (copy,) = await ledger.get_many(tx, [begun[place]])
    assert copy.state is Message.SENDING
    return held[0].article_id, begun[place]


def test_the_outbox(opened_database: OpenedDatabase) -> None:
    run(Outbox, opened_database)
