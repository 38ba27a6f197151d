"""python-telegram-bot as its documentation has it: an Application, its AIORateLimiter, handlers beside a loop."""

from typing import Any

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import AIORateLimiter, Application, CommandHandler

from benchmarks.peers.job import IN_FLIGHT, QUESTION, TEXT, Job, run, to_all, wait_for_start

_RETRIES = 3


async def broadcast(job: Job) -> None:
    """Send through the limiter while the Application answers readers."""
    application = (
        Application.builder()
        .token(job.token)
        .base_url(f"{job.url}/bot")
        .connection_pool_size(2 * IN_FLIGHT)
        .concurrent_updates(True)
        .rate_limiter(AIORateLimiter(overall_max_rate=job.rate, max_retries=_RETRIES))
        .build()
    )
    application.add_handler(CommandHandler(QUESTION, _answer))
    await application.initialize()
    await application.start()
    assert application.updater is not None, "built with one"
    await application.updater.start_polling()

    async def send(chat_id: int) -> None:
        try:
            await application.bot.send_message(chat_id, TEXT, parse_mode="HTML")
        except TelegramError:
            return  # what its retries did not bring through is lost: there is no outbox

    await wait_for_start()
    await to_all(job, send)


async def _answer(update: Update, _context: Any) -> None:
    assert update.effective_message is not None, "a command is a message"
    await update.effective_message.reply_text(TEXT, parse_mode="HTML")


if __name__ == "__main__":
    run(broadcast)
