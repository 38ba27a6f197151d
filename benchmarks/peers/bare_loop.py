"""The yardstick: python-telegram-bot's Bot on Peyk's transport. No limiter, no database, no answer to trouble."""

from telegram import Bot

from benchmarks.peers.job import TEXT, Job, run, to_all, wait_for_start
from bot.telegram.transport import AiohttpRequest


async def broadcast(job: Job) -> None:
    """Send as fast as the machine and the server allow."""
    request = AiohttpRequest()
    bot = Bot(job.token, base_url=f"{job.url}/bot", request=request, get_updates_request=request)
    await bot.initialize()

    async def send(chat_id: int) -> None:
        await bot.send_message(chat_id, TEXT, parse_mode="HTML")

    await wait_for_start()
    await to_all(job, send)


if __name__ == "__main__":
    run(broadcast)
