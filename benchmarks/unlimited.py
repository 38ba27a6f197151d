"""python -m benchmarks.unlimited RATE: the desk as `python -m bot run` runs it, past the highest BULK_RATE."""

import asyncio
import sys
from dataclasses import replace

from bot import logs
from bot.app import run
from bot.config import load_settings


def main() -> None:
    """Run the desk until it is told to stop."""
    settings = load_settings()
    logs.set_up(settings.log_level, settings.log_format)
    # A copy is not checked anew: the border is Telegram's, and here the machine is to be the only one.
    asyncio.run(run(replace(settings, bulk_rate=float(sys.argv[1]))))


if __name__ == "__main__":
    main()
