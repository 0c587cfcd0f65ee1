"""scrapy-splash, made importable.

scrapy-splash 0.11.1 takes `canonicalize_url` from `scrapy.utils.url`, which Scrapy 2.16 removed it from
(https://github.com/scrapy-plugins/scrapy-splash/issues/332): it is put back before the import. Other parts of the
library that Scrapy left behind, its spider middleware above all, are not used here. This module can go when
scrapy-splash takes the function from w3lib, and `tests/render/test_splash_adapter.py` fails then.
"""

from __future__ import annotations

from scrapy.utils import url as of_scrapy
from w3lib.url import canonicalize_url

if not hasattr(of_scrapy, "canonicalize_url"):
    of_scrapy.canonicalize_url = canonicalize_url  # type: ignore[attr-defined]

from scrapy_splash import SlotPolicy, SplashJsonResponse, SplashMiddleware, SplashRequest

__all__ = ["SlotPolicy", "SplashJsonResponse", "SplashMiddleware", "SplashRequest"]
