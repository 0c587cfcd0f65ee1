"""How inputs are changed."""

from __future__ import annotations

from fuzz.mutations import Mutator

PAGE = b"<p class=a>M\xe1\xbb\x99t hai</p> <b>ba</b>"
MUTATOR = Mutator([b"<div>", b"8/6"], [PAGE, b"<i>other</i>"])


def test_the_same_seed_makes_the_same_input() -> None:
    assert MUTATOR.mutate(PAGE, 1000, 7) == MUTATOR.mutate(PAGE, 1000, 7)


def test_seeds_make_many_different_inputs() -> None:
    assert len({MUTATOR.mutate(PAGE, 10_000, seed) for seed in range(200)}) > 150


def test_an_input_is_never_longer_than_asked_for() -> None:
    assert max(len(MUTATOR.mutate(PAGE, 50, seed)) for seed in range(200)) <= 50


def test_nothing_at_all_can_be_changed() -> None:
    assert any(MUTATOR.mutate(b"", 1000, seed) for seed in range(50))


def test_words_of_the_dictionary_and_pieces_of_other_inputs_come_in() -> None:
    made = b"".join(MUTATOR.mutate(PAGE, 10_000, seed) for seed in range(200))
    assert b"<div>" in made
    assert b"8/6" in made
    assert b"other" in made
