"""Videos that play in frames of other sites, and those that a script starts."""

from __future__ import annotations

import pytest

from tests.pages.snippets import read_page
from vovcrawl.items import Media
from vovcrawl.pages.players import started

TEXT = "<p>Chợ họp sớm.</p>"
STREAM = "http://streaming.vov.vn/2016/a"


@pytest.mark.parametrize(
    "url",
    [
        "https://www.youtube.com/embed/abc?rel=0",
        "//www.youtube.com/embed/abc",
        "https://www.youtube-nocookie.com/embed/abc",
        "https://m.youtube.com/embed/abc",
        "http://www.youtube.com/v/abc",
        "https://player.vimeo.com/video/7",
        "https://www.dailymotion.com/embed/video/x7",
        "https://geo.dailymotion.com/player/x.html?video=x7",
        "https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Fwww.facebook.com%2Fa%2Fvideos%2F7",
        "https://www.facebook.com/v3.2/plugins/video.php?href=x",
        "https://www.tiktok.com/embed/v2/7",
        "https://www.tiktok.com/player/v1/7",
        "https://vov.vn/embed/video/7",
        "https://streaming.vov.vn/a.mp4",
    ],
)
@pytest.mark.parametrize(
    "frame", ['<p><iframe src="{}"></iframe></p>', '<iframe data-src="{}" src="about:blank"></iframe>']
)
def test_a_player_in_a_frame_is_a_video_with_the_url_as_written(frame: str, url: str) -> None:
    article = read_page(TEXT + frame.format(url))
    assert article.videos == [Media(url if url.startswith("http") else f"https:{url}", None)]
    assert article.body == "Chợ họp sớm."


@pytest.mark.parametrize(
    "url",
    [
        "https://www.facebook.com/plugins/comments.php?href=x",
        "https://www.facebook.com/plugins/like.php?href=x",
        "https://www.facebook.com/plugins/post.php?href=x",
        "https://vov.vn/api/comments/video/7",
        "https://www.google.com/maps/embed?pb=x",
        "https://ads.example/player/video.html",
        "https://tpc.googlesyndication.com/video/safeframe.html",
        "https://w.soundcloud.com/player/?url=x",
        "https://open.spotify.com/embed/episode/x",
        "https://infogram.example/_/x?src=embed",
        "https://docs.google.com/forms/d/e/x/viewform?embedded=true",
        "javascript:void(0)",
        "",
    ],
)
def test_a_frame_that_shows_no_video_is_none(url: str) -> None:
    article = read_page(f'{TEXT}<iframe src="{url}" allowfullscreen></iframe>')
    assert (article.videos, article.audios) == ([], [])


def test_a_frame_of_an_unknown_player_may_fill_the_screen() -> None:
    frame = '<iframe src="https://tv.example/player/7" {}></iframe>'
    assert [video.url for video in read_page(TEXT + frame.format("allowfullscreen")).videos] == [
        "https://tv.example/player/7"
    ]
    assert read_page(TEXT + frame.format("")).videos == []


def test_a_frame_s_still_picture_is_its_thumbnail() -> None:
    frame = '<div data-thumb="/t.jpg"><iframe src="https://www.youtube.com/embed/abc"></iframe></div>'
    assert read_page(TEXT + frame).videos == [Media("https://www.youtube.com/embed/abc", "https://vov.vn/t.jpg")]


@pytest.mark.parametrize(
    "markup",
    [
        '<object><param name="movie" value="http://www.youtube.com/v/abc"></object>',
        '<object data="http://www.youtube.com/v/abc"></object>',
        '<p><object><embed src="http://www.youtube.com/v/abc"></object></p>',
        '<p><embed src="http://www.youtube.com/v/abc"></p>',
    ],
)
def test_the_players_of_old_browsers_are_videos(markup: str) -> None:
    article = read_page(f"{TEXT}{markup}<p>Hết.</p>")
    assert article.videos == [Media("http://www.youtube.com/v/abc", None)]
    assert article.body == "Chợ họp sớm.\n\nHết."


@pytest.mark.parametrize(
    ("markup", "url"),
    [
        (
            '<blockquote class="tiktok-embed" cite="https://www.tiktok.com/@cho/video/7"><section>Ghe hoa</section>'
            "</blockquote>",
            "https://www.tiktok.com/@cho/video/7",
        ),
        (
            '<div class="fb-video" data-href="https://www.facebook.com/cho/videos/7/"></div>',
            "https://www.facebook.com/cho/videos/7/",
        ),
    ],
)
def test_what_a_script_makes_a_player_is_a_video(markup: str, url: str) -> None:
    article = read_page(TEXT + markup)
    assert [video.url for video in article.videos] == [url]
    assert article.body == "Chợ họp sớm."


