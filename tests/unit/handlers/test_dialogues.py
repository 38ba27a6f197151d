"""States of dialogues: what is stored comes back after a restart, and what is not of the form is told apart."""

import json
from dataclasses import dataclass
from typing import Literal

import pytest

from handlers.core.dialogues import DialogueState, DialogueStateError, from_json, to_json


@dataclass(frozen=True, slots=True)
class _Part:
    text: str
    marks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _State(DialogueState, kind="example"):
    chat_id: int
    step: Literal["title", "text"]
    parts: tuple[_Part, ...] = ()
    note: str | None = None


def test_a_state_comes_back_from_json() -> None:
    state = _State(-1001, "text", (_Part("سلام", (1, 2)), _Part("")), "یادداشت")
    stored = json.loads(json.dumps(to_json(state)))
    assert from_json(_State, stored) == state
    assert _State.kind == "example"


def test_a_row_of_an_older_version_is_read_with_what_it_has() -> None:
    assert from_json(_State, {"chat_id": 5, "step": "title", "gone": 1}) == _State(5, "title")


@pytest.mark.parametrize("stored", [{}, {"chat_id": "5", "step": "title"}, {"chat_id": 5, "step": "other"}])
def test_a_row_of_another_form_is_refused(stored: dict[str, object]) -> None:
    with pytest.raises(DialogueStateError, match="example"):
        from_json(_State, stored)
