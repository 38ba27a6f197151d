"""The control API: the users' side of the local Telegram, for its page, for tests and for the demo.

All of it is JSON over HTTP under /sandbox/; POST bodies are JSON objects with that content type. Errors are
{"error": words} with status 400.

    GET  /sandbox/state                    people, chats, the bot, its commands
    GET  /sandbox/messages?chat_id=N       a chat's messages, oldest first
    GET  /sandbox/events?after=N&wait=S    what happened after event N; waits up to S seconds for something
    GET  /sandbox/requests?after=N         calls that the bot made: method, params, status, description
    GET  /sandbox/file?id=FILE_ID          a file's bytes; redirects to the address that it was sent by
    GET  /sandbox/faults                   the faults that have not ended: [{kind, method, chat_id, count}]
    GET  /sandbox/tour                     reports of the program behind the bot, if it provides them
    GET  /sandbox/outbox                   (sandbox/inspector.py); {} otherwise
    GET  /sandbox/explanation?chat_id=N&message_id=N
    GET  /sandbox/last                     {event, request}: the newest numbers of both
    GET  /sandbox/counts                   {sent, edited, deleted, refused: {code: n}, by_method, per_second: []}
    POST /sandbox/counts/reset             {}
    POST /sandbox/log                      {on}: whether calls are written down for /sandbox/requests
    POST /sandbox/keep                     {count}: newest messages kept in each private chat; null keeps all
    POST /sandbox/people                   {first_name, language_code?, username?} -> {id}
    POST /sandbox/people/bulk              {count, language_code?, started?} -> {first_id, last_id}
    POST /sandbox/chats/bulk               {count, owner_id} -> {ids}: channels, the bot administrator of each;
                                           the bot gets no update about them
    POST /sandbox/chats                    {kind, title, owner_id, forum?, username?} -> {id}
    POST /sandbox/topics                   {chat_id, by, name} -> {id}
    POST /sandbox/topics/close             {chat_id, topic_id}
    POST /sandbox/topics/rename            {chat_id, by, topic_id, name}
    POST /sandbox/join                     {chat_id, user_id, status?}
    POST /sandbox/crowd                    {chat_id, count}: number of members besides the known ones
    POST /sandbox/bot                      {chat_id, by, status, rights?}
    POST /sandbox/block                    {user_id, blocked}
    POST /sandbox/deactivate               {user_id}
    POST /sandbox/protect                  {chat_id}
    POST /sandbox/migrate                  {chat_id} -> {id}
    POST /sandbox/say                      {user_id, text, chat_id?, topic_id?, anonymous?, entities?, file?,
                                            reply_to?, forward_origin?} -> {message_ids}
                                           file: {kind, name, base64}; kind: photo, video, animation, audio,
                                           voice, video_note, document or sticker
    POST /sandbox/album                    {user_id, files, text?, entities?, forward_origin?} -> {message_ids}
    POST /sandbox/press                    {user_id, chat_id, message_id, data} -> {text, alert, url}
    POST /sandbox/inline                   {user_id, query, offset?} -> {id, results, next_offset, button}
    POST /sandbox/inline/choose            {user_id, query_id, result_id, chat_id?} -> {message_id}: send a result
    POST /sandbox/react                    {chat_id, message_id, counts: {emoji: n}}: number of reactions; the
                                           bot gets an update if it is an administrator and asked for it
    POST /sandbox/edit                     {user_id, message_id, text}: a message of theirs to the bot
    POST /sandbox/delete                   {chat_id, message_id}
    POST /sandbox/faults                   {kind, method?, chat_id?, words?, count?, skip?, seconds?, code?,
                                            description?, probability?, seed?, body?, lasts?}; count null: until
                                           cleared, or for `lasts` seconds
    POST /sandbox/faults/clear             {}
    POST /sandbox/topics/delete            {chat_id, topic_id}
    POST /sandbox/destroy                  {chat_id}: its creator deletes the group or channel
    POST /sandbox/limits                   {on?, chat?, chat_burst?, group?, total?, total_paid?}
    POST /sandbox/web                      {prefix, size?, refusal?}: the file behind addresses that begin so:
                                           its size in bytes, or the refusal that the bot gets
    GET  /sandbox/fetched                  the addresses that the bot sent, in order
    POST /sandbox/advance                  {seconds}: move the clock on, by which faults end and late calls are done
    POST /sandbox/rich                     {on}
    POST /sandbox/ephemeral                {on}: off, the server knows no ephemeral messages
"""

import base64
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from sandbox import user_actions
from sandbox.counts import Counts
from sandbox.errors import ApiError
from sandbox.faults import Fault, FaultKind
from sandbox.files import file_response
from sandbox.remote_files import Rule
from sandbox.state import Json, Post, TelegramState

_LONGEST_WAIT = 30.0

Query = Mapping[str, str]


