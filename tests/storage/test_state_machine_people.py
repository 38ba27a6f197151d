"""Any sequence of acts of readers, staff and Telegram on either database leaves what a plain-Python model says."""

import json
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import rule

from persian.schedule import INSTANT
from storage import chats, dialogues, inbox, key_value, staff, subscriptions
from storage.inbox import Received
from storage.records import Admission, ChatKind, Role
from tests.storage.conftest import OpenedDatabase
from tests.storage.machine import NOW, StorageMachine, instants, people, run, titles
from tests.storage.model import ModelChat, ModelUpdate

places = st.sampled_from([-1, -2])
roles = st.sampled_from(Role)
followed = st.sampled_from([None, 0, 1])

_FIRMNESS = (Admission.WAITING, Admission.ADMITTED, Admission.DENIED)
"""The admission that stands of two ids of a group, where no owner decided: the last."""


class Audience(StorageMachine):
    """Chats and what they follow."""

    def __init__(self) -> None:
        super().__init__()
        self.chats: dict[int, ModelChat] = {}

    def check(self) -> None:
        self._chats_are_as_told()

    @rule(place=places, kind=st.sampled_from(ChatKind), title=titles, now=instants)
    def meet(self, place: int, kind: ChatKind, title: str, now: int) -> None:
        chat = self.do(
            lambda tx: chats.ensure(
                tx,
                place,
                kind=kind,
                schedule=INSTANT,
                timezone="Asia/Tehran",
                now=now,
                details=chats.ChatDetails(title=title),
            )
        )
        model = self.chats.setdefault(place, ModelChat(kind, title))
        model.kind, model.title = kind, title
        assert (chat.kind, chat.title, chat.admission, chat.wait_until) == (
            kind,
            title,
            model.admission,
            model.wait_until,
        )

    @rule(place=places, admission=st.sampled_from(Admission), lost_at=st.sampled_from([None, NOW]), until=instants)
    def change_chat(self, place: int, admission: Admission, lost_at: int | None, until: int) -> None:
        known = self.chats.get(place)
        changed = self.do(lambda tx: chats.change(tx, place, admission=admission, lost_at=lost_at))
        assert changed is (known is not None)
        self.do(lambda tx: chats.suspend(tx, place, until))
        if known is not None:
            known.admission, known.lost_at, known.wait_until = admission, lost_at, max(known.wait_until, until)

    @rule(place=places, section=followed, now=instants)
    def follow(self, place: int, section: int | None, now: int) -> None:
        if place in self.chats:
            wanted = None if section is None else self.sections[section].id
            new = wanted not in self.chats[place].follows
            assert self.do(lambda tx: subscriptions.subscribe(tx, place, wanted, now=now)) is new
            self.chats[place].follows.setdefault(wanted, now)

    @rule(place=places, section=followed)
    def leave(self, place: int, section: int | None) -> None:
        wanted = None if section is None else self.sections[section].id
        follows = self.chats[place].follows if place in self.chats else {}
        assert self.do(lambda tx: subscriptions.unsubscribe(tx, place, wanted)) is (wanted in follows)
        follows.pop(wanted, None)

    @rule(old=places, new=places)
    def become_a_supergroup(self, old: int, new: int) -> None:
        known, other = self.chats.get(old), self.chats.get(new)
        may = known is not None and known.kind is ChatKind.GROUP and new < 0
        may = may and (other is None or other.kind is ChatKind.SUPERGROUP)
        if old != new:
            assert self.do(lambda tx: chats.migrate(tx, old, new)) is may
            if may:
                model, announced = self.chats.pop(old), self.chats.get(new)
                model.kind = ChatKind.SUPERGROUP
                model.lost_at, model.wait_until = None, 0
                if announced is not None:
                    model.lost_at, model.wait_until = announced.lost_at, announced.wait_until
                    model.admission = max(model.admission, announced.admission, key=_FIRMNESS.index)
                self.chats[new] = model

    def _chats_are_as_told(self) -> None:
        for place, model in self.chats.items():
            chat = self.see(partial(chats.get, chat_id=place))
            assert chat is not None
            assert (chat.kind, chat.admission, chat.lost_at, chat.wait_until) == (
                model.kind,
                model.admission,
                model.lost_at,
                model.wait_until,
            )
            follows = self.see(partial(subscriptions.of_chat, chat_id=place))
            assert [(subscription.category_id, subscription.since) for subscription in follows] == list(
                model.follows.items()
            )
        counted = self.see(lambda c: chats.count_by_kind(c))
        assert sum(number for *_, number in counted) == len(self.chats)


