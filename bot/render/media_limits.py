"""The sizes and types of media that Telegram takes (pure).

The limits are those of core.telegram.org/bots/api#sending-files.
"""

from storage.records import PLAYER, Media, MediaKind

BY_ADDRESS_BYTES, UPLOAD_BYTES = 20_000_000, 50_000_000
"""The size of a file that Telegram fetches by its address, and of one that a bot uploads."""
PHOTO_BY_ADDRESS_BYTES, PHOTO_UPLOAD_BYTES = 5_000_000, 10_000_000
"""The same of a photo."""

NEVER_REPLACED = frozenset({MediaKind.VOICE, MediaKind.VIDEO_NOTE})
"""The kinds that Telegram neither replaces nor puts in another's place (core.telegram.org/bots/api#inputmedia)."""

_BY_ADDRESS = {
    MediaKind.VIDEO: ("video/mp4",),
    MediaKind.AUDIO: ("audio/mpeg", "audio/mp4"),
    MediaKind.VOICE: ("audio/ogg", "audio/mpeg", "audio/mp4"),
    MediaKind.ANIMATION: ("image/gif", "video/mp4"),
    MediaKind.VIDEO_NOTE: (),
    MediaKind.DOCUMENT: ("application/pdf", "application/zip", "image/gif"),
}


def may_go_by_address(media: Media) -> bool:
    """Return whether Telegram may accept a medium by its address, by what its source says about it."""
    if media.mime == PLAYER:
        return False
    if media.kind is MediaKind.PHOTO:
        return media.size <= PHOTO_BY_ADDRESS_BYTES
    return media.mime in _BY_ADDRESS[media.kind] and media.size <= BY_ADDRESS_BYTES


def upload_bytes(media: Media) -> int:
    """Return how many bytes of a medium may be fetched and uploaded; 0 for one that cannot be."""
    if media.mime == PLAYER:
        return 0
    most = PHOTO_UPLOAD_BYTES if media.kind is MediaKind.PHOTO else UPLOAD_BYTES
    return most if media.size <= most else 0


def kind_of_upload(media: Media) -> MediaKind:
    """Return as what a medium is uploaded: what Telegram does not play goes as a document."""
    playable = media.kind is MediaKind.PHOTO or media.mime in _BY_ADDRESS[media.kind]
    return media.kind if playable else MediaKind.DOCUMENT