class Control:
    """The control API of one simulated Telegram."""

    def __init__(self, state: TelegramState) -> None:
        self._state = state

    async def answer(self, request: web.BaseRequest) -> web.Response:
        """Answer a request below /sandbox/."""
        name = request.path.removeprefix("/sandbox/")
        try:
            if request.method == "GET" and name == "file":
                return file_response(self._state, request.query["id"])
            if request.method == "GET" and name in _GET_HANDLERS:
                return web.json_response(await _GET_HANDLERS[name](self._state, request.query))
            if request.method != "POST" or name not in _WAITING_HANDLERS.keys() | _POST_HANDLERS.keys():
                return web.json_response({"error": "there is no such path"}, status=404)
            return await self._act(name, request)
        except ApiError as error:
            return web.json_response({"error": error.description}, status=400)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)

    async def _act(self, name: str, request: web.BaseRequest) -> web.Response:
        """Do what a POST asks for in JSON."""
        if request.content_type != "application/json":
            return web.json_response({"error": "JSON expected"}, status=415)
        body = await request.json()
        if name in _WAITING_HANDLERS:
            return web.json_response(await _WAITING_HANDLERS[name](self._state, body))
        return web.json_response(_POST_HANDLERS[name](self._state, body) or {})


async def _state(state: TelegramState, _query: Query) -> Json:
    return {
        "bot": state.me,
        "people": [
            person.json() | {"started": person.started, "blocked": person.blocked}
            for person in state.people.values()
        ],
        "chats": [
            state.chat_json(chat)
            | {"members": list(chat.members.values()), "topics": chat.topics, "pinned": chat.pinned}
            for chat in state.chats.values()
        ],
        "commands": state.commands,
        "last_event": state.events.last,
    }


async def _messages(state: TelegramState, query: Query) -> list[Json]:
    chat = user_actions.chat_of(state, int(query["chat_id"]))
    return [
        post.json
        | {"message_id": key, "by_bot": post.by_bot, "service": post.service}
        | _rich_words(post)
        | _photo_address(state, post)
        for key, post in chat.posts.items()
    ]


def _rich_words(post: Post) -> Json:
    """Return the text that people see of a rich message; the bot gets it as blocks."""
    return {"rich_message": post.json["rich_message"] | post.rich} if post.rich is not None else {}


def _photo_address(state: TelegramState, post: Post) -> Json:
    """Return the address of a photo that was sent by its address."""
    name = state.files[post.json["photo"][-1]["file_id"]][0] if "photo" in post.json else ""
    return {"photo_address": name} if "://" in name else {}


async def _events(state: TelegramState, query: Query) -> list[Json]:
    after = int(query.get("after", 0))
    wait = min(float(query.get("wait", 0)), _LONGEST_WAIT)
    await state.event_added.wait_for(lambda: state.events.last > after, wait)
    return state.events.after(after)


async def _requests(state: TelegramState, query: Query) -> list[Json]:
    return state.requests.after(int(query.get("after", 0)))


async def _last(state: TelegramState, _query: Query) -> Json:
    return {"event": state.events.last, "request": state.requests.last}


async def _counts(state: TelegramState, _query: Query) -> Json:
    return state.counts.json()


async def _press_button(state: TelegramState, body: Json) -> Json:
    query_id = user_actions.press_button(
        state, body["user_id"], body["chat_id"], body["message_id"], data=body["data"]
    )
    answer = state.presses[query_id]
    await state.event_added.wait_for(lambda: bool(answer["answered"]), _LONGEST_WAIT)
    return answer


async def _inline(state: TelegramState, body: Json) -> Json:
    query_id = user_actions.inline_query(state, body["user_id"], body["query"], body.get("offset", ""))
    answer = state.inline[query_id]
    await state.event_added.wait_for(lambda: bool(answer["answered"]), _LONGEST_WAIT)
    return answer


def _add_person(state: TelegramState, body: Json) -> Json:
    return {"id": user_actions.create_person(state, **body).id}


def _add_chat(state: TelegramState, body: Json) -> Json:
    return {
        "id": user_actions.create_chat(state, body.pop("kind"), body.pop("title"), body.pop("owner_id"), **body).id
    }


def _add_people(state: TelegramState, body: Json) -> Json:
    added = [
        user_actions.create_person(state, f"Person {number + 1}", language_code=body.get("language_code", "fa"))
        for number in range(body["count"])
    ]
    for person in added:
        person.started = bool(body.get("started"))
    return {"first_id": added[0].id, "last_id": added[-1].id}


def _add_chats(state: TelegramState, body: Json) -> Json:
    added = [
        user_actions.create_chat(state, "channel", f"Channel {number + 1}", body["owner_id"])
        for number in range(body["count"])
    ]
    for chat in added:
        chat.members[state.me["id"]] = user_actions.bot_member(state, "administrator", {})
    return {"ids": [chat.id for chat in added]}


def _reset_counts(state: TelegramState, _body: Json) -> None:
    state.counts = Counts(time.monotonic())


def _switch_log(state: TelegramState, body: Json) -> None:
    state.requests.on = bool(body["on"])


def _limit_history(state: TelegramState, body: Json) -> None:
    count = body["count"]
    if count is not None and int(count) < 1:
        raise ValueError("at least one message is kept")
    state.newest_kept = count


