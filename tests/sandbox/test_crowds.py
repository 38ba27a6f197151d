"""Many chats at once: what a benchmark needs."""

from sandbox.client import SandboxClient
from tests.sandbox.conftest import Bot


async def test_people_made_in_bulk_can_be_written_to_and_the_bot_hears_nothing_of_them(
    bot: Bot, people: SandboxClient
) -> None:
    ids = await people.people_in_bulk(50)
    assert len(ids) == 50
    for user_id in (ids[0], ids[-1]):
        assert (await bot.do("sendMessage", chat_id=user_id, text="سلام"))["chat"]["id"] == user_id
    strangers = await people.people_in_bulk(2, started=False)
    assert (await bot.refused("sendMessage", chat_id=strangers[0], text="سلام"))[0] == 403
    assert await bot.updates() == []


async def test_channels_made_in_bulk_take_posts_and_the_bot_hears_nothing_of_them(
    bot: Bot, people: SandboxClient
) -> None:
    owner = await people.person("صاحب")
    ids = await people.channels_in_bulk(3, owner)
    assert len(set(ids)) == 3
    for chat_id in ids:
        await bot.do("sendMessage", chat_id=chat_id, text="خبر")
    assert await bot.updates() == []


async def test_counts_say_what_happened_without_the_log(bot: Bot, people: SandboxClient) -> None:
    reader = (await people.people_in_bulk(1))[0]
    await people.log_requests(on=False)
    sent = await bot.do("sendMessage", chat_id=reader, text="یک")
    await bot.do("sendMessage", chat_id=reader, text="دو")
    await bot.do("editMessageText", chat_id=reader, message_id=sent["message_id"], text="سه")
    await bot.do("deleteMessage", chat_id=reader, message_id=sent["message_id"])
    await bot.refused("sendMessage", chat_id=1, text="به کسی که نیست")
    counts = await people.counts()
    assert (counts["sent"], counts["edited"], counts["deleted"]) == (2, 1, 1)
    assert counts["refused"] == {"400": 1}
    assert counts["by_method"]["sendMessage"] == 3
    assert sum(counts["per_second"]) == 2
    assert await people.get("requests") == []
    await people.reset_counts()
    assert (await people.counts())["sent"] == 0
    await people.log_requests(on=True)
    await bot.do("getMe")
    assert [entry["method"] for entry in await people.get("requests")] == ["getMe"]


async def test_a_private_chat_keeps_its_newest_messages_when_told_so(bot: Bot, people: SandboxClient) -> None:
    reader = (await people.people_in_bulk(1))[0]
    owner = await people.person("صاحب")
    channel = (await people.channels_in_bulk(1, owner))[0]
    await people.keep(2)
    for number in range(4):
        await bot.do("sendMessage", chat_id=reader, text=f"خبر {number}")
        await bot.do("sendMessage", chat_id=channel, text=f"خبر {number}")
    assert [message["text"] for message in await people.messages(reader)] == ["خبر 2", "خبر 3"]
    assert len(await people.messages(channel)) == 4


async def test_the_same_markup_again_is_read_the_same(bot: Bot, people: SandboxClient) -> None:
    readers = await people.people_in_bulk(2)
    marked = {"text": "<b>تیتر</b> متن", "parse_mode": "HTML"}
    first = await bot.do("sendMessage", chat_id=readers[0], **marked)
    second = await bot.do("sendMessage", chat_id=readers[1], **marked)
    assert first["entities"] == second["entities"] == [{"type": "bold", "offset": 0, "length": 4}]
