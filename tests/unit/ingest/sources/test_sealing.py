"""The key of the secrets, and what happens without it."""

import stat
from pathlib import Path

import pytest

from bot.config import load_settings
from bot.errors import ConfigError, UserError
from bot.ingest.sources.sealing import SealedError, Sealer, sealer_of

_KEY = "k" * 32


def test_a_sealed_text_is_read_with_its_key_alone() -> None:
    sealed = Sealer(_KEY, None).seal("گذرواژه")
    assert "گذرواژه" not in sealed
    assert Sealer(_KEY, None).open(sealed) == "گذرواژه"
    for other in ("x" * 32, ""):
        with pytest.raises(SealedError):
            Sealer(other, None).open(sealed)
    with pytest.raises(SealedError):
        Sealer(_KEY, None).open("no token at all")


def test_a_key_file_is_made_at_first_need_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "peyk.db.key"
    with pytest.raises(SealedError):
        Sealer("", path).open("anything")
    assert not path.exists()
    sealed = Sealer("", path).seal("secret")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Sealer("", path).open(sealed) == "secret"
    assert Sealer("", path).open(Sealer("", path).seal("more")) == "more"
    path.unlink()
    with pytest.raises(SealedError):
        Sealer("", path).open(sealed)


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe"])
def test_a_key_file_that_holds_no_key_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "peyk.db.key"
    path.write_bytes(content)
    with pytest.raises(UserError, match="secret-key-unusable"):
        Sealer("", path).seal("secret")
    with pytest.raises(SealedError):
        Sealer("", path).open("anything")


def test_without_a_place_for_a_key_file_the_setting_is_named(tmp_path: Path) -> None:
    on_server = load_settings({"DATABASE_URL": "postgresql://u@localhost/peyk"}, env_file=None)
    with pytest.raises(UserError, match="secret-key-unset"):
        sealer_of(on_server).seal("secret")
    with pytest.raises(UserError, match="secret-key-unusable"):
        Sealer("", tmp_path / "missing" / "peyk.db.key").seal("secret")


def test_the_key_of_the_settings_comes_from_a_file_or_a_variable(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"{_KEY}\n")
    by_file = load_settings({"SECRET_KEY_FILE": str(file)}, env_file=None)
    sealed = sealer_of(by_file).seal("secret")
    assert sealer_of(load_settings({"SECRET_KEY": _KEY}, env_file=None)).open(sealed) == "secret"
    assert _KEY in by_file.secrets


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY: at least 32"),
        ({"SECRET_KEY": _KEY, "SECRET_KEY_FILE": "/x"}, "not both"),
        ({"SECRET_KEY_FILE": "/nowhere/at/all"}, "SECRET_KEY_FILE: cannot be read"),
    ],
)
def test_a_wrong_key_stops_the_start_and_is_not_repeated(settings: dict[str, str], words: str) -> None:
    with pytest.raises(ConfigError, match=words) as error:
        load_settings(settings, env_file=None)
    assert "short" not in str(error.value)
    assert _KEY not in str(error.value)


def test_the_key_before_is_read_and_never_used_to_encrypt(tmp_path: Path) -> None:
    old, new = "o" * 32, "n" * 32
    sealed = Sealer(old, None).seal("secret")
    settings = {"SECRET_KEY": new, "OLD_SECRET_KEY": old, "DATABASE_URL": f"sqlite:///{tmp_path}/peyk.db"}
    both = sealer_of(load_settings(settings, env_file=None))
    assert both.open(sealed) == "secret"
    assert Sealer(new, None).open(both.seal("more")) == "more"
    with pytest.raises(SealedError):
        Sealer(old, None).open(both.seal("more"))


def test_a_key_file_from_before_the_settings_had_a_key_is_read(tmp_path: Path) -> None:
    database = {"DATABASE_URL": f"sqlite:///{tmp_path}/peyk.db"}
    sealed = sealer_of(load_settings(database, env_file=None)).seal("secret")
    by_setting = sealer_of(load_settings(database | {"SECRET_KEY": _KEY}, env_file=None))
    assert by_setting.open(sealed) == "secret"
    by_setting.make_new_key()
    by_setting.forget_old_key()
    assert by_setting.open(sealed) == "secret", "a key file that is not in use is left alone"


def test_a_new_key_file_keeps_the_old_key_until_it_is_forgotten(tmp_path: Path) -> None:
    database = {"DATABASE_URL": f"sqlite:///{tmp_path}/peyk.db"}
    sealer = sealer_of(load_settings(database, env_file=None))
    sealer.make_new_key()
    assert list(tmp_path.iterdir()) == [], "there is no key to change"
    sealed = sealer.seal("secret")
    before = (tmp_path / "peyk.db.key").read_bytes()
    sealer.make_new_key()
    after = (tmp_path / "peyk.db.key").read_bytes()
    assert after != before
    assert (tmp_path / "peyk.db.key.old").read_bytes() == before
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
    sealer.make_new_key()
    assert (tmp_path / "peyk.db.key").read_bytes() == after, "the change before is finished first"
    again = sealer.seal(sealer.open(sealed))
    sealer.forget_old_key()
    assert sealer.open(again) == "secret"
    with pytest.raises(SealedError):
        sealer.open(sealed)


def test_a_change_that_was_stopped_before_its_new_key_makes_one(tmp_path: Path) -> None:
    sealer = sealer_of(load_settings({"DATABASE_URL": f"sqlite:///{tmp_path}/peyk.db"}, env_file=None))
    sealer.seal("secret")
    key = (tmp_path / "peyk.db.key").read_bytes()
    (tmp_path / "peyk.db.key.old").write_bytes(key)
    sealer.make_new_key()
    assert (tmp_path / "peyk.db.key").read_bytes() != key
