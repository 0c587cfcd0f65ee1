"""Where the images and recordings of a story lie."""

from __future__ import annotations

import hashlib

from sample_site.story import Audio, Story, Video


def image_url(story: Story, file: str, style: str = "large") -> str:
    """The url of an image in one of the sizes that the site keeps."""
    folder = f"https://media.vov.vn/sites/default/files/styles/{style}/public"
    return f"{folder}/{story.published:%Y-%m}/{file}"


def old_image_url(story: Story, file: str) -> str:
    """The url of an image of the page layout before October 2020."""
    digest = hashlib.sha1(f"{story.id}/{file}".encode()).hexdigest()
    stem, _, extension = file.rpartition(".")
    folder = f"https://images.vov.vn/w800/uploaded/{digest[:12]}/{story.published:%Y_%m_%d}"
    return f"{folder}/{stem.replace('-', '_')}_{digest[-4:]}.{extension}"


def body_image_url(story: Story, file: str) -> str:
    """The largest offered version of an image of the body."""
    return old_image_url(story, file) if story.is_old else image_url(story, file)


def video_url(story: Story, video: Video) -> str:
    """The url of a video."""
    return f"https://streaming.vov.vn/video/{story.published:%Y/%m}/{video.file}"


def video_thumbnail(story: Story, video: Video) -> str | None:
    """The url of the still that stands for a video."""
    return image_url(story, video.thumbnail) if video.thumbnail else None


def audio_url(story: Story, audio: Audio) -> str:
    """The url of a recording."""
    return f"https://streaming.vov.vn/audio/{story.published:%Y/%m}/{audio.file}"
