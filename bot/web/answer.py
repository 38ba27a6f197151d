"""The answers of the server: short, and without a word about the software that gives them."""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

Handler = Callable[[web.BaseRequest], Awaitable[web.Response]]


def answer(
    status: int,
    body: bytes = b"",
    *,
    content_type: str = "text/plain",
    headers: Mapping[str, str] | None = None,
    keep: bool = False,
) -> web.Response:
    """Return a response; the connection ends after it unless `keep` is set."""
    response = web.Response(
        status=status,
        body=body,
        content_type=content_type if body else None,
        charset="utf-8" if body else None,
        headers={"Server": "peyk", "Cache-Control": "no-store", **(headers or {})},
    )
    if not keep:
        response.force_close()
    return response
