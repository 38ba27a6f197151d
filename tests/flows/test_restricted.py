"""Peyk does all its work within the restrictions of its unit for systemd."""

import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

import pytest

from sandbox.client import text_of
from tests import launch, real_programs
from tests.flows.conftest import PeykApp, Telegram
from tests.flows.news_site import NewsSite, article_page
from tests.fork_server import end_with_parent
from tests.packaging import restricted

_UNIT = Path(__file__).parents[2] / "deploy/systemd/peyk.service"
_PARAGRAPHS = ["نمایندگان دوازده کشور در بندر نوآباد گرد هم آمدند و دربارهٔ مسیرهای تازه گفت‌وگو کردند."] * 3


def _restricted(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path
) -> launch.Process:
    command = [sys.executable, "-m", restricted.__name__, str(_UNIT), *launch.command(arguments)]
    with log.open("ab") as out:
        return subprocess.Popen(
            command, cwd=folder, env=environment, stdout=out, stderr=out, preexec_fn=end_with_parent
        )


@pytest.mark.long
async def test_peyk_reads_draws_stores_and_sends_within_its_unit(
    tmp_path: Path, telegram: Telegram, site: NewsSite, until: Callable[..., Awaitable[object]]
) -> None:
    real_programs.path_of("systemd-analyze")
    if not restricted.is_possible():
        pytest.skip("the numbers of this machine's system calls are not known (Debian: linux-libc-dev)")
    channel = await telegram.channel()
    app = PeykApp(tmp_path, telegram, _restricted)
    try:
        await app.running(telegram)
        site.add_item(501, "خبر کهنه")
        await app.cli("sources", "add", f"{site.url}/feed.xml", "--category", "عمومی")

        async def is_read() -> bool:
            return bool(app.rows("SELECT 1 FROM article"))

        await until(is_read)
        site.put("/news/502/x", article_page("خبر تازهٔ بندر", 502, "", _PARAGRAPHS))
        site.add_item(502, "خبر تازهٔ بندر")
        await telegram.people.wait_for(channel, lambda message: "خبر تازهٔ بندر" in text_of(message))
        chart = await telegram.ask(telegram.owner, "/stats", button="۷ روز")
        assert "photo" in chart
        assert await app.stop() == 0
    finally:
        app.abandon()
    for trouble in ("side_process_died", "Traceback", "not permitted", "error"):
        assert trouble not in app.log, app.log
    assert {path.stat().st_mode & 0o077 for path in tmp_path.rglob("data/*")} == {0}
