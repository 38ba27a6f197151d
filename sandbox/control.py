"""The control API: people's side of the local Telegram, for its page, for tests and for the demo.

All of it is JSON over HTTP under /sandbox/; POST bodies are JSON objects with that content type. Errors are
{"error": words} with status 400.

    GET  /sandbox/state                    people, chats, the bot, its commands
    GET  /sandbox/messages?chat_id=N       a chat's messages, oldest first
    GET  /sandbox/events?after=N&wait=S    what happened after event N; waits up to S seconds for something
    GET  /sandbox/requests?after=N         calls that the bot made: method, params, status, description
    GET  /sandbox/file?id=FILE_ID          a file's bytes; leads on to the address that it was sent by
    GET  /sandbox/faults                   the faults that wait for their calls: [{kind, method, chat_id, count}]
    GET  /sandbox/tour                     the bot's own account of itself, where whoever started it hands one over
    GET  /sandbox/outbox                   (sandbox/insight.py); {} otherwise
    GET  /sandbox/explanation?chat_id=N&message_id=N
    GET  /sandbox/last                     {event, request}: the newest numbers of both
    GET  /sandbox/counts                   {sent, edited, deleted, refused: {code: n}, by_method, per_second: []}
    POST /sandbox/counts/reset             {}
    POST /sandbox/log                      {on}: whether calls are written down for /sandbox/requests
    POST /sandbox/keep                     {count}: newest messages kept in each private chat; null keeps all
    POST /sandbox/people                   {first_name, language_code?, username?} -> {id}
    POST /sandbox/people/bulk              {count, language_code?, started?} -> {first_id, last_id}
    POST /sandbox/chats/bulk               {count, owner_id} -> {ids}: channels, the bot administrator of each;
                                           neither is told to the bot
    POST /sandbox/chats                    {kind, title, owner_id, forum?, username?} -> {id}
    POST /sandbox/topics                   {chat_id, by, name} -> {id}
    POST /sandbox/topics/close             {chat_id, topic_id}
    POST /sandbox/topics/rename            {chat_id, by, topic_id, name}
    POST /sandbox/join                     {chat_id, user_id, status?}
    POST /sandbox/crowd                    {chat_id, count}: people who have joined besides those that are told of
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
    POST /sandbox/react                    {chat_id, message_id, counts: {emoji: n}}: how many have reacted; the
                                           bot is told where it is an administrator and asked for it
    POST /sandbox/edit                     {user_id, message_id, text}: a message of theirs to the bot
    POST /sandbox/delete                   {chat_id, message_id}
    POST /sandbox/faults                   {kind, method?, chat_id?, words?, count?, skip?, seconds?, code?,
                                            description?, probability?, seed?, body?, lasts?}; count null: until
                                           cleared, or for `lasts` seconds
    POST /sandbox/faults/clear             {}
    POST /sandbox/topics/delete            {chat_id, topic_id}
    POST /sandbox/destroy                  {chat_id}: its creator deletes the group or channel
    POST /sandbox/limits                   {on?, chat?, chat_burst?, group?, total?, total_paid?}
    POST /sandbox/web                      {prefix, size?, refusal?}: what addresses that begin so lead to when the
                                           bot sends them: how many bytes, or the words that refuse them
    GET  /sandbox/fetched                  the addresses that were fetched for the bot, in order
    POST /sandbox/advance                  {seconds}
    POST /sandbox/rich                     {on}
    POST /sandbox/ephemeral                {on}: off, the server knows no ephemeral messages
"""

import base64
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from sandbox import people
from sandbox.counts import Counts
from sandbox.errors import ApiError
from sandbox.faults import Fault, Kind
from sandbox.files import file_response
from sandbox.web import Rule
from sandbox.world import Json, Post, World

_LONGEST_WAIT = 30.0

Query = Mapping[str, str]


