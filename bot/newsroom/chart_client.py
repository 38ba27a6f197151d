"""Charts of figures, drawn one at a time in a process that is there only while it is wanted."""

from bot.render.chart_spec import DRAW, ChartSpec
from bot.subprocesses.client import SideProcess

DRAW_SECONDS = 20.0
"""The longest that one picture may take to draw."""

_IDLE_SECONDS = 60.0


class ChartClient:
    """Draws pictures. `close` it."""

    def __init__(self, seconds: float = DRAW_SECONDS) -> None:
        # The folders are where matplotlib keeps what it knows of fonts from one start to the next.
        folders = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "MPLCONFIGDIR", "TMPDIR")
        self._process = SideProcess("bot.render.drawing", seconds, idle=_IDLE_SECONDS, environment=folders)

    async def draw(self, picture: ChartSpec) -> bytes:
        """Return the picture as PNG. Raises SideProcessError where it cannot be drawn, or not in time."""
        return await self._process.do(DRAW, picture)

    async def close(self) -> None:
        """End the process. Harmless when repeated."""
        await self._process.close()
