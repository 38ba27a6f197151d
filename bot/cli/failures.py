"""The expected errors of commands, in words."""

from sqlalchemy.exc import SQLAlchemyError

from bot.config import load_settings
from bot.errors import PeykError, UserError
from bot.locales.catalog import Catalog
from bot.render.html import strip_tags
from storage.engine.migrate import SchemaTooNewError

LANGUAGE = "en"
"""The language of the command line."""


def explained(error: Exception) -> str | None:
    """Return an expected error in plain lines, None for one that nobody expected."""
    match error:
        case PeykError() | SchemaTooNewError():
            return in_words(error)
        case SQLAlchemyError():
            reason = str(error.__cause__ or error).splitlines()[0]
            return f"DATABASE_URL: the database cannot be used ({reason})"
        case OSError():
            return f"{error.filename or ''}: {error.strerror or error}".removeprefix(": ")
        case _:
            return None


def in_words(error: Exception) -> str:
    """Return the sentence that the command line prints for one of our errors."""
    if isinstance(error, UserError):
        texts = Catalog.load().bind(LANGUAGE, load_settings().zone)
        return " ".join(strip_tags(texts.html(error.key, **error.text_args)).split())
    return str(error)
