"""A real nginx with the configuration of the guide stands in front of a running process."""

import getpass
import re
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from sandbox.client import text_of
from tests import real_programs
from tests.flows.conftest import PeykApp, Telegram
from tests.unit.web.conftest import free_port

_GUIDE = Path(__file__).parents[2] / "docs/how-to/behind-a-reverse-proxy.md"
_API = "a" * 32
_WHOLE = """
daemon off;
user {user};
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/answers;
    fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u;
    scgi_temp_path {folder}/s;
    {servers}
}}
"""


@dataclass(frozen=True)
class _Proxy:
    """A running nginx. Its clients use `secure`; the sandbox, which knows no certificate of ours, uses `plain`."""

    secure: str
    plain: str
    upstream: str


@pytest.fixture
async def proxy(tmp_path: Path, until: Callable[..., Awaitable[object]]) -> AsyncIterator[_Proxy]:
    program = real_programs.path_of("nginx")
    folder = tmp_path / "nginx"
    folder.mkdir()
    secure, plain, upstream = (f"127.0.0.1:{free_port()}" for _ in range(3))
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    subprocess.run(
        [*make, "-subj", "/CN=127.0.0.1", "-days", "2", "-keyout", key, "-out", certificate],
        check=True,
        capture_output=True,
    )
    servers = re.findall(r"```nginx\n(.*?)```", _GUIDE.read_text(encoding="utf-8"), re.DOTALL)[0]
    for written, here in (
        ("listen 443 ssl;", f"listen {secure} ssl; listen {plain};"),
        ("/etc/ssl/news.example.org.pem", str(certificate)),
        ("/etc/ssl/news.example.org.key", str(key)),
        ("127.0.0.1:8080", upstream),
    ):
        assert written in servers
        servers = servers.replace(written, here)
    config = folder / "nginx.conf"
    config.write_text(_WHOLE.format(folder=folder, servers=servers, user=getpass.getuser()), encoding="utf-8")
    command = [program, "-p", str(folder), "-c", str(config), "-e", "stderr"]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    process = subprocess.Popen(command, stderr=(folder / "log").open("wb"))

    async def answers() -> bool:
        async with httpx.AsyncClient(trust_env=False) as client:
            try:
                return (await client.get(f"http://{plain}/")).status_code == 404
            except httpx.TransportError:
                assert process.poll() is None, (folder / "log").read_text()
                return False

    await until(answers)
    yield _Proxy(f"https://{secure}", f"http://{plain}", upstream)
    process.terminate()
    process.wait(20)


@pytest.mark.long
async def test_the_proxy_of_the_guide_lets_in_what_is_for_peyk_alone(
    app: PeykApp, telegram: Telegram, proxy: _Proxy
) -> None:
    app.start(
        LISTEN=proxy.upstream,
        WEBHOOK_URL=proxy.plain,
        WEBHOOK_SECRET="s3cret",
        API_TOKENS=f"site:editor:{_API}",
        FEEDS="true",
    )
    await telegram.people.wait_for(telegram.reader, lambda _: True)
    assert "منتشر نشده" in text_of(await telegram.ask(telegram.reader, "/latest"))

    async with httpx.AsyncClient(trust_env=False, verify=False, base_url=proxy.secure) as client:

        async def status(method: str, path: str, *, content: bytes | None = None, **headers: str) -> int:
            return (await client.request(method, path, content=content, headers=headers)).status_code

        for path in ("/", "/metrics", "/readyz", "/healthz", "/livez", "/telegram/x", "/telegrams"):
            assert await status("GET", path) == 404, path
        assert await status("POST", "/telegram", content=b"{}") == 403
        secret = {"X-Telegram-Bot-Api-Secret-Token": "s3cret"}
        assert await status("POST", "/telegram", content=b"{}", **secret) == 200
        assert await status("GET", "/websub/unknown") == 404
        assert await status("GET", "/api/articles") == 401
        client.headers["Authorization"] = f"Bearer {_API}"
        new = {"title": "تیتر از راه پراکسی", "body": "متن", "action": "publish"}
        made = await client.post("/api/articles", json=new, headers={"Idempotency-Key": "k"})
        assert made.status_code == 201, made.text
        assert await status("POST", "/api/articles", content=b" " * (2 << 20), **{"Idempotency-Key": "l"}) == 413
        feed = await client.get("/feeds/all.xml")
        assert new["title"] in feed.text
    latest = await telegram.ask(telegram.reader, "/latest")
    assert "تیتر از راه پراکسی" in text_of(latest)
    assert "Traceback" not in app.log
