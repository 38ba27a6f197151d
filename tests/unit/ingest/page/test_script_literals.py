"""Object literals of scripts are read, and nothing in them is run."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ingest.page.script_literals import literal_of

_VALUES = st.recursive(
    st.none() | st.booleans() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("script", "value"),
    [
        ('{a:"x",\'b\':\'y\', "c" : [1, "z",],};rest()', {"a": "x", "b": "y", "c": [None, "z"]}),
        ("{a:true,b:!1,c:void 0,d:null,e:f,g:\"h\"}", {"a": True, "b": None, "c": None, "d": None, "e": None, "g": "h"}),
        ('{a:new Date("2026"),b:g({c:"no"}),d:"yes"}', {"a": None, "b": None, "d": "yes"}),
        ('(function(a,b){return {t:a,n:[b,a],s:"own"}}("x","y"))', {"t": "x", "n": ["y", "x"], "s": "own"}),
        ('(function(a,b){c.d=1;return {t:a,n:{b:b}}}("}(",null));', {"t": "}(", "n": {"b": None}}),
        ('(function(a){return {t:a}}(Array(2),"x"))', {"t": None}),
        ("(function(a){return [a]}())", [None]),
        ('{t:"\\u06a9\\"\\n",u:\'it\\\'s "so"\'}', {"t": 'ک"\n', "u": 'it\'s "so"'}),
        ('{t:"\\ud83d"}', {"t": ""}),
    ],
)  # fmt: skip
def test_a_literal_is_its_value(script: str, value: Any) -> None:
    assert literal_of(script) == value


@pytest.mark.parametrize("script", ["", "{", '{a:"x"', "}", "function", "((((", "{(}"])
def test_what_is_not_whole_is_none(script: str) -> None:
    assert literal_of(script) is None


@given(st.lists(_VALUES) | st.dictionaries(st.text(), _VALUES))
def test_json_is_a_literal(value: Any) -> None:
    assert literal_of(json.dumps(value)) == json.loads(json.dumps(value).encode("utf-8", "ignore"))


@given(st.text(st.sampled_from("{}[](),:\"'\\ab1 function return\n")))
def test_no_script_breaks_the_reading(script: str) -> None:
    literal_of(script)
    literal_of(f"(function(a){{return {{t:a}}}}({script}))")
