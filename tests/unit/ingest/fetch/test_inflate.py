"""Compressed answers, whatever their headers say."""

import gzip
import zlib

import pytest

from bot.errors import SourceError
from bot.ingest.fetch.inflate import Inflater

_BODY = "<rss>خبر</rss>".encode() * 2000
_LIMIT = 5_000_000
_ZEROS = gzip.compress(b"0" * 20_000_000, compresslevel=1)


def _inflated(encoding: str, body: bytes, *, step: int = 4096, limit: int = _LIMIT) -> bytes:
    inflater = Inflater(encoding, limit)
    for start in range(0, len(body), step):
        inflater.feed(body[start : start + step])
    return inflater.finish()


@pytest.mark.parametrize(
    "encoding", ["", "identity", "utf-8", "UTF-8", "none", "binary", "text/xml", "identity, none"]
)
def test_names_that_are_no_compression(encoding: str) -> None:
    assert _inflated(encoding, _BODY) == _BODY


@pytest.mark.parametrize(
    "encoding", ["gzip", "GZIP", "x-gzip", "gzip, identity", "identity,gzip", "gzip, utf-8", "", "none"]
)
@pytest.mark.parametrize("step", [1, 100_000])
def test_gzip_is_known_by_its_first_bytes(encoding: str, step: int) -> None:
    assert _inflated(encoding, gzip.compress(_BODY), step=step) == _BODY


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "gzip, gzip"])
def test_text_that_claims_to_be_compressed(encoding: str) -> None:
    assert _inflated(encoding, _BODY) == _BODY


def test_deflate_with_and_without_its_header_and_two_layers() -> None:
    assert _inflated("deflate", zlib.compress(_BODY)) == _BODY
    assert _inflated("deflate", zlib.compress(_BODY)[2:-4]) == _BODY
    assert _inflated("gzip, gzip", gzip.compress(gzip.compress(_BODY))) == _BODY
    assert _inflated("gzip, gzip", gzip.compress(_BODY)) == _BODY
    assert _inflated("deflate, gzip", gzip.compress(zlib.compress(_BODY))) == _BODY


@pytest.mark.parametrize("step", [1, 7, 100_000])
def test_several_members_are_one_body_and_garbage_behind_them_is_none(step: int) -> None:
    two = gzip.compress(_BODY) + gzip.compress(b"more")
    assert _inflated("gzip", two, step=step) == _BODY + b"more"
    assert _inflated("gzip", two + b"\0" * 512, step=step) == _BODY + b"more"
    assert _inflated("gzip", two + b"<!-- served in 3 ms -->", step=step) == _BODY + b"more"
    assert _inflated("gzip", gzip.compress(b"") + gzip.compress(_BODY), step=step) == _BODY


def test_bodies_that_fill_whole_pieces_end_in_time() -> None:
    for size in (262_143, 262_144, 524_288):
        assert len(_inflated("gzip", gzip.compress(b"\0" * size))) == size


def test_an_empty_body_is_empty() -> None:
    assert _inflated("gzip", b"") == _inflated("", b"") == b""


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, br", "compress"])
def test_a_compression_that_was_not_asked_for_is_named(encoding: str) -> None:
    with pytest.raises(SourceError, match="was not asked for"):
        _inflated(encoding, b"\x0b\x02\x80" + bytes(range(1, 200)))


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, br"])
def test_a_header_that_names_another_compression_costs_nothing(encoding: str) -> None:
    assert _inflated(encoding, _BODY) == _BODY
    assert _inflated(encoding, gzip.compress(_BODY), step=1) == _BODY


def test_damage_is_refused() -> None:
    whole = gzip.compress(_BODY)
    with pytest.raises(SourceError, match="ends too soon"):
        _inflated("gzip", whole[:-3])
    with pytest.raises(SourceError, match="ends too soon"):
        _inflated("gzip", whole + whole[:-3])
    with pytest.raises(SourceError, match="damaged"):
        _inflated("gzip", whole[:30] + b"\xff" * 60)


@pytest.mark.parametrize(
    ("encoding", "bomb"),
    [
        ("gzip", _ZEROS),
        ("gzip", gzip.compress(b"0" * 3_000_000, compresslevel=1) * 2),
        ("gzip, gzip", gzip.compress(_ZEROS)),
        ("gzip, gzip", gzip.compress(gzip.compress(b"") + b"0" * 20_000_000, compresslevel=1)),
        ("gzip", gzip.compress(b"") + b"0" * 6_000_000),
        ("", b"0" * 6_000_000),
    ],
)
def test_no_body_outgrows_the_limit(encoding: str, bomb: bytes) -> None:
    with pytest.raises(SourceError, match="larger than 5000000 bytes"):
        _inflated(encoding, bomb)


def test_layers_without_end_are_refused() -> None:
    with pytest.raises(SourceError, match="times over"):
        Inflater("gzip, gzip, gzip", _LIMIT)
