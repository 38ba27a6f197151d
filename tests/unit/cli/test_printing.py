"""Records of the command line: foreign words change neither lines nor styles nor the terminal."""

import json

import pytest

from bot.cli.printing import print_line, print_records

_TITLE = "[/red] [bold]خبر\t\x1b]0;x\x07\n\u202eوارونه"


@pytest.mark.parametrize("on_a_terminal", [False, True])
def test_a_title_is_printed_as_words(
    on_a_terminal: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: on_a_terminal)
    print_records(("id", "title"), [(1, _TITLE), (2, "دو")])
    print_line(f"title: {_TITLE}")
    printed = capsys.readouterr().out
    assert "[/red] [bold]خبر ]0;x وارونه" in printed
    assert not {"\x1b]", "\x07", "\u202e", "\t[", "\r"} & set(printed)
    if not on_a_terminal:
        assert printed.splitlines()[:2] == ["1\t[/red] [bold]خبر ]0;x وارونه", "2\tدو"]


def test_json_holds_every_letter_and_no_terminal_sees_those_that_steer_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    title = _TITLE + "\x9b31m\x7f\u2028\ud800"
    print_records(("id", "title"), [(1, title)], as_json=True)
    printed = capsys.readouterr().out
    assert json.loads(printed) == [{"id": 1, "title": title}]
    assert not {"\x1b", "\x9b", "\x7f", "\u202e", "\u2028", "\ud800"} & set(printed)
    assert "خبر" in printed
