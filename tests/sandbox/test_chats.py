"""Chats in which the bot may write, read, delete and forward, and what it hears of it."""

import pytest

from sandbox.client import SandboxClient
from tests.sandbox.conftest import Bot

_DAYS = 86_400


@pytest.fixture
async def owner(people: SandboxClient) -> int:
    return await people.person("صاحب", started=True)


async def _channel(people: SandboxClient, owner: int) -> int:
    channel = await people.chat("channel", "کانال", owner)
    await people.add_bot(channel, owner)
    return channel


async def _post(bot: Bot, chat_id: int, text: str = "خبر") -> int:
    return int((await bot.do("sendMessage", chat_id=chat_id, text=text))["message_id"])


async def test_nobody_is_written_to_who_has_not_pressed_start_or_has_blocked(
    bot: Bot, people: SandboxClient, owner: int
) -> None:
    stranger = await people.person("ناشناس")
    assert await bot.refused("sendMessage", chat_id=stranger, text="خبر") == (
        403,
        "Forbidden: bot can't initiate conversation with a user",
    )
    await people.do("block", user_id=owner, blocked=True)
    assert await bot.refused("sendMessage", chat_id=owner, text="خبر") == (
        403,
        "Forbidden: bot was blocked by the user",
    )


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
async def test_kicked_and_left_have_words_of_their_own(
    bot: Bot, people: SandboxClient, owner: int, kind: str
) -> None:
    chat = await people.chat(kind, "جا", owner)
    await people.add_bot(chat, owner)
    await people.add_bot(chat, owner, "kicked")
    assert await bot.refused("sendMessage", chat_id=chat, text="خبر") == (
        403,
        f"Forbidden: bot was kicked from the {kind} chat",
    )
    await people.add_bot(chat, owner)
    await people.add_bot(chat, owner, "left")
    assert await bot.refused("sendMessage", chat_id=chat, text="خبر") == (
        403,
        f"Forbidden: bot is not a member of the {kind} chat",
    )
    changes = [update["my_chat_member"] for update in await bot.updates() if "my_chat_member" in update]
    assert [change["new_chat_member"]["status"] for change in changes] == [
        "administrator",
        "kicked",
        "administrator",
        "left",
    ]


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("group", (403, "Forbidden: the group chat was deleted")),
        ("supergroup", (400, "Bad Request: chat not found")),
        ("channel", (400, "Bad Request: chat not found")),
    ],
)
async def test_a_destroyed_chat_is_gone(
    bot: Bot, people: SandboxClient, owner: int, kind: str, answer: tuple[int, str]
) -> None:
    chat = await people.chat(kind, "جا", owner)
    await people.add_bot(chat, owner)
    await people.do("destroy", chat_id=chat)
    assert await bot.refused("sendMessage", chat_id=chat, text="خبر") == answer
    last = [update for update in await bot.updates() if "my_chat_member" in update][-1]
    assert last["my_chat_member"]["new_chat_member"]["status"] == "left"


async def test_a_right_that_was_taken_is_told_and_missed(bot: Bot, people: SandboxClient, owner: int) -> None:
    channel = await _channel(people, owner)
    theirs = (await people.say(owner, "از سردبیر", chat_id=channel))[0]
    edit = {"chat_id": channel, "message_id": theirs, "text": "از ربات"}
    await bot.do("editMessageText", **edit)
    await people.add_bot(channel, owner, can_edit_messages=False, can_post_messages=False)
    assert await bot.refused("editMessageText", **edit) == (400, "Bad Request: message can't be edited")
    assert await bot.refused("sendMessage", chat_id=channel, text="خبر") == (
        400,
        "Bad Request: need administrator rights in the channel chat",
    )
    told = [update for update in await bot.updates() if "my_chat_member" in update][-1]["my_chat_member"]
    assert told["old_chat_member"]["can_edit_messages"] is True
    assert told["new_chat_member"]["can_edit_messages"] is False


async def test_ids_of_a_channel_have_holes(bot: Bot, people: SandboxClient, owner: int) -> None:
    channel = await _channel(people, owner)
    first = await _post(bot, channel)
    await people.say(owner, "از سردبیر", chat_id=channel)
    await bot.do("pinChatMessage", chat_id=channel, message_id=first)
    assert await _post(bot, channel) == first + 3


async def test_a_group_counts_its_ids_together_with_private_chats(
    bot: Bot, people: SandboxClient, owner: int
) -> None:
    group = await people.chat("group", "گروه", owner)
    await people.add_bot(group, owner)
    first = await _post(bot, group)
    assert await _post(bot, owner) == first + 1
    assert await _post(bot, group) == first + 2


