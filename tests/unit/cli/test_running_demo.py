"""The note of a running demo counts in its own folder, while it runs, and only when it is ours."""

import os
from pathlib import Path

import pytest

from bot.cli.running_demo import PREFIX, announced, settings_of_demo

_SETTINGS = {"database_url": "sqlite:////x/peyk.db", "telegram_proxy": ""}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a demo, beside the folder in which it was started."""
    demo = tmp_path / f"{PREFIX}x"
    demo.mkdir()
    (tmp_path / "here").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path / "here")
    return demo


def test_a_demo_is_found_in_its_folder_for_as_long_as_it_runs(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with announced(folder, _SETTINGS):
        assert settings_of_demo() == _SETTINGS
        monkeypatch.chdir(folder.parent)
        assert settings_of_demo() is None
        monkeypatch.chdir(folder.parent / "here")
    # What a killed demo leaves behind is no demo.
    assert (folder / "demo.json").exists()
    assert settings_of_demo() is None


def test_a_note_of_another_user_is_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with announced(folder, _SETTINGS):
        user = os.geteuid()
        monkeypatch.setattr("os.geteuid", lambda: user + 1)
        assert settings_of_demo() is None


@pytest.mark.parametrize("note", ["", "[]", '{"started_in": 1}', '{"settings": []}', "\x00"])
def test_a_broken_note_is_none(folder: Path, note: str) -> None:
    (folder / "demo.json").write_text(note)
    assert settings_of_demo() is None
