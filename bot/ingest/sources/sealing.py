"""Encryption of what sources' sites require and nobody may read: passwords, cookies, values of headers, proxies.

The key is SECRET_KEY or SECRET_KEY_FILE. Without either, a database in a file has a key file beside it, which is
made when the first secret is stored. While the key is changed (`key_change`), secrets that were encrypted with the
key before are read too. One that was encrypted with any other key cannot be read again, only replaced.
"""

import base64
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.config import Settings
from bot.errors import SourceError, UserError
from storage.engine.database import Database
from storage.engine.private_files import new_file, replaced_file

_PURPOSE = b"peyk: secrets of sources"


class SealedError(SourceError):
    """A secret cannot be read: the key is not there, or it is not the one that the secret was encrypted with."""

    def __init__(self) -> None:
        super().__init__("its secrets cannot be read: SECRET_KEY is not the key that they were encrypted with")


class Sealer:
    """Encrypts and decrypts texts with `key`; without one ("") with that in the file at `path` (None: no file).

    It decrypts, and never encrypts, with `old_key` and the key in the file at `old_path` as well.
    """

    def __init__(self, key: str, path: Path | None, *, old_key: str = "", old_path: Path | None = None) -> None:
        self._key = key
        self._path = path
        self._old_key = old_key
        self._old_path = old_path

    def seal(self, text: str) -> str:
        """Return a text encrypted. Raises UserError where there is no key, and none can be made."""
        try:
            cipher = _cipher(self._known_key() or self._new_key())
        except OSError as error:
            raise UserError("secret-key-unusable", reason=error.strerror or "") from error
        except ValueError:
            raise UserError("secret-key-unusable", reason=f"{self._path}: no key") from None
        return cipher.encrypt(text.encode()).decode("ascii")

    def open(self, sealed: str) -> str:
        """Return what a sealed text says. Raises SealedError."""
        for key_of in (self._known_key, lambda: self._old_key, self._key_of_old_file):
            with suppress(InvalidToken, OSError, ValueError):
                return _cipher(key_of()).decrypt(sealed).decode()
        raise SealedError

    def make_new_key(self) -> None:
        """Write a new key to the key file, if there is one. The old key stays beside it and can still be read.

        Where the change before was not finished, nothing is done: its old key may still be needed. Raises
        UserError.
        """
        if self._path is None or self._old_path is None or not self._path.exists():
            return
        try:
            key = self._path.read_bytes()
            if not self._old_path.exists():
                with new_file(self._old_path) as part:
                    part.write_bytes(key)
            if self._old_path.read_bytes() == key:
                with replaced_file(self._path) as part:
                    part.write_bytes(Fernet.generate_key() + b"\n")
        except OSError as error:
            raise UserError("secret-key-unusable", reason=error.strerror or "") from error

    def forget_old_key(self) -> None:
        """Delete the old key that `make_new_key` has kept: nothing is encrypted with it any more."""
        if self._path is not None and self._old_path is not None:
            self._old_path.unlink(missing_ok=True)

    def _key_of_old_file(self) -> str:
        return self._old_path.read_text(encoding="ascii").strip() if self._old_path is not None else ""

    def _known_key(self) -> str:
        """Return the key, "" where there is none yet. Raises OSError, and ValueError for a file that is no text."""
        if self._key or self._path is None or not self._path.exists():
            return self._key
        return self._path.read_text(encoding="ascii").strip()

    def _new_key(self) -> str:
        if self._path is None:
            raise UserError("secret-key-unset")
        # Another process may have made it in this moment: then that one counts.
        with suppress(FileExistsError), new_file(self._path) as part:
            part.write_bytes(Fernet.generate_key() + b"\n")
        return self._known_key()


def sealer_of(settings: Settings) -> Sealer:
    """Return the sealer that the settings ask for."""
    key, old_key = (
        secret.get_secret_value() if secret is not None else ""
        for secret in (settings.secret_key, settings.old_secret_key)
    )
    return Sealer(key, key_file_of(settings), old_key=old_key, old_path=old_key_file_of(settings))


def key_file_of(settings: Settings) -> Path | None:
    """Return the path of the key file beside the database.

    None where the settings have a key, and for a database that is no file.
    """
    return _beside_database(settings, "key") if settings.secret_key is None else None


def old_key_file_of(settings: Settings) -> Path | None:
    """Return the path of a file whose key is read as well: that from before a change, None for no place.

    Where the settings have a key, the key file beside the database is from before they had one.
    """
    return _beside_database(settings, "key.old" if settings.secret_key is None else "key")


def _beside_database(settings: Settings, ending: str) -> Path | None:
    database = Database(settings.database_url).path
    return database.with_name(f"{database.name}.{ending}") if database else None


def _cipher(key: str) -> Fernet:
    """Return what encrypts with a key of any form. Raises ValueError for none."""
    if not key:
        raise ValueError("there is no key")
    derived = HKDF(SHA256(), length=32, salt=None, info=_PURPOSE).derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
