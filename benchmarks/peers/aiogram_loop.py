"""aiogram as its documentation has it: a dispatcher beside a loop that sleeps on RetryAfter and goes on."""

import asyncio

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError, TelegramRetryAfter
from aiogram.filters import Command
from aiogram.types import Message

from benchmarks.peers.job import QUESTION, TEXT, Job, run, to_all, wait_for_start


async def broadcast(job: Job) -> None:
    """Send without a limiter while the dispatcher answers readers."""
    bot = Bot(job.token, session=AiohttpSession(api=TelegramAPIServer.from_base(job.url)))
    dispatcher = Dispatcher()
    dispatcher.message.register(_answer, Command(QUESTION))
    polling = asyncio.create_task(dispatcher.start_polling(bot, handle_signals=False))

    async def send(chat_id: int) -> None:
        while True:
            try:
                await bot.send_message(chat_id, TEXT, parse_mode="HTML")
            except TelegramRetryAfter as error:
                await asyncio.sleep(error.retry_after)
            except TelegramAPIError:
                return
            else:
                return

    await wait_for_start()
    await to_all(job, send)
    await polling


async def _answer(message: Message) -> None:
    await message.answer(TEXT, parse_mode="HTML")


if __name__ == "__main__":
    run(broadcast)
