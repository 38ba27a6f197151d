"""The control API: people's side of the local Telegram, for its page, for tests and for the demo.

All of it is JSON over HTTP under /sandbox/; POST bodies are JSON objects with that content type, and requests
must name this machine as their host. Errors are {"error": words} with status 400.

    GET  /sandbox/state                    people, chats, the bot, its commands
    GET  /sandbox/messages?chat_id=N       a chat's messages, oldest first
    GET  /sandbox/events?after=N&wait=S    what happened after event N; waits up to S seconds for something
    GET  /sandbox/requests?after=N         calls that the bot made: method, params, status, description
    POST /sandbox/people                   {first_name, language_code?, username?} -> {id}
    POST /sandbox/chats                    {kind, title, owner_id, forum?, username?} -> {id}
    POST /sandbox/topics                   {chat_id, by, name} -> {id}
    POST /sandbox/topics/close             {chat_id, topic_id}
    POST /sandbox/join                     {chat_id, user_id, status?}
    POST /sandbox/bot                      {chat_id, by, status, rights?}
    POST /sandbox/block                    {user_id, blocked}
    POST /sandbox/deactivate               {user_id}
    POST /sandbox/protect                  {chat_id}
    POST /sandbox/migrate                  {chat_id} -> {id}
    POST /sandbox/say                      {user_id, text, chat_id?, topic_id?, anonymous?, entities?, file?,
                                            reply_to?} -> {message_ids}
                                           file: {kind: photo|document, name, base64}
    POST /sandbox/press                    {user_id, chat_id, message_id, data} -> {text, alert, url}
    POST /sandbox/inline                   {user_id, query, offset?} -> {results, next_offset}
    POST /sandbox/delete                   {chat_id, message_id}
    POST /sandbox/faults                   {kind, method?, chat_id?, count?, skip?, seconds?, code?, description?}
    POST /sandbox/limits                   {on?, chat?, chat_burst?, group?, total?, total_paid?}
    POST /sandbox/advance                  {seconds}
    POST /sandbox/rich                     {on}
"""

import base64
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from sandbox import people
from sandbox.errors import ApiError
from sandbox.faults import Fault, Kind
from sandbox.world import Json, World

_LONGEST_WAIT = 30.0
_LOCAL_HOSTS = {"127.0.0.1", "localhost", "[::1]", "::1"}

Action = Callable[[World, Json], Any]


def routes(world: World) -> list[web.RouteDef]:
    """Return the control API's routes for a world."""
    found = [
        web.get("/sandbox/state", _guarded(world, _state)),
        web.get("/sandbox/messages", _guarded(world, _messages)),
        web.get("/sandbox/events", _guarded(world, _events)),
        web.get("/sandbox/requests", _guarded(world, _requests)),
        web.post("/sandbox/press", _guarded(world, _press)),
        web.post("/sandbox/inline", _guarded(world, _inline)),
    ]
    return found + [web.post(f"/sandbox/{name}", _guarded(world, _acting(act))) for name, act in _ACTIONS.items()]


