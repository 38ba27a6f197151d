"""JSON as pages write it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ingest.markup.lenient_json import json_of

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('<!-- {"a": 1} -->', {"a": 1}),
        ('//<![CDATA[\n{"a": 1}\n//]]>', {"a": 1}),
        ('{"a": 1};', {"a": 1}),
        ('{"a": 1, <!-- the author --> "b": 2}', {"a": 1, "b": 2}),
        ('{"a": [1, 2,], "b": 3,}', {"a": [1, 2], "b": 3}),
        ('{"a": "one\ntwo\tthree"}', {"a": "one\ntwo\tthree"}),
        ('{"headline": "He said "no" again", "b": 2}', {"headline": 'He said "no" again', "b": 2}),
        ('{"headline": "he said "no", and left", "b": 2}', {"headline": 'he said "no", and left', "b": 2}),
        ('{"headline": ""No"", "b": ["x"]}', {"headline": '"No"', "b": ["x"]}),
        ('{"a": "C:\\path \\d", "b": 2}', {"a": "C:\\path \\d", "b": 2}),
        ('\ufeff{"a": "توفان "سیاه" آمد",\n}', {"a": 'توفان "سیاه" آمد'}),
    ],
)
def test_what_templates_break_is_mended(text: str, value: object) -> None:
    assert json_of(text) == value


@pytest.mark.parametrize("text", ["", "no", "{", '{"a": ', "[" * 100_000, '{"a": "' + '"b"' * 100_000])
def test_what_cannot_be_mended_is_nothing(text: str) -> None:
    assert json_of(text) is None


@given(_JSON)
def test_whole_json_is_read_as_it_is(value: Any) -> None:
    assert json_of(json.dumps(value)) == value