def _send_message(state: TelegramState, body: Json) -> Json:
    file = body.pop("file", None)
    if file:
        body["file"] = _file(file)
    return {"message_ids": user_actions.send_message(state, body.pop("user_id"), user_actions.Draft(**body))}


def _send_album(state: TelegramState, body: Json) -> Json:
    files = [_file(file) for file in body.pop("files")]
    return {"message_ids": user_actions.send_album(state, body.pop("user_id"), files, user_actions.Draft(**body))}


def _file(file: Json) -> user_actions.File:
    return file["kind"], file["name"], base64.b64decode(file["base64"])


def _limits(state: TelegramState, body: Json) -> None:
    for name, value in body.items():
        if not hasattr(state.flood.limits, name):
            raise ValueError(f"no limit called {name}")
        setattr(state.flood.limits, name, value)


def _close_topic(state: TelegramState, body: Json) -> None:
    user_actions.chat_of(state, body["chat_id"]).topics[body["topic_id"]]["closed"] = True


def _crowd(state: TelegramState, body: Json) -> None:
    user_actions.chat_of(state, body["chat_id"]).crowd = int(body["count"])


def _deactivate(state: TelegramState, body: Json) -> None:
    state.person(body["user_id"]).deactivated = True


def _protect(state: TelegramState, body: Json) -> None:
    user_actions.chat_of(state, body["chat_id"]).protected = True


def _rich(state: TelegramState, body: Json) -> None:
    state.rich = bool(body["on"])


def _ephemeral(state: TelegramState, body: Json) -> None:
    state.ephemeral = bool(body["on"])


async def _faults(state: TelegramState, _query: Query) -> list[Json]:
    return [
        {"kind": fault.kind, "method": fault.method, "chat_id": fault.chat_id, "count": fault.count}
        for fault in state.faults.active()
    ]


async def _tour(state: TelegramState, _query: Query) -> Json:
    return await state.inspector.tour() if state.inspector is not None else {}


async def _outbox(state: TelegramState, _query: Query) -> Json:
    return await state.inspector.outbox() if state.inspector is not None else {}


async def _explanation(state: TelegramState, query: Query) -> Json:
    if state.inspector is None:
        return {}
    return await state.inspector.explanation(int(query["chat_id"]), int(query["message_id"]))


async def _fetched(state: TelegramState, _query: Query) -> list[str]:
    return state.remote_files.fetched


def _add_fault(state: TelegramState, body: Json) -> None:
    state.faults.add(Fault(**{**body, "kind": FaultKind(body["kind"])}))


_GET_HANDLERS: dict[str, Callable[[TelegramState, Query], Awaitable[Any]]] = {
    "state": _state,
    "messages": _messages,
    "events": _events,
    "requests": _requests,
    "last": _last,
    "counts": _counts,
    "fetched": _fetched,
    "faults": _faults,
    "tour": _tour,
    "outbox": _outbox,
    "explanation": _explanation,
}
_WAITING_HANDLERS: dict[str, Callable[[TelegramState, Json], Awaitable[Any]]] = {
    "press": _press_button,
    "inline": _inline,
}
_POST_HANDLERS: dict[str, Callable[[TelegramState, Json], Any]] = {
    "people": _add_person,
    "chats": _add_chat,
    "people/bulk": _add_people,
    "chats/bulk": _add_chats,
    "counts/reset": _reset_counts,
    "log": _switch_log,
    "keep": _limit_history,
    "topics": lambda state, body: {
        "id": user_actions.create_topic(state, body["chat_id"], body["by"], body["name"])
    },
    "topics/close": _close_topic,
    "topics/rename": lambda state, body: user_actions.rename_topic(
        state, body["chat_id"], body["by"], body["topic_id"], name=body["name"]
    ),
    "join": lambda state, body: user_actions.join(state, **body),
    "bot": lambda state, body: user_actions.set_bot(state, **body),
    "block": lambda state, body: user_actions.block(state, body["user_id"], blocked=body["blocked"]),
    "crowd": _crowd,
    "deactivate": _deactivate,
    "protect": _protect,
    "migrate": lambda state, body: {"id": user_actions.migrate(state, body["chat_id"])},
    "say": _send_message,
    "album": _send_album,
    "inline/choose": lambda state, body: {"message_id": user_actions.choose_result(state, **body)},
    "edit": lambda state, body: user_actions.edit(state, **body),
    "react": lambda state, body: user_actions.react(state, **body),
    "delete": lambda state, body: user_actions.delete(state, **body),
    "faults": _add_fault,
    "faults/clear": lambda state, _body: state.faults.scripts.clear(),
    "topics/delete": lambda state, body: user_actions.delete_topic(state, body["chat_id"], body["topic_id"]),
    "destroy": lambda state, body: user_actions.destroy(state, body["chat_id"]),
    "limits": _limits,
    "advance": lambda state, body: state.advance(body["seconds"]),
    "rich": _rich,
    "ephemeral": _ephemeral,
    "web": lambda state, body: state.remote_files.rules.append(Rule(**body)),
}