class StaffAndUpdates(StorageMachine):
    """Staff, dialogues, the inbox, and counters."""

    def __init__(self) -> None:
        super().__init__()
        self.staff: dict[int, tuple[Role, str, int]] = {}
        self.invitations: dict[str, int] = {}
        self.dialogues: dict[tuple[int, int], tuple[str, int]] = {}
        self.inbox: dict[int, ModelUpdate] = {}
        self.counts: dict[str, int] = {}

    def check(self) -> None:
        self._staff_is_as_told()
        self._dialogues_are_as_told()

    # --- people ---

    @rule(person=people, role=roles, name=st.sampled_from(["", "سردبیر"]), now=instants)
    def appoint(self, person: int, role: Role, name: str, now: int) -> None:
        self.do(lambda tx: staff.put(tx, person, role, name=name, now=now))
        _, known, since = self.staff.get(person, (role, "", now))
        self.staff[person] = (role, name or known, since)

    @rule(person=people)
    def dismiss(self, person: int) -> None:
        assert self.do(lambda tx: staff.remove(tx, person)) is (self.staff.pop(person, None) is not None)

    @rule(secret=st.sampled_from("st"), role=roles, until=instants)
    def invite(self, secret: str, role: Role, until: int) -> None:
        if secret not in self.invitations:
            self.do(lambda tx: staff.invite(tx, secret, role, created_by=1, now=NOW, expires_at=until))
            self.invitations[secret] = until

    @rule(secret=st.sampled_from("st"), person=people, now=instants)
    def accept(self, secret: str, person: int, now: int) -> None:
        good = self.invitations.get(secret, 0) > now
        assert self.do(lambda tx: staff.redeem(tx, secret, person, now=now)) is good
        if good:
            self.invitations[secret] = 0

    def _staff_is_as_told(self) -> None:
        serving = sorted(self.staff.items(), key=lambda member: (member[1][2], member[0]))
        members = self.see(lambda c: staff.all_(c))
        assert [(member.user_id, (member.role, member.name, member.added_at)) for member in members] == serving

    @rule(place=places, person=people, words=titles, now=instants)
    def begin(self, place: int, person: int, words: str, now: int) -> None:
        data = json.dumps({"text": words, "step": 1})
        self.do(lambda tx: dialogues.put(tx, place, person, "post", data=data, now=now))
        self.dialogues[place, person] = (data, now)

    @rule(place=places, person=people)
    def end(self, place: int, person: int) -> None:
        open_ = self.dialogues.pop((place, person), None)
        assert self.do(lambda tx: dialogues.close(tx, place, person)) is (open_ is not None)

    @rule(before=instants)
    def forget(self, before: int) -> None:
        idle = [key for key, (_, touched) in self.dialogues.items() if touched < before]
        assert self.do(lambda tx: dialogues.forget_idle(tx, before)) == len(idle)
        for key in idle:
            del self.dialogues[key]

    def _dialogues_are_as_told(self) -> None:
        for (place, person), (data, touched) in self.dialogues.items():
            dialogue = self.see(partial(dialogues.get, chat_id=place, user_id=person))
            assert dialogue is not None
            assert (dialogue.data, dialogue.updated_at) == (data, touched)

    # --- updates ---

    @rule(number=st.integers(1, 5), place=places, now=instants)
    def arrive(self, number: int, place: int, now: int) -> None:
        new = number not in self.inbox
        body = f'{{"update_id": {number}}}'
        stored = self.do(lambda tx: inbox.put(tx, [Received(number, body, place, number)], now=now))
        assert stored == ({number} if new else set())
        self.inbox.setdefault(number, ModelUpdate(place, now))

    @rule(number=st.integers(1, 5), now=instants)
    def finish(self, number: int, now: int) -> None:
        self.do(lambda tx: inbox.finish(tx, {number: ""}, now=now))
        if number in self.inbox:
            self.inbox[number].open = False

    @rule()
    def resume(self) -> None:
        waiting = [number for number in sorted(self.inbox) if self.inbox[number].open]
        resumed = self.do(lambda tx: inbox.resume(tx, lease_until=NOW))
        assert [update.update_id for update in resumed] == waiting

    @rule(number=st.integers(1, 5))
    def attempt(self, number: int) -> None:
        self.do(lambda tx: inbox.count_attempt(tx, number))
        if number in self.inbox:
            self.inbox[number].attempts += 1

    @rule(number=st.integers(1, 5))
    def discount(self, number: int) -> None:
        self.do(lambda tx: inbox.discount_attempts(tx, [number]))
        if number in self.inbox and self.inbox[number].open:
            self.inbox[number].attempts = max(0, self.inbox[number].attempts - 1)

    @rule(times=st.integers(1, 2))
    def give_up(self, times: int) -> None:
        hopeless = [update for update in self.inbox.values() if update.open and update.attempts >= times]
        assert self.do(lambda tx: inbox.give_up(tx, times, now=NOW)) == len(hopeless)
        for update in hopeless:
            update.open = False

    @rule(before=instants)
    def prune(self, before: int) -> None:
        old = [number for number, update in self.inbox.items() if not update.open and update.received_at < before]
        assert self.do(lambda tx: inbox.prune(tx, before, limit=100)) == len(old)
        for number in old:
            del self.inbox[number]

    @rule(place=places, above=st.integers(0, 5))
    def ids_taken(self, place: int, above: int) -> None:
        taken = {number for number, update in self.inbox.items() if update.place == place and number > above}
        assert self.see(lambda c: inbox.taken_ids(c, place, above)) == taken

    # --- counters ---

    @rule(key=st.sampled_from("ab"))
    def count(self, key: str) -> None:
        self.counts[key] = self.counts.get(key, 0) + 1
        assert self.do(lambda tx: key_value.increment(tx, key)) == self.counts[key]

    @rule(key=st.sampled_from("ab"))
    def start_over(self, key: str) -> None:
        self.do(lambda tx: key_value.remove(tx, key))
        self.counts.pop(key, None)


def test_the_audience(opened_database: OpenedDatabase) -> None:
    run(Audience, opened_database)


def test_people_and_what_they_follow(opened_database: OpenedDatabase) -> None:
    run(StaffAndUpdates, opened_database)
