"""The scripts of pages that bring what is not served, and what they are answered."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sample_site.site import Tag

if TYPE_CHECKING:
    from sample_site.story import Story

TAG_SERVICE = "/api/tags/by-article"

_TAGS_BY_XHR = """
(function () {
  var list = document.getElementById("list-tags");
  var request = new XMLHttpRequest();
  request.open("GET", "https://vov-api.vov.vn/api/tags/by-article?lang=vi&nid=" + list.getAttribute("data-nid"));
  request.onload = function () {
    if (request.status !== 200) { return; }
    JSON.parse(request.responseText).data.forEach(function (item) {
      var link = document.createElement("a");
      link.className = "tag-item";
      link.href = item.url;
      link.textContent = item.tag;
      list.querySelector(".col").appendChild(link);
    });
  };
  request.send();
})();
"""
_TAGS_BY_FETCH = """
(async () => {
  const list = document.querySelector("#list-tags");
  const answer = await fetch(`https://vov-api.vov.vn/api/tags/by-article?lang=vi&nid=${list.dataset.nid}`);
  const found = await answer.json();
  for (const {tag, url} of found?.data ?? []) {
    const link = Object.assign(document.createElement("a"), {className: "tag-item", href: url, textContent: tag});
    list.querySelector(".col").append(link);
  }
})();
"""
_TEXT_BY_XHR = """
(function () {
  var request = new XMLHttpRequest();
  request.open("GET", "/ajax/article/" + document.getElementById("list-tags").getAttribute("data-nid"));
  request.onload = function () {
    if (request.status !== 200) { return; }
    document.querySelector(".text-long").insertAdjacentHTML("beforeend", JSON.parse(request.responseText).html);
  };
  request.send();
})();
"""
_TICKER_BY_XHR = """
(function () {
  var ticker = document.createElement("div");
  document.querySelector(".text-long").appendChild(ticker);
  function update() {
    var request = new XMLHttpRequest();
    request.open("GET", "/ajax/article/" + document.getElementById("list-tags").getAttribute("data-nid"));
    request.onload = function () {
      if (request.status === 200) { ticker.innerHTML = JSON.parse(request.responseText).html; }
      setTimeout(update, 15000);
    };
    request.send();
  }
  update();
})();
"""
_CARDS_BY_XHR = """
(function () {
  var request = new XMLHttpRequest();
  request.open("GET", "/ajax/listing/LISTING");
  request.onload = function () {
    if (request.status !== 200) { return; }
    document.querySelector(".views-content").insertAdjacentHTML("beforeend", JSON.parse(request.responseText).html);
  };
  request.send();
})();
"""
_TAGS = {"xhr": _TAGS_BY_XHR, "fetch": _TAGS_BY_FETCH}


def article_scripts(story: Story) -> str:
    """The scripts of an article's page that bring something, at its end."""
    if story.by_script is None:
        return ""
    sources = [_TAGS[story.by_script]]
    if story.blocks_by_script:
        sources.append(_TICKER_BY_XHR if story.kind == "live" else _TEXT_BY_XHR)
    return "".join(f"\n<script>{source}</script>" for source in sources)


def listing_script(path: str) -> str:
    """The script of a listing that shows more stories than are served."""
    return f"<script>{_CARDS_BY_XHR.replace('LISTING', path)}</script>"


def json_of(html: str) -> str:
    """A part of a page as its script gets it."""
    return json.dumps({"html": html})


def visible_tags(story: Story | None) -> str:
    """What the tag service says of a story, or of none."""
    names = (*story.keywords, *story.visible_tags) if story is not None else ()
    return json.dumps({"data": [{"tag": name, "url": f"https://vov.vn/{Tag(name).path}"} for name in names]})
