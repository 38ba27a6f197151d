"""Delivery of updates to the bot's webhook: in order, each until it is accepted."""

import asyncio

from aiohttp import ClientError, ClientSession, ClientTimeout

from sandbox.state import Json, TelegramState

_RETRY_SECONDS = 0.5
_LONGEST_SLEEP = 3600.0


async def deliver_updates(state: TelegramState) -> None:
    """Deliver updates until cancelled."""
    async with ClientSession(timeout=ClientTimeout(total=30), trust_env=False) as session:
        while True:
            await state.update_added.wait_for(lambda: bool(state.webhook["url"] and state.pending), _LONGEST_SLEEP)
            if not (state.webhook["url"] and state.pending):
                continue
            update = state.pending[0]
            problem = await _problem_with(session, state, update)
            if problem:
                state.webhook |= {"last_error_date": int(state.now()), "last_error_message": problem}
                await asyncio.sleep(_RETRY_SECONDS)
            elif state.pending and state.pending[0] is update:
                state.pending.popleft()


async def _problem_with(session: ClientSession, state: TelegramState, update: Json) -> str:
    """Post an update to the webhook; return why that failed, "" where it was taken."""
    secret = state.webhook.get("secret", "")
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
    try:
        async with session.post(state.webhook["url"], json=update, headers=headers) as answer:
            return "" if answer.status < 300 else f"Wrong response from the webhook: {answer.status}"
    except (ClientError, TimeoutError) as error:
        return type(error).__name__
