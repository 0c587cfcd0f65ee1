"""Fuzzing of everything that reads text from outside.

    make fuzz                                   every target for 10 minutes, each in a process of its own
    make fuzz SECONDS=60 ARGS="article dates"   two of them for a minute each
    python -m fuzz.growth                       how reading time grows with hostile inputs

A target reads any bytes. Nothing but `PageError` may come out of a parser, results keep the promises of the record
(`invariants.py`), and no input takes longer than 100 times its fair share (`budget.py`). The engine is atheris, guided
by coverage; it starts from the project's own pages and sentences (`seeds.py`) and mixes their tags and words
(`mutations.py`). An input that breaks a promise is kept in `fuzz/findings/`; `python -m fuzz.replay TARGET FILE`
reads it again. What the engine learned stays in `fuzz/corpus/` and is where the next run starts.
"""
