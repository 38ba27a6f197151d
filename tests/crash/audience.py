"""The readers: places of every kind, as the sandbox knows them and as Peyk does."""

from dataclasses import dataclass

from bot.clock import now_ms
from persian.schedule import INSTANT
from sandbox.client import SandboxClient
from storage import chats, subscriptions
from storage.engine.database import Database
from storage.records import ChatKind
from tests.peyk_app import Telegram

_CHANNELS, _NEW_CHANNELS, _GROUPS, _PEOPLE = 4, 2, 2, 8


@dataclass(frozen=True)
class Place:
    """The place that a headline goes to: a chat, or one topic of a forum.

    `exact` tells that ids are to be read there, so that nothing may come twice; `sealed` that they cannot be.
    """

    chat_id: int
    kind: ChatKind
    topic_id: int = 0
    exact: bool = False
    sealed: bool = False


@dataclass(frozen=True)
class Audience:
    """Everyone who follows everything. In `lively` chats other people write too."""

    places: tuple[Place, ...]
    lively: tuple[int, ...]
    forum: int
    people: tuple[int, ...]


async def gather(telegram: Telegram, database: Database) -> Audience:
    """Make the audience in the sandbox and let all of them follow everything, at once."""
    people, owner = telegram.people, telegram.owner
    lively = [await telegram.channel(f"کانال {number}") for number in range(_CHANNELS)]
    fresh = [await telegram.channel(f"کانال تازهٔ {number}") for number in range(_NEW_CHANNELS)]
    sealed = await telegram.channel("کانال بسته")
    for channel in (*lively, sealed):
        await people.say(owner, "پست مدیر دیگر", chat_id=channel)
    await people.do("protect", chat_id=sealed)
    supergroup = await _group(people, owner, "supergroup", "administrator")
    forum = await _group(people, owner, "supergroup", "administrator", forum=True)
    topics = [(await people.do("topics", chat_id=forum, by=owner, name=name))["id"] for name in ("یک", "دو")]
    groups = [await _group(people, owner, "group", "member") for _ in range(_GROUPS)]
    persons = tuple(await people.people_in_bulk(_PEOPLE))
    places = (
        *(Place(channel, ChatKind.CHANNEL, exact=True) for channel in (*lively, *fresh)),
        Place(sealed, ChatKind.CHANNEL, exact=True, sealed=True),
        Place(supergroup, ChatKind.SUPERGROUP, exact=True),
        *(Place(forum, ChatKind.SUPERGROUP, topic, exact=True) for topic in topics),
        *(Place(group, ChatKind.GROUP) for group in groups),
        *(Place(person, ChatKind.PRIVATE) for person in persons),
    )
    await _follow(database, places, owner)
    return Audience(places, (*lively, supergroup, forum), forum, persons)


async def _group(people: SandboxClient, owner: int, kind: str, status: str, *, forum: bool = False) -> int:
    chat_id = await people.chat(kind, "گروه", owner, forum=forum)
    await people.add_bot(chat_id, owner, status)
    return chat_id


async def _follow(database: Database, places: tuple[Place, ...], owner: int) -> None:
    async with database.write() as tx:
        for place in places:
            await chats.ensure(
                tx,
                place.chat_id,
                kind=place.kind,
                schedule=INSTANT,
                timezone="Asia/Tehran",
                now=now_ms(),
                details=chats.ChatDetails(client_language="fa", is_forum=bool(place.topic_id), added_by=owner),
            )
            # The owner gets no panel for each of them: that is not what is tried here.
            await chats.change(tx, place.chat_id, is_admin=place.exact, started=place.chat_id > 0, panel_sent=True)
            await subscriptions.subscribe(tx, place.chat_id, None, now=now_ms(), topic_id=place.topic_id)
