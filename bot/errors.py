"""One tree of errors. What is meant for a person carries a text key of bot/locales, never a sentence."""


class PeykError(Exception):
    """Root of every error that Peyk raises on purpose."""


class ConfigError(PeykError):
    """A setting is wrong; the message is one clear line that names it. The start stops."""


class UserError(PeykError):
    """A person asked for something that cannot be done; the answer is the text `key` with `args`.

    `key` is a message id of the Fluent catalogues; `args` are its placeables (str or int).
    """

    def __init__(self, key: str, **args: str | int) -> None:
        super().__init__(key, args)
        self.key = key
        self.text_args = args


class NotFoundError(UserError):
    """There is nothing of that id or name, or the person may not know that there is."""


class ConflictError(UserError):
    """The state has moved on since the person looked: a stale button, an older revision."""


class SourceError(PeykError):
    """A source or page could not be fetched or read; the message is a short English reason.

    `took` is how many seconds its sites took until then.
    """

    took = 0.0
