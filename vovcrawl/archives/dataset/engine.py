"""Runs tasks on Dask: on worker processes of this machine, or on those of a cluster that runs already."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing import resource_tracker
from typing import Any, TypeVar

import dask
from distributed import Client, KilledWorker, LocalCluster, as_completed, get_worker

_Result = TypeVar("_Result")

_MOST_TIMES = 100
"""How often a task is given anew that killed its workers: each time it may have found one page to leave out."""

_PATIENCE = 60
"""Seconds that a scheduler without workers is waited for."""

_A_MINUTE = 60

Tell = Callable[[str], None]


class EngineError(Exception):
    """The workers cannot be reached, or a task cannot be run; its text is one line for a user."""


@contextmanager
def workers_of_this_machine(count: int) -> Iterator[Client]:
    """So many processes, each with one thread.

    They are reached on 127.0.0.1 alone and by TLS with keys of their own: whoever can speak to a worker could have it
    run anything. Dask's dashboard is off.
    """
    quiet = {
        "distributed.scheduler.http.routes": [],
        "distributed.worker.http.routes": [],
        "distributed.admin.system-monitor.gil.enabled": False,
        "logging": {"distributed": "critical", "distributed.nanny": "critical", "distributed.worker": "critical"},
    }
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    with ExitStack() as stack:
        stack.enter_context(dask.config.set(quiet))
        # Its start would let signals through again.
        resource_tracker.ensure_running()
        # Workers inherit it: a terminal interrupts them too, and this process ends them.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGHUP))
        try:
            cluster = LocalCluster(
                n_workers=count,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                security=True,
                dashboard_address="127.0.0.1:0",
                worker_dashboard_address="127.0.0.1:0",
                silence_logs=logging.CRITICAL,
            )
            stack.enter_context(cluster)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        yield stack.enter_context(Client(cluster))


@contextmanager
def cluster_at(url: str) -> Iterator[Client]:
    """The workers of a scheduler that runs already.

    Raises:
        EngineError: it cannot be reached, or has no worker.
    """
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        client = Client(url, timeout=10)
    except (OSError, ValueError) as error:
        raise EngineError(f"no scheduler of Dask answers there: {_in_a_line(error)}") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except OSError:
            raise EngineError(f"the scheduler there has no worker, nor got one within {_PATIENCE} s") from None
        yield client


def has_process_of_its_own() -> bool:
    """Whether this runs in a worker that another process starts again when it dies, with nothing else at work there."""
    with suppress(ValueError):
        worker = get_worker()
        return bool(worker.nanny) and worker.state.nthreads == 1
    return False


def run(
    client: Client,
    function: Callable[..., _Result],
    tasks: Sequence[tuple[Any, ...]],
    told: str,
    tell: Tell = lambda line: None,
) -> list[_Result]:
    """The results of a function with each of some arguments, in their order, whichever worker gives which.

    A task whose worker dies is run again: by Dask, and where several have died over it, anew.

    Args:
        client: to the workers.
        function: what they run.
        tasks: its arguments.
        told: what they are, for people.
        tell: gets a line a minute.

    Raises:
        EngineError: the workers are gone, or a task kills every one.
        Exception: whatever the function raises.
    """
    results: dict[int, _Result] = {}
    times = dict.fromkeys(range(len(tasks)), 0)
    places = {client.submit(function, *task, pure=False): place for place, task in enumerate(tasks)}
    waiting = as_completed(list(places))
    last = time.monotonic()
    try:
        for future in waiting:
            place = places.pop(future)
            try:
                results[place] = future.result()
            except KilledWorker:
                times[place] += 1
                if times[place] > _MOST_TIMES:
                    raise EngineError(f"{told}: a task ended {4 * _MOST_TIMES} workers and is given up") from None
                again = client.submit(function, *tasks[place], pure=False)
                places[again] = place
                waiting.add(again)
            except CancelledError:
                raise EngineError(f"{told}: the workers are gone") from None
            except OSError as error:
                if client.status != "running":
                    raise EngineError(f"the workers are gone: {_in_a_line(error)}") from None
                raise
            if time.monotonic() - last > _A_MINUTE:
                last = time.monotonic()
                tell(f"{told}: {len(results):,} of {len(tasks):,}")
    finally:
        client.cancel(list(places))
    return [results[place] for place in range(len(tasks))]


def processors() -> int:
    """How many of this machine this process may use."""
    return len(os.sched_getaffinity(0))


def _in_a_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
