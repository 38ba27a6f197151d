"""The description of the API in OpenAPI 3.1, made of the types that read its requests (pure)."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from types import MappingProxyType

import msgspec

from bot.web.api.list_request import MOST_LISTED
from bot.web.api.messages import ArticleAct, ArticleInput, ArticleListing, ArticleView, ErrorView

Schema = Mapping[str, object]
"""A part of a description, as OpenAPI has it."""

_REF = "#/components/schemas/{name}"
_JSON = "application/json"
_ERRORS = {
    "400": "The request is malformed",
    "401": "The token is missing or unknown",
    "403": "The role of the token has no right to this",
    "404": "There is no such article, or it is not for this token",
    "409": "The state of the article does not allow this, or somebody has changed it",
    "413": "The body is longer than 1 MiB",
    "422": "A field cannot be so",
    "429": "Too many requests: 50 at once and 5 a second",
    "503": "The database cannot be reached; try again",
}
_WITH_BODY = ("400", "403", "404", "409", "422")


@cache
def description() -> bytes:
    """Return the description as JSON."""
    (new, page, view, error, act), schemas = msgspec.json.schema_components(
        (ArticleInput, ArticleListing, ArticleView, ErrorView, ArticleAct), ref_template=_REF
    )
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Peyk", "version": version("peyk")},
        "security": [{"token": []}],
        "paths": {
            "/api/articles": {
                "get": _operation("List articles, the newest first", page, "200", error, parameters=_LIST),
                "post": _operation(
                    "Create an article, once for each key",
                    view,
                    "201",
                    error,
                    body=new,
                    parameters=[_KEY],
                    also={"200": "An earlier request with this key has created the article"},
                ),
            },
            "/api/articles/{id}": {
                "get": _operation("Show an article", view, "200", error, parameters=[_ID]),
                "post": _operation(
                    "Publish, correct or retract an article", view, "200", error, body=act, parameters=[_ID]
                ),
            },
        },
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }
    return msgspec.json.encode(document)


_LIST = [
    {"name": "state", "in": "query", "schema": {"enum": ["published", "unpublished"], "default": "published"}},
    {"name": "category", "in": "query", "schema": {"type": "string"}, "description": "The slug or a name"},
    {
        "name": "limit",
        "in": "query",
        "schema": {"type": "integer", "minimum": 1, "maximum": MOST_LISTED, "default": 20},
    },
    {"name": "before", "in": "query", "schema": {"type": "string"}, "description": "`next` of the last page"},
]
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": 128},
    "description": "A repeat with the same key and body returns the article that the first request created",
}
_ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}}


def _operation(
    summary: str,
    answer: Schema,
    status: str,
    error: Schema,
    *,
    parameters: Sequence[Schema],
    body: Schema | None = None,
    also: Mapping[str, str] = MappingProxyType({}),
) -> Schema:
    answers: dict[str, Schema] = {code: {"description": words} for code, words in _ERRORS.items()}
    answers |= {code: _answer(_ERRORS[code], error) for code in _WITH_BODY}
    answers |= {code: _answer(words, answer) for code, words in also.items()}
    answers[status] = _answer("Done", answer)
    made: dict[str, object] = {"summary": summary, "parameters": parameters, "responses": answers}
    if body is not None:
        made["requestBody"] = {"required": True, "content": {_JSON: {"schema": body}}}
    return made


def _answer(words: str, schema: Schema) -> Schema:
    return {"description": words, "content": {_JSON: {"schema": schema}}}
