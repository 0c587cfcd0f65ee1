"""The promises that fuzzing holds every reader of outside text to, over ordinary inputs and some changed ones."""

from __future__ import annotations

from functools import cache
from random import Random

import pytest

from fuzz.mutations import Mutator
from fuzz.targets import TARGETS, Target
from vovcrawl.pages import NotAnArticle

CHANGED = 150
"""Changed inputs of each target."""


@cache
def seeds(name: str) -> list[bytes]:
    return TARGETS[name].seeds()


@pytest.mark.parametrize("name", TARGETS)
def test_ordinary_inputs_are_read(name: str) -> None:
    results = [TARGETS[name].read(seed) for seed in seeds(name)]
    assert any(not isinstance(result, NotAnArticle) for result in results)


@pytest.mark.parametrize("target", TARGETS.values(), ids=lambda target: target.name)
def test_ordinary_inputs_keep_the_promises(target: Target) -> None:
    for seed in seeds(target.name):
        target.run(seed)


@pytest.mark.parametrize("target", TARGETS.values(), ids=lambda target: target.name)
def test_changed_inputs_keep_the_promises(target: Target) -> None:
    mutator = Mutator(target.words(), seeds(target.name))
    for number in range(CHANGED):
        seed = seeds(target.name)[number % len(seeds(target.name))]
        target.run(mutator.mutate(seed, 16 * 1024, number))


@pytest.mark.parametrize("target", TARGETS.values(), ids=lambda target: target.name)
def test_random_bytes_keep_the_promises(target: Target) -> None:
    random = Random(1)
    for length in (0, 1, 2, 10, 100, 1000):
        target.run(random.randbytes(length))
