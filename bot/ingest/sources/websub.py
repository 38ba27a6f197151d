"""WebSub as a subscriber speaks it (pure): callbacks, secrets and signatures. https://www.w3.org/TR/websub/

A callback's path bears a nonce and a code made of it with Peyk's own key, so a path that nobody was given is known
without a look at the database. The secret for a hub's signatures is made of the nonce in the same way.
"""

import hashlib
import hmac
from dataclasses import dataclass

from bot.errors import SourceError
from bot.ingest.fetch.fetcher import checked_url

WEBSUB_PATH = "/websub/"
"""The beginning of the path of every callback; WEBHOOK_URL is the public address of this server's root."""

_CODE_LETTERS = 32
_DIGESTS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}
_WEAK = "sha1"
_LONGEST_URL = 2000


class CallbackKey:
    """The key by which callbacks are known."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def path(self, nonce: str) -> str:
        """Return the path of the callback that bears a nonce."""
        return f"{WEBSUB_PATH}{nonce}.{self._code('callback', nonce)[:_CODE_LETTERS]}"

    def nonce_of(self, path: str) -> str | None:
        """Return the nonce of a path that `path` has made; None for any other."""
        nonce, _, code = path.removeprefix(WEBSUB_PATH).partition(".")
        expected = self._code("callback", nonce)[:_CODE_LETTERS]
        is_ours = hmac.compare_digest(code.encode("utf-8", "surrogateescape"), expected.encode())
        return nonce if is_ours else None

    def secret(self, nonce: str) -> str:
        """Return the secret with which a hub signs what it sends to the callback that bears a nonce."""
        return self._code("secret", nonce)

    def _code(self, purpose: str, nonce: str) -> str:
        message = f"{purpose}:{nonce}".encode("utf-8", "surrogateescape")
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class HubSignature:
    """A hub's signature of a body: the name of the hash, and the digest in hexadecimal."""

    method: str
    digest: str

    @property
    def is_strong(self) -> bool:
        """Return whether it is of SHA-2."""
        return self.method != _WEAK

    def checker(self, secret: str) -> "hmac.HMAC":
        """Return what the body is fed to."""
        return hmac.new(secret.encode(), digestmod=_DIGESTS[self.method])

    def fits(self, fed: "hmac.HMAC") -> bool:
        """Tell, in constant time, whether it is the signature of the body that was fed to `checker`."""
        return hmac.compare_digest(fed.hexdigest().encode(), self.digest.encode("utf-8", "surrogateescape"))


def signature_of(header: str) -> HubSignature | None:
    """Return the signature of an X-Hub-Signature header; None for an unknown method or none at all."""
    method, equals, digest = header.strip().partition("=")
    return HubSignature(method.lower(), digest.lower()) if equals and method.lower() in _DIGESTS else None


def offered_hub(hub: str, topic: str) -> tuple[str, str]:
    """Return the hub and the topic that a feed offers, ("", "") where the hub is no address that can be asked."""
    try:
        return (str(checked_url(hub)), topic) if hub and topic and len(topic) <= _LONGEST_URL else ("", "")
    except SourceError:
        return "", ""
