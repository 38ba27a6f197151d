"""A bot that answers every update at once and does nothing else: what the way there and back takes."""

import asyncio
import json
import sys
from typing import Any

import aiohttp

_PATIENCE_SECONDS = 50


async def main(url: str, token: str) -> None:
    """Answer until the process is ended."""
    root = f"{url}/bot{token}"
    async with aiohttp.ClientSession() as session:

        async def call(method: str, **parameters: Any) -> Any:
            async with session.post(f"{root}/{method}", json=parameters) as answer:
                return json.loads(await answer.read())["result"]

        offset = 0
        while True:
            for update in await call("getUpdates", offset=offset, timeout=_PATIENCE_SECONDS):
                offset = update["update_id"] + 1
                message = update.get("message") or update["callback_query"]["message"]
                await call("sendMessage", chat_id=message["chat"]["id"], text="x")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
