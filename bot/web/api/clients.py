"""Clients of the API: known by their tokens, each at its own pace."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from bot.door_settings import ApiToken
from bot.newsroom.submissions import Submissions
from storage.records import Role


@dataclass(frozen=True, slots=True)
class Client:
    """A client that has sent its token; `actor_id` stands for it in the audit and as an author."""

    name: str
    role: Role
    actor_id: int


class Clients:
    """Knows the clients of the settings by a hash of each token; no secret is kept."""

    def __init__(self, tokens: Sequence[ApiToken], submissions: Submissions) -> None:
        self._known = [(_hash(token.secret.encode()), token.name, Role(token.role)) for token in tokens]
        self._submissions = submissions
        self._actors: dict[str, int] = {}

    async def of(self, request: web.BaseRequest) -> Client | None:
        """Return the client whose bearer token (RFC 6750) a request has, None for an unknown one."""
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        seal = _hash(secret.encode("utf-8", "surrogateescape"))
        # All are compared, so that the time reveals nothing.
        matching = [(name, role) for known, name, role in self._known if hmac.compare_digest(known, seal)]
        if scheme.lower() != "bearer" or not matching:
            return None
        name, role = matching[0]
        if name not in self._actors:
            self._actors[name] = await self._submissions.actor_of(name)
        return Client(name, role, self._actors[name])


def _hash(secret: bytes) -> bytes:
    return hashlib.sha256(secret).digest()