def _guarded(
    world: World, handler: Callable[[World, web.Request], Awaitable[Any]]
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def guarded(request: web.Request) -> web.Response:
        # A page elsewhere must reach this neither by name tricks nor by a plain form.
        if request.host.rsplit(":", 1)[0] not in _LOCAL_HOSTS:
            return web.json_response({"error": "only for this machine"}, status=403)
        if request.method == "POST" and request.content_type != "application/json":
            return web.json_response({"error": "JSON expected"}, status=415)
        try:
            return web.json_response(await handler(world, request))
        except ApiError as error:
            return web.json_response({"error": error.description}, status=400)
        except (KeyError, TypeError, ValueError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)

    return guarded


def _acting(act: Action) -> Callable[[World, web.Request], Awaitable[Any]]:
    async def handler(world: World, request: web.Request) -> Any:
        return act(world, await request.json()) or {}

    return handler


async def _state(world: World, _request: web.Request) -> Json:
    return {
        "bot": world.me,
        "people": [person.json() | {"started": person.started} for person in world.people.values()],
        "chats": [
            world.chat_json(room) | {"members": list(room.members.values()), "topics": room.topics}
            for room in world.rooms.values()
        ],
        "commands": world.commands,
        "last_event": world.events[-1]["seq"] if world.events else 0,
    }


async def _messages(world: World, request: web.Request) -> list[Json]:
    room = people.room_of(world, int(request.query["chat_id"]))
    return [post.json | {"by_bot": post.by_bot, "service": post.service} for post in room.posts.values()]


async def _events(world: World, request: web.Request) -> list[Json]:
    after = int(request.query.get("after", 0))
    wait = min(float(request.query.get("wait", 0)), _LONGEST_WAIT)
    await world.until(lambda: bool(world.events) and world.events[-1]["seq"] > after, wait)
    return [event for event in world.events if event["seq"] > after]


async def _requests(world: World, request: web.Request) -> list[Json]:
    after = int(request.query.get("after", 0))
    return [entry for entry in world.requests if entry["seq"] > after]


async def _press(world: World, request: web.Request) -> Json:
    body = await request.json()
    query_id = people.press(world, body["user_id"], body["chat_id"], body["message_id"], body["data"])
    answer = world.presses[query_id]
    await world.until(lambda: bool(answer["answered"]), _LONGEST_WAIT)
    return answer


async def _inline(world: World, request: web.Request) -> Json:
    body = await request.json()
    query_id = people.inline_query(world, body["user_id"], body["query"], body.get("offset", ""))
    answer = world.inline[query_id]
    await world.until(lambda: bool(answer["answered"]), _LONGEST_WAIT)
    return answer


def _add_person(world: World, body: Json) -> Json:
    return {"id": people.create_person(world, **body).id}


def _add_chat(world: World, body: Json) -> Json:
    return {"id": people.create_room(world, body.pop("kind"), body.pop("title"), body.pop("owner_id"), **body).id}


def _say(world: World, body: Json) -> Json:
    file = body.pop("file", None)
    if file:
        body["file"] = (file["kind"], file["name"], base64.b64decode(file["base64"]))
    return {"message_ids": people.say(world, body.pop("user_id"), body.pop("text", ""), **body)}


def _limits(world: World, body: Json) -> None:
    for name, value in body.items():
        if not hasattr(world.flood.limits, name):
            raise ValueError(f"no limit called {name}")
        setattr(world.flood.limits, name, value)


def _close_topic(world: World, body: Json) -> None:
    people.room_of(world, body["chat_id"]).topics[body["topic_id"]]["closed"] = True


def _deactivate(world: World, body: Json) -> None:
    world.person(body["user_id"]).deactivated = True


def _protect(world: World, body: Json) -> None:
    people.room_of(world, body["chat_id"]).protected = True


def _rich(world: World, body: Json) -> None:
    world.rich = bool(body["on"])


def _script(world: World, body: Json) -> None:
    world.faults.scripts.append(Fault(**{**body, "kind": Kind(body["kind"])}))


_ACTIONS: dict[str, Action] = {
    "people": _add_person,
    "chats": _add_chat,
    "topics": lambda world, body: {"id": people.create_topic(world, body["chat_id"], body["by"], body["name"])},
    "topics/close": _close_topic,
    "join": lambda world, body: people.join(world, **body),
    "bot": lambda world, body: people.set_bot(world, **body),
    "block": lambda world, body: people.block(world, body["user_id"], blocked=body["blocked"]),
    "deactivate": _deactivate,
    "protect": _protect,
    "migrate": lambda world, body: {"id": people.migrate(world, body["chat_id"])},
    "say": _say,
    "delete": lambda world, body: people.delete(world, **body),
    "faults": _script,
    "limits": _limits,
    "advance": lambda world, body: world.advance(body["seconds"]),
    "rich": _rich,
}
