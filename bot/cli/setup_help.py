"""peyk settings and peyk health: for whoever sets Peyk up, and for the program that watches it."""

from pathlib import Path

from bot.cli.base import own_settings, reporting_errors
from bot.cli.printing import print_line
from bot.config import Settings
from bot.errors import PeykError

_TEMPLATE = Path(__file__).parents[1] / "env.example"
_PATIENCE_SECONDS = 8.0
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - the address of a setting, which is not bound here


@reporting_errors
def settings() -> None:
    """Print every setting with its default. What is printed can be the file `.env`."""
    print_line(_TEMPLATE.read_text(encoding="utf-8").rstrip("\n"))


@reporting_errors
def health() -> None:
    """Ask the running Peyk whether it can work: `ok`, or status 1 and the reason."""
    # The standard library's client: this runs every few seconds.
    from http.client import HTTPConnection, HTTPException

    host, port = _listener(own_settings())
    connection = HTTPConnection(host, port, timeout=_PATIENCE_SECONDS)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        body = answer.read().decode(errors="replace")
    except (OSError, HTTPException) as error:
        raise PeykError(f"{host}:{port} does not answer ({error})") from None
    finally:
        connection.close()
    if answer.status != 200:
        raise PeykError(f"{host}:{port}: {body}")
    print_line("ok")


def _listener(variables: Settings) -> tuple[str, int]:
    """Return the host and port of health. Raises PeykError where there is none."""
    address = variables.metrics_listen or variables.listen
    if address is None:
        raise PeykError("nothing tells of health: set METRICS_LISTEN, such as 127.0.0.1:9090")
    host, _, port = address.rpartition(":")
    bare = host.strip("[]")
    return _EVERYWHERE.get(bare, bare), int(port)
