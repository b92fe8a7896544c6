"""How far a fit is, for those who wait: a bar of tqdm where that is installed, lines of text elsewhere."""

from __future__ import annotations

import math
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

Watch = Callable[[str, float], None]


class _Bar(Protocol):
    def show(self, stage: str, fraction: float) -> None: ...
    def end(self, done: bool) -> None: ...


@contextmanager
def watching(verbose: int | bool, title: str) -> Iterator[Watch | None]:
    """What the engine may call with a stage and the share that is done, NaN where it is not known; None where nobody asked.

    Nothing is shown of what is done before the first call.
    """
    if not verbose:
        yield None
        return
    bar: _Bar | None = None

    def watch(stage: str, fraction: float) -> None:
        nonlocal bar
        if bar is None:
            bar = _tqdm_bar(title) or _Lines(title)
        bar.show(stage, fraction)

    done = False
    try:
        yield watch
        done = True
    finally:
        if bar is not None:
            bar.end(done)


def _tqdm_bar(title: str) -> _Bar | None:
    try:
        with warnings.catch_warnings():
            # A notebook without widgets gets the bar of a terminal.
            warnings.simplefilter("ignore")
            from tqdm.auto import tqdm
    except ImportError:
        return None
    return _TqdmBar(tqdm, title)


class _TqdmBar:
    _WITH_SHARE = "{desc}: {percentage:3.0f}%|{bar}| {elapsed}<{remaining}{postfix}"
    _WITHOUT = "{desc}: {elapsed}{postfix}"

    def __init__(self, tqdm: Any, title: str) -> None:
        self._bar = tqdm(total=1.0, desc=title, bar_format=self._WITHOUT, leave=True)

    def show(self, stage: str, fraction: float) -> None:
        if not math.isnan(fraction):
            self._bar.bar_format = self._WITH_SHARE
            self._bar.n = max(self._bar.n, min(fraction, 1.0))
        self._bar.set_postfix_str(stage, refresh=False)
        self._bar.refresh()

    def end(self, done: bool) -> None:
        if done:
            self._bar.n = 1.0
        self._bar.set_postfix_str("", refresh=False)
        self._bar.refresh()
        self._bar.close()


class _Lines:
    """One line that changes in a terminal; in a file a line for each tenth that is done, or after some seconds."""

    _PATIENCE = 10.0

    def __init__(self, title: str) -> None:
        self._title = title
        self._start = self._told = time.monotonic()
        self._tenth = 0
        self._width = 0
        self._changes = sys.stderr.isatty()

    def show(self, stage: str, fraction: float) -> None:
        share = "" if math.isnan(fraction) else f" {100 * fraction:.0f} %"
        text = f"{self._title}:{share} {self._seconds()} {stage}"
        if self._changes:
            self._write("\r" + text.ljust(self._width))
            self._width = len(text)
            return
        tenth = 0 if math.isnan(fraction) else int(10 * fraction)
        if tenth > self._tenth or time.monotonic() - self._told > self._PATIENCE:
            self._tenth, self._told = max(tenth, self._tenth), time.monotonic()
            self._write(text + "\n")

    def end(self, done: bool) -> None:
        text = f"{self._title}: {'done in' if done else 'ended after'} {self._seconds()}"
        self._write(("\r" if self._changes else "") + text.ljust(self._width) + "\n")

    def _seconds(self) -> str:
        return f"{time.monotonic() - self._start:.0f} s"

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()
