"""The one error that a method answers with."""

from typing import Any


class ApiError(Exception):
    """An answer with ok=false: `code` is both the HTTP status and error_code."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(code, description)
        self.code = code
        self.description = description
        self.parameters = parameters

    @property
    def body(self) -> dict[str, Any]:
        """The JSON that Telegram would send."""
        answer = {"ok": False, "error_code": self.code, "description": self.description}
        return answer | ({"parameters": self.parameters} if self.parameters else {})


def bad(words: str) -> ApiError:
    """A 400 with Telegram's words."""
    return ApiError(400, f"Bad Request: {words}")


def forbidden(words: str) -> ApiError:
    """A 403 with Telegram's words."""
    return ApiError(403, f"Forbidden: {words}")
