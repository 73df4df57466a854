"""Work in several processes with the results in order, and only a few items under way at a time."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeAlias, TypeVar

from mojibake_fix.failure import Failure

Token = TypeVar("Token")
Item = TypeVar("Item")
Result = TypeVar("Result")

_UnderWay: TypeAlias = deque[tuple[Token, Future[Result] | None]]

AHEAD = 3
"""Items under way for each process: one at work, one waiting for it, one being read."""


def ordered(
    work: Callable[[Item], Result], items: Iterable[tuple[Token, Item | None]], jobs: int
) -> Iterator[tuple[Token, Result | None]]:
    """Do `work` on every item, in `jobs` processes, and give the results in the order of the items.

    Args:
        work: A function of a module, so that other processes find it.
        items: Each with a token that comes back with its result; an item of None is passed by, and comes back as None.
        jobs: 1 works in this process.

    Raises:
        Failure: A process was killed.

    >>> list(ordered(len, [("a", "xyz"), ("b", None)], jobs=1))
    [('a', 3), ('b', None)]
    """
    if jobs == 1:
        for token, item in items:
            yield token, None if item is None else work(item)
        return
    # Spawned processes start clean: a fork would copy the threads of Arrow and BLAS half-way through what they do.
    context = multiprocessing.get_context("spawn")
    under_way: _UnderWay[Token, Result] = deque()
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin) as executor:
        try:
            for token, item in items:
                under_way.append((token, None if item is None else executor.submit(work, item)))
                while len(under_way) >= AHEAD * jobs:
                    finished = _finished(under_way)
                    yield finished
            while under_way:
                last = _finished(under_way)
                yield last
        except BrokenProcessPool as error:
            _unblock(executor)
            raise Failure("a worker process was killed (out of memory?); what was not finished is unchanged") from error
        finally:
            executor.shutdown(wait=True, cancel_futures=True)


def _finished(under_way: _UnderWay[Token, Result]) -> tuple[Token, Result | None]:
    token, future = under_way.popleft()
    if future is None:
        return token, None
    return token, future.result()


def _unblock(executor: ProcessPoolExecutor) -> None:
    """Let the thread that feeds the workers end, though nobody reads its pipe (python/cpython#94777)."""
    queue = getattr(executor, "_call_queue", None)
    if queue is not None:
        queue._reader.close()  # noqa: SLF001


def _begin() -> None:
    """Leave interrupts to the parent, and leave with it: a parent that was killed takes no results and sends no end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_leave_with, args=(parent.sentinel,), daemon=True).start()


def _leave_with(sentinel: int) -> None:
    multiprocessing.connection.wait([sentinel])
    os._exit(1)