def test_the_words_below_a_player_in_a_figure_are_no_text() -> None:
    figure = (
        '<figure><iframe src="https://www.youtube.com/embed/abc"></iframe><figcaption>Ghe hoa</figcaption></figure>'
    )
    article = read_page(TEXT + figure)
    assert article.body == "Chợ họp sớm."
    assert len(article.videos) == 1


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (f"$('#v').jadsVideo({{file:'{STREAM}.mp4', width: 600}});", [(f"{STREAM}.mp4", None)]),
        (
            f'$(\'#v\').jadsVideo({{ image : "/t.jpg",\n file : "{STREAM}.mp4" }});',
            [(f"{STREAM}.mp4", "https://vov.vn/t.jpg")],
        ),
        ("$('#v').jadsVideo({file:'http://streaming.vov.vn/xem?so=7'});", [("http://streaming.vov.vn/xem?so=7", None)]),
        (
            f"jwplayer('v').setup({{'file': '{STREAM}.m3u8', 'image': '/t.jpg', tracks: [{{file: '/a.vtt'}}]}});",
            [(f"{STREAM}.m3u8", "https://vov.vn/t.jpg")],
        ),
        (
            "jwplayer('v').setup({image:'/t.jpg', sources:[{file:'/360.mp4',label:'360'},{file:'/720.mp4'}]});",
            [("https://vov.vn/360.mp4", "https://vov.vn/t.jpg")],
        ),
        (
            "jwplayer('v').setup({playlist:[{file:'/1.mp4',image:'/1.jpg'},{file:'/2.mp4',image:'/2.jpg'}]});",
            [("https://vov.vn/1.mp4", "https://vov.vn/1.jpg"), ("https://vov.vn/2.mp4", "https://vov.vn/2.jpg")],
        ),
        (
            r'jwplayer("v").setup({"file":"http:\/\/streaming.vov.vn\/a.mp4"});',
            [("http://streaming.vov.vn/a.mp4", None)],
        ),
        (
            "jwplayer('v').setup({file: 'https://www.youtube.com/watch?v=abc'});",
            [("https://www.youtube.com/watch?v=abc", None)],
        ),
        ("videojs('v').src({src: '/a.mp4', type: 'video/mp4'});", [("https://vov.vn/a.mp4", None)]),
        (
            f"$('#a').jadsVideo({{file:'{STREAM}.mp4'}}); $('#b').jadsVideo({{file:'/b.mp4'}});",
            [(f"{STREAM}.mp4", None), ("https://vov.vn/b.mp4", None)],
        ),
        ("$('#c').jadsComment({file:'/api/comments.json'});", []),
        ("$('#c').jadsVideo({file:'/api/comments.json'});", []),
        ("var banner = {file: '/quang-cao.mp4'};", []),
        ("jwplayer('v').setup({advertising: {tag: 'https://ads.example/vast.xml', file: '//ad.example/x.mp4'}});", []),
        ("jwplayer('v').setup({file: 'rtmp://streaming.vov.vn/a'});", []),
        ("jwplayer('v').setup({file: ''});", []),
    ],
)
def test_what_a_script_starts_is_a_video(script: str, expected: list[tuple[str, str | None]]) -> None:
    article = read_page(f"{TEXT}<div><div id=v></div><script>{script}</script></div><p>Hết.</p>")
    assert [(video.url, video.thumbnail) for video in article.videos] == expected
    assert article.body == "Chợ họp sớm.\n\nHết."


def test_a_sound_that_a_script_starts_is_an_audio_file() -> None:
    article = read_page(f"{TEXT}<p><script>jwplayer('v').setup({{file: '/a.mp3'}})</script></p>")
    assert (article.videos, article.audios) == ([], [Media("https://vov.vn/a.mp3", None)])


def test_a_video_in_a_box_and_in_its_script_is_one() -> None:
    box = '<div class="videojs-player" data-url="/v.mp4"></div>'
    script = "<script>videojs('v').src({src: '/v.mp4', poster: '/t.jpg'})</script>"
    assert read_page(TEXT + box + script).videos == [Media("https://vov.vn/v.mp4", "https://vov.vn/t.jpg")]


def test_a_video_that_a_script_of_a_video_page_starts_beside_the_summary_is_found() -> None:
    after = (
        "<div id=v></div><script>jwplayer('v').setup({file: '/v.mp4'})</script><div class=video__summary>Ghe về.</div>"
    )
    article = read_page("", after=after, article_class="detail detail--video")
    assert article.videos == [Media("https://vov.vn/v.mp4", None)]
    assert article.body == "Ghe về."


def test_of_a_long_script_the_first_settings_are_read() -> None:
    script = "jwplayer; " + "".join(f"file: '/{number}.mp4', " for number in range(3000))
    videos, _ = started(script, "https://vov.vn/")
    assert len(videos) == 2000
