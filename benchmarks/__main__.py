"""make bench: measures what the desk exists for, prints a table, and writes it as JSON.

FULL=1 takes the larger audiences.
"""

import asyncio
import json
import os
import platform
from pathlib import Path

from benchmarks.broadcast import Result, compare

_OUT = Path("benchmarks") / "results.json"


async def _measure(full: bool) -> dict[str, tuple[Result, Result]]:
    return {
        "free limit, 30 messages/s": await compare(1800 if full else 600, 30),
        "paid limit, 1000 messages/s": await compare(20_000 if full else 4000, 1000),
    }


def main() -> None:
    """Measure and print."""
    found = asyncio.run(_measure(bool(os.environ.get("FULL"))))
    print(f"{'':30} {'messages':>9} {'seconds':>9} {'per s':>9} {'refused':>8}")
    for title, results in found.items():
        print(title)
        for result in results:
            figures = f"{result.messages:9} {result.seconds:9} {result.per_second:9} {result.refused:8}"
            print(f"  {result.name:28} {figures}")
        peyk, bare = results
        print(f"  {'ratio':28} {'':9} {'':9} {peyk.per_second / bare.per_second:9.2f}")
    data = {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "results": {title: [result.to_json() for result in results] for title, results in found.items()},
    }
    _OUT.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n")


if __name__ == "__main__":
    main()
