"""The files that a person's message brings, as attachments."""

from telegram import Message as TelegramMessage

from storage.records import Media, MediaKind


def attachment(message: TelegramMessage) -> Media | None:
    """Return the photo, video, sound, voice, round video, animation or document of a message, None without one."""
    if message.photo:
        return Media(MediaKind.PHOTO, message.photo[-1].file_id)
    if message.voice:
        return Media(MediaKind.VOICE, message.voice.file_id)
    if message.video_note:
        return Media(MediaKind.VIDEO_NOTE, message.video_note.file_id)
    # An animation has a document beside it.
    for kind, file in (
        (MediaKind.ANIMATION, message.animation),
        (MediaKind.VIDEO, message.video),
        (MediaKind.DOCUMENT, message.document),
    ):
        if file:
            return Media(kind, file.file_id, file.file_name or "")
    if audio := message.audio:
        return Media(MediaKind.AUDIO, audio.file_id, audio.file_name or audio.title or "")
    return None


def continues_album(message: TelegramMessage, group: str | None) -> bool:
    """Return whether a message belongs to the album `group`, of which one was answered already."""
    return message.media_group_id is not None and message.media_group_id == group
