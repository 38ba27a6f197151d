"""python -m sandbox: a local Telegram until it is interrupted."""

import argparse
import asyncio
import gc
import sys

from sandbox.server import DEFAULT_TOKEN, start

_GARBAGE_THRESHOLD = 10_000


async def _serve(port: int, token: str) -> None:
    # The state only grows: frequent full collections would find no garbage.
    gc.set_threshold(_GARBAGE_THRESHOLD, 50, 1000)
    running = await start(port=port, token=token)
    sys.stdout.write(f"{running.url}\n")
    sys.stdout.flush()
    try:
        await asyncio.Event().wait()
    finally:
        await running.stop()


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="A local Telegram Bot API server.")
    parser.add_argument("--port", type=int, default=8181)
    parser.add_argument("--token", default=DEFAULT_TOKEN)
    arguments = parser.parse_args()
    try:
        asyncio.run(_serve(arguments.port, arguments.token))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
