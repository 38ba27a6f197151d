"""The Bot API over HTTP: a request becomes a checked call, its result or refusal an answer in Telegram's form."""

import asyncio
import json
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from sandbox.api.registry import METHODS, Call
from sandbox.errors import ApiError, bad
from sandbox.faults import DropConnectionError, Fault, FaultKind, ForeignAnswerError, apply_before_call
from sandbox.params import check, method_named
from sandbox.state import Json, TelegramState

Uploads = dict[str, tuple[str, bytes]]
_MOST_FIELDS = 1_000


class Endpoint:
    """Everything below /bot<token>/ and /file/bot<token>/."""

    def __init__(self, state: TelegramState, token: str) -> None:
        self._state = state
        self._token = token
        self._late: set[asyncio.Task[None]] = set()

    async def call(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer /bot<token>/<method>."""
        token, _, method = request.path.removeprefix("/bot").partition("/")
        params: Json = {}
        try:
            self._check(token)
            method = method_named(method)
            received, uploads = await _read(request)
            params = check(method, received, uploads.keys())
            fault = self._state.faults.match_call(method, params)
            await apply_before_call(fault)
            result = await self._do(method, params, uploads, fault)
        except DropConnectionError:
            self._state.record_call(method, params, 0, "no answer")
            assert request.transport is not None, "a request being handled has a connection"
            request.transport.abort()
            return web.Response()
        except ForeignAnswerError as error:
            self._state.record_call(method, params, 0, "somebody else answers")
            return web.Response(status=error.status, text=error.body, content_type="text/html")
        except ApiError as error:
            self._state.record_call(method, params, error.code, error.description)
            return _answer(error.body, error.code)
        if fault is not None and fault.kind is FaultKind.TRUNCATED:
            self._state.record_call(method, params, 0, "half of an answer")
            return await _half(request, result)
        self._state.record_call(method, params, 200, "")
        return _answer({"ok": True, "result": result}, 200)

    async def download(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer /file/bot<token>/<path>."""
        token, _, path = request.path.removeprefix("/file/bot").partition("/")
        file = self._state.files.get(path.removeprefix("files/"))
        if token != self._token or file is None:
            return _answer(ApiError(404, "Not Found").body, 404)
        return web.Response(body=file[1])

    def _check(self, token: str) -> None:
        if token != self._token:
            raise ApiError(401, "Unauthorized")

    async def _do(self, method: str, params: Json, uploads: Uploads, fault: Fault | None) -> Any:
        act = METHODS.get(method)
        if act is None:
            raise bad(f"method {method} is not simulated by the sandbox")
        call = Call(self._state, params, uploads)
        if fault is not None and fault.kind is FaultKind.DONE_LATER:
            self._do_later(act, call, fault.seconds)
            raise DropConnectionError
        result = act(call)
        if asyncio.iscoroutine(result):
            result = await result
        if fault is not None and fault.kind is FaultKind.ANSWER_LOST:
            raise DropConnectionError
        if fault is not None and fault.kind is FaultKind.FOREIGN_DONE:
            raise ForeignAnswerError(fault.code, fault.body)
        return result

    def _do_later(self, act: Any, call: Call, seconds: float) -> None:
        state, due_at = self._state, self._state.now() + seconds

        async def later() -> None:
            await state.clock_advanced.wait_for(lambda: state.now() >= due_at, seconds)
            act(call)

        task = asyncio.create_task(later())
        self._late.add(task)
        task.add_done_callback(self._late.discard)


async def _half(request: web.BaseRequest, result: Any) -> web.StreamResponse:
    """Send the first half of an answer, and drop the connection."""
    body = json.dumps({"ok": True, "result": result}).encode()
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(body))})
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    assert request.transport is not None, "a request being handled has a connection"
    request.transport.close()
    return response


def _answer(body: Json, status: int) -> web.Response:
    return web.Response(body=json.dumps(body).encode(), status=status, content_type="application/json")


async def _read(request: web.BaseRequest) -> tuple[Json, Uploads]:
    """Return the parameters (query, form, JSON or multipart) and the uploaded files."""
    params: Json = dict(request.query) if request.query_string else {}
    kind = request.content_type
    if kind == "application/json":
        return params | _json(await request.read()), {}
    if kind == "application/x-www-form-urlencoded":
        return params | _form(await request.read()), {}
    uploads: Uploads = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            uploads[name] = (value.filename, value.file.read())
        else:
            params[name] = value
    return params, uploads


def _json(content: bytes) -> Json:
    try:
        body = json.loads(content or b"{}")
    except ValueError:
        raise bad("can't parse JSON object") from None
    if not isinstance(body, dict):
        raise bad("object expected as the request's body")
    return body


def _form(content: bytes) -> Json:
    try:
        return dict(
            parse_qsl(content.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
        )
    except UnicodeDecodeError:
        raise bad("strings must be encoded in UTF-8") from None
    except ValueError:
        raise bad("too many parameters") from None
