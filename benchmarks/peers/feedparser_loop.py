"""A reader of feeds as one would write it first: feedparser over httpx, 40 at once; it keeps validators alone.

Its standard input gives a JSON list of addresses, then a line for each round that is wanted. Each round is answered
by a line of JSON: {"seconds", "cpu" (seconds), "entries", "unchanged", "failed"}.
"""

import asyncio
import json
import sys
import time
from typing import Any

import feedparser
import httpx

_AT_ONCE = 40
_TIMEOUT_SECONDS = 10.0


class Feeds:
    """The feeds, and with which validators each is asked for next."""

    def __init__(self, addresses: list[str]) -> None:
        self._validators: dict[str, dict[str, str]] = {address: {} for address in addresses}
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def round(self, client: httpx.AsyncClient) -> dict[str, Any]:
        """Fetch all of them once."""
        began, cpu = time.monotonic(), time.process_time()
        results = await asyncio.gather(*(self._fetch(client, address) for address in self._validators))
        return {
            "seconds": time.monotonic() - began,
            "cpu": time.process_time() - cpu,
            "entries": sum(result for result in results if result is not None and result >= 0),
            "unchanged": results.count(-1),
            "failed": results.count(None),
        }

    async def _fetch(self, client: httpx.AsyncClient, address: str) -> int | None:
        """Return how many entries there are, -1 where nothing has changed, None where it failed."""
        async with self._turns:
            try:
                answer = await client.get(address, headers=self._validators[address])
            except httpx.HTTPError:
                return None
        if answer.status_code == httpx.codes.NOT_MODIFIED:
            return -1
        if answer.is_error:
            return None
        wanted = (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified"))
        self._validators[address] = {name: answer.headers[of] for name, of in wanted if of in answer.headers}
        return len(feedparser.parse(answer.content).entries)


async def main() -> None:
    """Fetch whenever told to, until the input ends."""
    feeds = Feeds(json.loads(await asyncio.to_thread(sys.stdin.readline)))
    async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, trust_env=False) as client:
        while await asyncio.to_thread(sys.stdin.readline):
            print(json.dumps(await feeds.round(client)), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
