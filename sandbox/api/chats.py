"""The methods that tell the bot about chats and their members."""

from typing import Any

from sandbox.api.registry import Call, method
from sandbox.errors import bad


@method("getChat")
def get_chat(call: Call) -> Any:
    """Tell about a chat."""
    room = call.world.reachable(call["chat_id"])
    sealed = {"has_protected_content": True} if room.protected else {}
    return call.world.chat_json(room) | {"accent_color_id": 0, "max_reaction_count": 11} | sealed


@method("getChatMember")
def get_chat_member(call: Call) -> Any:
    """Tell what somebody is in a chat."""
    room = call.world.reachable(call["chat_id"])
    member = room.members.get(call["user_id"])
    if member is None:
        if call["user_id"] not in call.world.people:
            raise bad("user not found")
        return {"status": "left", "user": call.world.person(call["user_id"]).json()}
    return member


@method("getChatAdministrators")
def get_chat_administrators(call: Call) -> Any:
    """List the administrators of a group or channel."""
    room = call.world.reachable(call["chat_id"])
    if room.kind == "private":
        raise bad("there are no administrators in the private chat")
    if room.kind == "channel" and not call.world.bot_right(room, "can_manage_chat"):
        raise bad("member list is inaccessible")
    return [member for member in room.members.values() if member["status"] in ("creator", "administrator")]


@method("getChatMemberCount")
def get_chat_member_count(call: Call) -> Any:
    """Count the members of a chat."""
    room = call.world.reachable(call["chat_id"])
    return max(2, room.crowd + sum(member["status"] not in ("left", "kicked") for member in room.members.values()))


@method("leaveChat")
def leave_chat(call: Call) -> Any:
    """Leave a group or channel."""
    room = call.world.reachable(call["chat_id"])
    if room.kind == "private":
        raise bad("chat member status can't be changed in private chats")
    room.members.pop(call.world.me["id"], None)
    return True
