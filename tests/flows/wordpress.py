"""A real WordPress of the machine on a MariaDB of its own, with our plugin: a person writes by its HTTP API."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from tests import real_programs
from tests.unit.web.conftest import free_port

_PLUGIN = Path(__file__).parents[2] / "deploy/wordpress/peyk.php"
_CONFIG = """<?php
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{socket}');
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
define('WP_HOME', '{url}');
define('WP_SITEURL', '{url}');
define('WP_ENVIRONMENT_TYPE', 'local');
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('WP_ACCESSIBLE_HOSTS', '127.0.0.1');
define('DISABLE_WP_CRON', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
define('PEYK_URL', '{peyk}');
define('PEYK_SECRET', '{secret}');
define('PEYK_RETRY_SECONDS', 1);
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""
_INSTALL = """<?php
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = '127.0.0.1';
require 'wp-load.php';
require 'wp-admin/includes/upgrade.php';
wp_install('News', 'editor', 'editor@example.org', false, '', 'password');
list($password) = WP_Application_Passwords::create_new_application_password(1, array('name' => 'tests'));
echo json_encode($password);
"""


class WordPress:
    """A running site; `post` and `change` do what the block editor does."""

    def __init__(self, url: str, password: str) -> None:
        self._client = httpx.AsyncClient(
            base_url=url, auth=("editor", password), trust_env=False, timeout=60, follow_redirects=True
        )

    async def _ask(self, path: str, **fields: Any) -> dict[str, Any]:
        answer = await self._client.post("/index.php", params={"rest_route": f"/wp/v2/{path}"}, json=fields)
        assert answer.status_code in (200, 201), answer.text
        stored: dict[str, Any] = answer.json()
        return stored

    async def term(self, kind: str, name: str) -> int:
        """Make a term of `categories` or `tags`, and return its id."""
        return int((await self._ask(kind, name=name))["id"])

    async def post(self, title: str, **fields: Any) -> int:
        """Write a draft and publish it in a second step, as people do; return its id."""
        post = await self._ask("posts", title=title, status="draft")
        return await self.change(int(post["id"]), status="publish", **fields)

    async def change(self, post_id: int, **fields: Any) -> int:
        """Change a post."""
        return int((await self._ask(f"posts/{post_id}", **fields))["id"])

    async def trash(self, post_id: int, *, for_good: bool = False) -> None:
        """Move a post to the trash, or delete it for good."""
        query = {"rest_route": f"/wp/v2/posts/{post_id}"} | ({"force": "true"} if for_good else {})
        answer = await self._client.delete("/index.php", params=query)
        assert answer.status_code == 200, answer.text

    async def run_due_work(self) -> None:
        """Have WordPress do what is due, as the cron of a system does."""
        assert (await self._client.get("/wp-cron.php", params={"doing_wp_cron": ""})).status_code == 200

    async def close(self) -> None:
        """End the connections."""
        await self._client.aclose()


@asynccontextmanager
async def running(folder: Path, *, peyk: str, secret: str) -> AsyncIterator[WordPress]:
    """Run WordPress in `folder`, which hands its posts to the Peyk at that address."""
    php, mariadb, program = (real_programs.path_of(name) for name in ("php", "mariadbd", "/usr/share/wordpress"))
    site, url, socket = folder / "site", f"http://127.0.0.1:{free_port()}", folder / "mariadb.sock"
    shutil.copytree(program, site, ignore=shutil.ignore_patterns("wp-config.php"), ignore_dangling_symlinks=True)
    must_use = site / "wp-content/mu-plugins"
    must_use.mkdir(exist_ok=True)
    shutil.copy(_PLUGIN, must_use)
    (site / "wp-config.php").write_text(
        _CONFIG.format(socket=socket, url=url, peyk=peyk, secret=secret), encoding="utf-8"
    )
    with (folder / "mariadb.log").open("wb") as log:
        database = _database(mariadb, folder / "mariadb", socket, log)
        try:
            while not socket.exists():
                assert database.poll() is None, (folder / "mariadb.log").read_text()
                await asyncio.sleep(0.05)
            password = _installed(php, site)
            with (folder / "php.log").open("wb") as log_file:
                environment = os.environ | {"PHP_CLI_SERVER_WORKERS": "4"}
                serve = [php, "-d", "error_log=/dev/stderr", "-S", url.removeprefix("http://"), "-t", str(site)]
                # Its workers outlive it: the whole group is ended.
                server = subprocess.Popen(
                    serve, cwd=site, stdout=log_file, stderr=log_file, env=environment, start_new_session=True
                )
            wordpress = WordPress(url, password)
            try:
                yield wordpress
            finally:
                await wordpress.close()
                os.killpg(server.pid, signal.SIGTERM)
                server.wait(20)
        finally:
            database.terminate()
            database.wait(60)


def _database(program: str, data: Path, socket: Path, log: Any) -> "subprocess.Popen[bytes]":
    install = ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--skip-test-db"]
    user = ["--user=root"] if os.geteuid() == 0 else []
    subprocess.run(
        [*install, "--auth-root-authentication-method=normal", *user], stdout=log, stderr=log, check=True
    )
    (data / "init.sql").write_text("CREATE DATABASE IF NOT EXISTS wordpress CHARACTER SET utf8mb4;\n")
    options = [f"--datadir={data}", f"--socket={socket}", "--skip-networking", f"--init-file={data / 'init.sql'}"]
    return subprocess.Popen([program, "--no-defaults", *options, *user], stdout=log, stderr=log)


def _installed(php: str, site: Path) -> str:
    """Install the site; return the password of its editor for programs."""
    (site / "install-here.php").write_text(_INSTALL, encoding="utf-8")
    done = subprocess.run([php, "install-here.php"], cwd=site, capture_output=True, text=True, check=False)
    (site / "install-here.php").unlink()
    assert done.returncode == 0, done.stdout + done.stderr
    return str(json.loads(done.stdout.splitlines()[-1]))