class Control:
    """The control API of one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def answer(self, request: web.BaseRequest) -> web.Response:
        """Answer a request below /sandbox/."""
        name = request.path.removeprefix("/sandbox/")
        try:
            if request.method == "GET" and name == "file":
                return file_response(self._world, request.query["id"])
            if request.method == "GET" and name in _QUESTIONS:
                return web.json_response(await _QUESTIONS[name](self._world, request.query))
            if request.method != "POST" or name not in _WAITING.keys() | _ACTIONS.keys():
                return web.json_response({"error": "there is no such thing here"}, status=404)
            if request.content_type != "application/json":
                return web.json_response({"error": "JSON expected"}, status=415)
            body = await request.json()
            if name in _WAITING:
                return web.json_response(await _WAITING[name](self._world, body))
            return web.json_response(_ACTIONS[name](self._world, body) or {})
        except ApiError as error:
            return web.json_response({"error": error.description}, status=400)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)


async def _state(world: World, _query: Query) -> Json:
    return {
        "bot": world.me,
        "people": [
            person.json() | {"started": person.started, "blocked": person.blocked}
            for person in world.people.values()
        ],
        "chats": [
            world.chat_json(room)
            | {"members": list(room.members.values()), "topics": room.topics, "pinned": room.pinned}
            for room in world.rooms.values()
        ],
        "commands": world.commands,
        "last_event": world.events.last,
    }


async def _messages(world: World, query: Query) -> list[Json]:
    room = people.room_of(world, int(query["chat_id"]))
    return [
        post.json
        | {"message_id": key, "by_bot": post.by_bot, "service": post.service}
        | _rich_words(post)
        | _photo_address(world, post)
        for key, post in room.posts.items()
    ]


def _rich_words(post: Post) -> Json:
    """Return the text that people see of a rich message; the bot gets it as blocks."""
    return {"rich_message": post.json["rich_message"] | post.rich} if post.rich is not None else {}


def _photo_address(world: World, post: Post) -> Json:
    """Return the address of a photo that was sent by its address."""
    name = world.files[post.json["photo"][-1]["file_id"]][0] if "photo" in post.json else ""
    return {"photo_address": name} if "://" in name else {}


async def _events(world: World, query: Query) -> list[Json]:
    after = int(query.get("after", 0))
    wait = min(float(query.get("wait", 0)), _LONGEST_WAIT)
    await world.news.until(lambda: world.events.last > after, wait)
    return world.events.after(after)


async def _requests(world: World, query: Query) -> list[Json]:
    return world.requests.after(int(query.get("after", 0)))


async def _last(world: World, _query: Query) -> Json:
    return {"event": world.events.last, "request": world.requests.last}


async def _counts(world: World, _query: Query) -> Json:
    return world.counts.json()


async def _press(world: World, body: Json) -> Json:
    query_id = people.press(world, body["user_id"], body["chat_id"], body["message_id"], data=body["data"])
    answer = world.presses[query_id]
    await world.news.until(lambda: bool(answer["answered"]), _LONGEST_WAIT)
    return answer


async def _inline(world: World, body: Json) -> Json:
    query_id = people.inline_query(world, body["user_id"], body["query"], body.get("offset", ""))
    answer = world.inline[query_id]
    await world.news.until(lambda: bool(answer["answered"]), _LONGEST_WAIT)
    return answer


def _add_person(world: World, body: Json) -> Json:
    return {"id": people.create_person(world, **body).id}


def _add_chat(world: World, body: Json) -> Json:
    return {"id": people.create_room(world, body.pop("kind"), body.pop("title"), body.pop("owner_id"), **body).id}


def _add_people(world: World, body: Json) -> Json:
    added = [
        people.create_person(world, f"Person {number + 1}", language_code=body.get("language_code", "fa"))
        for number in range(body["count"])
    ]
    for person in added:
        person.started = bool(body.get("started"))
    return {"first_id": added[0].id, "last_id": added[-1].id}


def _add_chats(world: World, body: Json) -> Json:
    added = [
        people.create_room(world, "channel", f"Channel {number + 1}", body["owner_id"])
        for number in range(body["count"])
    ]
    for room in added:
        room.members[world.me["id"]] = people.bot_member(world, "administrator", {})
    return {"ids": [room.id for room in added]}


def _reset_counts(world: World, _body: Json) -> None:
    world.counts = Counts(time.monotonic())


def _log(world: World, body: Json) -> None:
    world.requests.on = bool(body["on"])


def _keep(world: World, body: Json) -> None:
    count = body["count"]
    if count is not None and int(count) < 1:
        raise ValueError("at least one message is kept")
    world.keep = count


def _say(world: World, body: Json) -> Json:
    file = body.pop("file", None)
    if file:
        body["file"] = _file(file)
    return {"message_ids": people.say(world, body.pop("user_id"), people.Draft(**body))}


def _album(world: World, body: Json) -> Json:
    files = [_file(file) for file in body.pop("files")]
    return {"message_ids": people.say_album(world, body.pop("user_id"), files, people.Draft(**body))}


def _file(file: Json) -> people.File:
    return file["kind"], file["name"], base64.b64decode(file["base64"])


def _limits(world: World, body: Json) -> None:
    for name, value in body.items():
        if not hasattr(world.flood.limits, name):
            raise ValueError(f"no limit called {name}")
        setattr(world.flood.limits, name, value)


def _close_topic(world: World, body: Json) -> None:
    people.room_of(world, body["chat_id"]).topics[body["topic_id"]]["closed"] = True


def _crowd(world: World, body: Json) -> None:
    people.room_of(world, body["chat_id"]).crowd = int(body["count"])


def _deactivate(world: World, body: Json) -> None:
    world.person(body["user_id"]).deactivated = True


def _protect(world: World, body: Json) -> None:
    people.room_of(world, body["chat_id"]).protected = True


def _rich(world: World, body: Json) -> None:
    world.rich = bool(body["on"])


def _ephemeral(world: World, body: Json) -> None:
    world.ephemeral = bool(body["on"])


async def _faults(world: World, _query: Query) -> list[Json]:
    return [
        {"kind": fault.kind, "method": fault.method, "chat_id": fault.chat_id, "count": fault.count}
        for fault in world.faults.waiting()
    ]


async def _tour(world: World, _query: Query) -> Json:
    return await world.insight.tour() if world.insight is not None else {}


async def _outbox(world: World, _query: Query) -> Json:
    return await world.insight.outbox() if world.insight is not None else {}


async def _explanation(world: World, query: Query) -> Json:
    if world.insight is None:
        return {}
    return await world.insight.explanation(int(query["chat_id"]), int(query["message_id"]))


async def _fetched(world: World, _query: Query) -> list[str]:
    return world.web.fetched


def _script(world: World, body: Json) -> None:
    world.faults.scripts.append(Fault(**{**body, "kind": Kind(body["kind"])}))


_QUESTIONS: dict[str, Callable[[World, Query], Awaitable[Any]]] = {
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
_WAITING: dict[str, Callable[[World, Json], Awaitable[Any]]] = {"press": _press, "inline": _inline}
_ACTIONS: dict[str, Callable[[World, Json], Any]] = {
    "people": _add_person,
    "chats": _add_chat,
    "people/bulk": _add_people,
    "chats/bulk": _add_chats,
    "counts/reset": _reset_counts,
    "log": _log,
    "keep": _keep,
    "topics": lambda world, body: {"id": people.create_topic(world, body["chat_id"], body["by"], body["name"])},
    "topics/close": _close_topic,
    "topics/rename": lambda world, body: people.rename_topic(
        world, body["chat_id"], body["by"], body["topic_id"], name=body["name"]
    ),
    "join": lambda world, body: people.join(world, **body),
    "bot": lambda world, body: people.set_bot(world, **body),
    "block": lambda world, body: people.block(world, body["user_id"], blocked=body["blocked"]),
    "crowd": _crowd,
    "deactivate": _deactivate,
    "protect": _protect,
    "migrate": lambda world, body: {"id": people.migrate(world, body["chat_id"])},
    "say": _say,
    "album": _album,
    "inline/choose": lambda world, body: {"message_id": people.choose(world, **body)},
    "edit": lambda world, body: people.edit(world, **body),
    "react": lambda world, body: people.react(world, **body),
    "delete": lambda world, body: people.delete(world, **body),
    "faults": _script,
    "faults/clear": lambda world, _body: world.faults.scripts.clear(),
    "topics/delete": lambda world, body: people.delete_topic(world, body["chat_id"], body["topic_id"]),
    "destroy": lambda world, body: people.destroy(world, body["chat_id"]),
    "limits": _limits,
    "advance": lambda world, body: world.advance(body["seconds"]),
    "rich": _rich,
    "ephemeral": _ephemeral,
    "web": lambda world, body: world.web.rules.append(Rule(**body)),
}