async def test_a_group_that_became_a_supergroup_says_where_it_is(
    bot: Bot, people: SandboxClient, owner: int
) -> None:
    group = await people.chat("group", "گروه", owner)
    await people.add_bot(group, owner)
    new = (await people.do("migrate", chat_id=group))["id"]
    status, body = await bot.answer("sendMessage", chat_id=group, text="خبر")
    assert status == body["error_code"] == 400
    assert body["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert body["parameters"] == {"migrate_to_chat_id": new}


async def test_what_is_old_can_be_edited_but_not_deleted(bot: Bot, people: SandboxClient, owner: int) -> None:
    channel = await _channel(people, owner)
    place = {"chat_id": channel, "message_id": await _post(bot, channel)}
    await people.do("advance", seconds=2 * _DAYS + 5)
    assert await bot.refused("deleteMessage", **place) == (
        400,
        "Bad Request: message can't be deleted for everyone",
    )
    await bot.do("editMessageText", **place, text="خبر ویراسته")


async def test_many_are_deleted_at_once_and_the_missing_passed_over(
    bot: Bot, people: SandboxClient, owner: int
) -> None:
    channel = await _channel(people, owner)
    ids = [await _post(bot, channel) for _ in range(3)]
    await bot.do("deleteMessages", chat_id=channel, message_ids=[*ids[:2], 999])
    assert [message["message_id"] for message in await people.messages(channel)] == ids[2:]
    assert (await bot.refused("deleteMessages", chat_id=channel, message_ids=list(range(1, 102))))[0] == 400


async def test_a_forward_keeps_its_first_origin(bot: Bot, people: SandboxClient, owner: int) -> None:
    channel = await _channel(people, owner)
    posted = await _post(bot, channel)
    once = await bot.do("forwardMessage", chat_id=owner, from_chat_id=channel, message_id=posted)
    twice = await bot.do("forwardMessage", chat_id=owner, from_chat_id=owner, message_id=once["message_id"])
    assert twice["forward_origin"] == once["forward_origin"]
    assert once["forward_origin"]["message_id"] == posted
    copied = await bot.do("copyMessage", chat_id=owner, from_chat_id=channel, message_id=posted)
    newest = (await people.messages(owner))[-1]
    assert newest["message_id"] == copied["message_id"]
    assert "forward_origin" not in newest


async def test_the_deleted_the_protected_and_service_messages_are_not_forwarded(
    bot: Bot, people: SandboxClient, owner: int
) -> None:
    channel = await _channel(people, owner)
    posted = await _post(bot, channel)
    await bot.do("pinChatMessage", chat_id=channel, message_id=posted)

    async def forward(message_id: int) -> tuple[int, str]:
        return await bot.refused("forwardMessage", chat_id=owner, from_chat_id=channel, message_id=message_id)

    assert await forward(posted + 1) == (400, "Bad Request: the message can't be forwarded")
    assert await forward(posted + 9) == (400, "Bad Request: message to forward not found")
    await people.do("protect", chat_id=channel)
    assert await forward(posted) == (400, "Bad Request: the message can't be forwarded")


async def test_topics_close_for_members_and_vanish_for_all(bot: Bot, people: SandboxClient, owner: int) -> None:
    forum = await people.chat("supergroup", "تالار", owner, forum=True)
    await people.add_bot(forum, owner, "member")
    topic = (await people.do("topics", chat_id=forum, by=owner, name="ورزش"))["id"]
    there = {"chat_id": forum, "message_thread_id": topic, "text": "خبر"}
    await bot.do("sendMessage", **there)
    await people.do("topics/close", chat_id=forum, topic_id=topic)
    assert await bot.refused("sendMessage", **there) == (400, "Bad Request: TOPIC_CLOSED")
    await people.add_bot(forum, owner)
    await bot.do("sendMessage", **there)
    await people.do("topics/delete", chat_id=forum, topic_id=topic)
    assert await bot.refused("sendMessage", **there) == (400, "Bad Request: message thread not found")
    assert await bot.refused("sendMessage", **{**there, "message_thread_id": 1}) == (
        400,
        "Bad Request: message thread not found",
    )
    await _post(bot, forum)


async def test_the_list_of_admins_is_for_admins_of_the_channel(bot: Bot, people: SandboxClient, owner: int) -> None:
    channel = await _channel(people, owner)
    assert len(await bot.do("getChatAdministrators", chat_id=channel)) == 2
    await people.add_bot(channel, owner, "member")
    assert await bot.refused("getChatAdministrators", chat_id=channel) == (
        400,
        "Bad Request: member list is inaccessible",
    )


async def test_members_are_counted_with_the_crowd_that_nobody_names(
    bot: Bot, people: SandboxClient, owner: int
) -> None:
    channel = await _channel(people, owner)
    assert await bot.do("getChatMemberCount", chat_id=channel) == 2
    await people.do("crowd", chat_id=channel, count=1200)
    assert await bot.do("getChatMemberCount", chat_id=channel) == 1202
    await people.add_bot(channel, owner, "kicked")
    assert await bot.refused("getChatMemberCount", chat_id=channel) == (
        403,
        "Forbidden: bot was kicked from the channel chat",
    )
