"""What pyproject.toml says, for `scrapyd-deploy`, which builds an egg by this file and else writes one of its own."""

from setuptools import setup

setup(zip_safe=True)
