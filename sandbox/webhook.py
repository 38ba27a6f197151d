"""Carrying updates to the bot's webhook, in order, each until it is taken."""

import asyncio

from aiohttp import ClientError, ClientSession, ClientTimeout

from sandbox.world import World

_AGAIN_SECONDS = 0.5
_LONGEST_SLEEP = 3600.0


async def carry(world: World) -> None:
    """Carry until cancelled."""
    async with ClientSession(timeout=ClientTimeout(total=30), trust_env=False) as session:
        while True:
            await world.updates.until(lambda: bool(world.webhook["url"] and world.pending), _LONGEST_SLEEP)
            if not (world.webhook["url"] and world.pending):
                continue
            secret = world.webhook.get("secret", "")
            headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
            update = world.pending[0]
            try:
                async with session.post(world.webhook["url"], json=update, headers=headers) as answer:
                    trouble = "" if answer.status < 300 else f"Wrong response from the webhook: {answer.status}"
            except (ClientError, TimeoutError) as error:
                trouble = f"{type(error).__name__}"
            if not trouble and world.pending and world.pending[0] is update:
                world.pending.popleft()
            if trouble:
                world.webhook |= {"last_error_date": int(world.now()), "last_error_message": trouble}
                await asyncio.sleep(_AGAIN_SECONDS)
