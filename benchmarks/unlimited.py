"""python -m benchmarks.unlimited RATE [--role ROLE]: Peyk as `bot run` runs it, past the highest BULK_RATE."""

import argparse
import asyncio
from dataclasses import replace

from bot import logs
from bot.app import run
from bot.config import load_settings
from bot.process_role import ProcessRole


def main() -> None:
    """Run Peyk until it is told to stop."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.unlimited")
    parser.add_argument("rate", type=float)
    parser.add_argument("--role", type=ProcessRole, default=ProcessRole.ALL)
    arguments = parser.parse_args()
    settings = load_settings()
    logs.set_up(settings.log_level, settings.log_format)
    # A copy is not checked anew: the border is Telegram's, and here the machine is to be the only one.
    asyncio.run(run(replace(settings, bulk_rate=arguments.rate), arguments.role))


if __name__ == "__main__":
    main()
