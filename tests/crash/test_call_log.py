"""The record of calls tells messages that crowd a chat from calls that put nothing into it."""

import pytest

from sandbox.client import text_of
from tests.crash.call_log import CHAT_BURST, BotCall, CallLog
from tests.peyk_app import PeykApp, Telegram

pytestmark = pytest.mark.timeout(240)

_CHAT = 7
_REFUSED = 400


def _log(statuses: list[int], *, apart: float) -> CallLog:
    log = CallLog()
    log.calls = [BotCall(number * apart, _CHAT, status) for number, status in enumerate(statuses)]
    return log


def test_more_messages_in_a_second_than_a_chat_takes_crowd_it() -> None:
    crowded = [200] * (CHAT_BURST + 1)
    assert _log(crowded, apart=0.2).crowded_chats() == {_CHAT: CHAT_BURST + 1}
    assert not _log(crowded, apart=0.4).crowded_chats()


def test_lost_answers_and_refusals_for_speed_count_as_messages() -> None:
    assert _log([200, 0, 429, 200], apart=0.1).crowded_chats() == {_CHAT: 4}


async def test_a_search_through_ids_without_a_message_crowds_no_chat(app: PeykApp, telegram: Telegram) -> None:
    channel = await telegram.channel()
    await app.running(telegram)
    await telegram.publish("خبر نخست")
    await telegram.people.wait_for(channel, lambda message: "خبر نخست" in text_of(message))
    log = CallLog()
    async with log.written(telegram.running.state):
        await telegram.people.do("faults", kind="no_answer", method="sendMessage", chat_id=channel, seconds=0.3)
        await telegram.publish("خبر دوم")
        await telegram.people.wait_for(channel, lambda message: "خبر دوم" in text_of(message), timeout=120)
    searches = [call for call in log.calls if call.status == _REFUSED]
    assert len(searches) > CHAT_BURST, "the ids behind the last one hold nothing"
    assert not log.crowded_chats()
