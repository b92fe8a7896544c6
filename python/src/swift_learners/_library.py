"""The shared library: its functions as ``learners.h`` declares them, its errors as exceptions, its handles as objects."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import threading
from collections.abc import Callable, Sequence
from ctypes import POINTER, byref, c_char_p, c_double, c_int32, c_int64, c_uint64, c_void_p
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

FLOAT64 = 1
FLOAT32 = 2

ALLOW_LEAKS = 1
ALLOW_CONSTANT_TARGET = 2
IGNORE_IDLE = 4
BAG = 8

_BAD_ARGUMENT, _BAD_DATA, _NO_INPUT, _CANNOT_WRITE, _NO_PERMISSION, _CANCELLED = 64, 65, 66, 73, 77, 130


class LearnersError(ValueError):
    """What the engine refuses: rows that cannot be learned from, a parameter out of its range, a file that is no model."""


_Progress = ctypes.CFUNCTYPE(c_int32, c_void_p, c_char_p, c_double)


class _Options(ctypes.Structure):
    _fields_ = (
        ("size", c_uint64),
        ("seed", c_uint64),
        ("target_transform", c_char_p),
        ("flags", c_uint64),
        ("progress", _Progress),
        ("context", c_void_p),
        ("weights", c_char_p),
        ("groups", c_char_p),
        ("time", c_char_p),
        ("repeats", c_int64),
    )


def _path() -> str:
    """Where the library is: beside this file in a wheel, elsewhere while the package is developed."""
    given = os.environ.get("SWIFT_LEARNERS_LIBRARY")
    return given or str(Path(__file__).with_name("lib") / "liblearners.so")


_texts = POINTER(c_char_p)
_SIGNATURES: dict[str, list[Any]] = {
    "info": [POINTER(c_void_p)],
    "set_threads": [c_int64],
    "table_create": [c_int64, POINTER(c_void_p)],
    "table_add_numbers": [c_void_p, c_char_p, c_int32, c_void_p, c_int64],
    "table_add_matrix": [c_void_p, _texts, c_int32, c_void_p, c_int64, c_int64, c_int64],
    "table_add_categories": [c_void_p, c_char_p, c_void_p, _texts, c_int64, c_int32],
    "fit": [c_char_p, _texts, c_int64, c_void_p, c_char_p, POINTER(_Options), POINTER(c_void_p)],
    "predict": [c_void_p, c_void_p, c_char_p, c_void_p, c_int64],
    "predict_matrix": [c_void_p, c_int32, c_void_p, c_int64, c_int64, c_int64, c_int64, c_void_p],
    "predict_quantiles": [c_void_p, c_void_p, c_void_p, c_int64],
    "predict_interval": [c_void_p, c_void_p, c_double, c_void_p, c_void_p, c_int64],
    "explain": [c_void_p, c_void_p, c_void_p, c_int64, POINTER(c_double)],
    "model_describe": [c_void_p, POINTER(c_void_p)],
    "model_save": [c_void_p, c_char_p],
    "model_load": [c_char_p, POINTER(c_void_p)],
    "model_encode": [c_void_p, POINTER(c_void_p), POINTER(c_int64)],
    "model_decode": [c_char_p, c_int64, POINTER(c_void_p)],
    "model_export_onnx": [c_void_p, c_int32, c_int64, POINTER(c_int64), POINTER(c_void_p), POINTER(c_int64)],
    "compare": [
        c_char_p, _texts, c_int64, c_void_p, c_char_p, c_void_p, c_int64, POINTER(_Options), POINTER(c_void_p),
    ],
    "comparison_describe": [c_void_p, POINTER(c_void_p)],
    "comparison_model": [c_void_p, c_int64, POINTER(c_void_p)],
    "comparison_predictions": [c_void_p, c_int64, c_void_p, c_int64],
}  # fmt: skip


def _load() -> ctypes.CDLL:
    library = ctypes.CDLL(_path())
    for name, arguments in _SIGNATURES.items():
        function = getattr(library, f"learners_{name}")
        function.argtypes, function.restype = arguments, c_int32
    for name in ("table_free", "model_free", "comparison_free", "text_free", "bytes_free"):
        function = getattr(library, f"learners_{name}")
        function.argtypes, function.restype = [c_void_p], None
    library.learners_last_error.restype = c_char_p
    library.learners_version.restype = c_char_p
    return library


_library = _load()
predict_matrix = _library.learners_predict_matrix


def check(status: int) -> None:
    """Raises what a status means."""
    if status == 0:
        return
    text = (_library.learners_last_error() or b"").decode(errors="replace")
    if status in (_BAD_ARGUMENT, _BAD_DATA):
        raise LearnersError(text)
    if status == _NO_INPUT:
        raise FileNotFoundError(text)
    if status == _NO_PERMISSION:
        raise PermissionError(text)
    if status == _CANNOT_WRITE:
        raise OSError(text)
    if status == _CANCELLED:
        raise KeyboardInterrupt
    raise RuntimeError(text)


def _text_of(function: Callable[..., int], *arguments: Any) -> Any:
    """The JSON that a function hands out."""
    place = c_void_p()
    check(function(*arguments, byref(place)))
    try:
        return json.loads(ctypes.string_at(place.value or 0))
    finally:
        _library.learners_text_free(place)


def _bytes_of(function: Callable[..., int], *arguments: Any) -> bytes:
    """The bytes that a function hands out."""
    place, count = c_void_p(), c_int64()
    check(function(*arguments, byref(place), byref(count)))
    try:
        return ctypes.string_at(place.value or 0, count.value)
    finally:
        _library.learners_bytes_free(place)


def info() -> dict[str, Any]:
    """Version, threads, the BLAS kernels in use, and all learners with their parameters."""
    description: dict[str, Any] = _text_of(_library.learners_info)
    return description


def set_threads(threads: int) -> None:
    """Sets how many threads all fits and predictions of this process together may use. Results do not depend on it.

    The default is ``OMP_NUM_THREADS`` where that is set, as joblib does for its workers, else all cores.
    """
    check(_library.learners_set_threads(threads))


def _set_default_threads() -> None:
    given = os.environ.get("OMP_NUM_THREADS", "")
    if given.isdigit() and 1 <= int(given) <= 1024:
        set_threads(int(given))


_set_default_threads()


def _c_texts(texts: Sequence[str]) -> ctypes.Array[c_char_p]:
    return (c_char_p * len(texts))(*[_bytes(text) for text in texts])


def _bytes(text: str) -> bytes:
    if "\0" in text:
        raise LearnersError(f"{text!r} has a zero character in it: take it out")
    return text.encode("utf-8", "surrogatepass")


class Table:
    """Rows with named columns on the engine's side. It copies what is added."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.handle = c_void_p()
        check(_library.learners_table_create(rows, byref(self.handle)))

    def __del__(self) -> None:
        if getattr(self, "handle", None):
            _library.learners_table_free(self.handle)

    def add_numbers(self, name: str, kind: int, address: int, stride: int) -> None:
        check(_library.learners_table_add_numbers(self.handle, _bytes(name), kind, address, stride))

    def add_matrix(self, names: Sequence[str], kind: int, address: int, strides: tuple[int, ...]) -> None:
        check(
            _library.learners_table_add_matrix(
                self.handle, _c_texts(names), kind, address, len(names), strides[0], strides[1]
            )
        )

    def add_categories(self, name: str, codes: int, levels: Sequence[str], asked: bool) -> None:
        check(
            _library.learners_table_add_categories(
                self.handle, _bytes(name), codes, _c_texts(levels), len(levels), int(asked)
            )
        )


class _Waiting:
    """What goes on in Python while the engine works: Ctrl-C is neither lost nor too early and ends the work, `watch` is told how far it is.

    Python looks at signals in its main thread only, and only between two of its own instructions: the engine calls `look` now and then,
    from the thread that waits for it. What was there before handles the signal once the engine is out of the way, and so is what `watch`
    raised.
    """

    def __init__(self, watch: Callable[[str, float], None] | None) -> None:
        self._watch = watch
        self._failure: BaseException | None = None
        self._came: tuple[int, FrameType | None] | None = None
        self._before: Any = None
        self.progress = _Progress()

    def _look(self, context: int | None, stage: bytes | None, fraction: float) -> int:
        if self._watch is not None and self._came is None:
            try:
                self._watch((stage or b"").decode(errors="replace"), fraction)
            except BaseException as failure:
                self._failure = failure
        return int(self._came is not None or self._failure is not None)

    def _keep(self, number: int, frame: FrameType | None) -> None:
        self._came = (number, frame)

    def __enter__(self) -> _Waiting:
        if threading.current_thread() is threading.main_thread():
            before = signal.getsignal(signal.SIGINT)
            if callable(before):
                self._before = before
                signal.signal(signal.SIGINT, self._keep)
        if self._before is not None or self._watch is not None:
            self.progress = _Progress(self._look)
        return self

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)
        self.progress = _Progress()
        if self._came is not None:
            self._before(*self._came)
        if self._failure is not None:
            raise self._failure


class Rows(NamedTuple):
    """What is learned from."""

    table: Table
    #: Names of columns.
    target: str
    weights: str | None
    groups: str | None = None
    time: str | None = None


def _options(
    rows: Rows, seed: int, target_transform: str, waiting: _Waiting, flags: int = 0, repeats: int = 0
) -> _Options:
    return _Options(
        ctypes.sizeof(_Options),
        seed,
        _bytes(target_transform),
        ALLOW_LEAKS | ALLOW_CONSTANT_TARGET | IGNORE_IDLE | flags,
        waiting.progress,
        None,
        *[None if name is None else _bytes(name) for name in (rows.weights, rows.groups, rows.time)],
        repeats,
    )


class Model:
    """A fitted model on the engine's side. It never changes; pickled, it is the bytes of its file."""

    def __init__(self, handle: c_void_p) -> None:
        self.handle = handle
        self.description: dict[str, Any] = _text_of(_library.learners_model_describe, handle)

    def __del__(self) -> None:
        if getattr(self, "handle", None):
            _library.learners_model_free(self.handle)

    @classmethod
    def fit(
        cls, learner: str, settings: Sequence[str], rows: Rows, seed: int, target_transform: str,
        watch: Callable[[str, float], None] | None = None,
    ) -> Model:  # fmt: skip
        handle = c_void_p()
        with _Waiting(watch) as waiting:
            options = _options(rows, seed, target_transform, waiting)
            status = _library.learners_fit(
                learner.encode(), _c_texts(settings), len(settings), rows.table.handle, _bytes(rows.target),
                byref(options), byref(handle),
            )  # fmt: skip
        check(status)
        return cls(handle)

    @classmethod
    def load(cls, path: str) -> Model:
        handle = c_void_p()
        check(_library.learners_model_load(os.fsencode(path), byref(handle)))
        return cls(handle)

    def save(self, path: str) -> None:
        check(_library.learners_model_save(self.handle, os.fsencode(path)))

    @classmethod
    def decode(cls, encoded: bytes, notes: list[str]) -> Model:
        handle = c_void_p()
        check(_library.learners_model_decode(encoded, len(encoded), byref(handle)))
        model = cls(handle)
        model.description["notes"] = notes
        return model

    def encode(self) -> bytes:
        return _bytes_of(_library.learners_model_encode, self.handle)

    def to_onnx(self, kind: int, kept: Sequence[int] | None, columns: int) -> bytes:
        """The bytes of an ONNX file; `kept` are the model's features among so many columns of X."""
        places = None if kept is None else (c_int64 * len(kept))(*kept)
        return _bytes_of(_library.learners_model_export_onnx, self.handle, kind, columns, places)

    def __reduce__(self) -> tuple[Any, ...]:
        return Model.decode, (self.encode(), self.description["notes"])

    def __copy__(self) -> Model:
        return self

    def __deepcopy__(self, memo: object) -> Model:
        return self

    def predict(self, table: Table, statistic: str | None, address: int) -> None:
        wanted = None if statistic is None else _bytes(statistic)
        check(_library.learners_predict(self.handle, table.handle, wanted, address, table.rows))

    def predict_quantiles(self, table: Table, address: int, count: int) -> None:
        check(_library.learners_predict_quantiles(self.handle, table.handle, address, count))

    def predict_interval(self, table: Table, level: float, low: int, high: int) -> None:
        check(_library.learners_predict_interval(self.handle, table.handle, level, low, high, table.rows))

    def explain(self, table: Table, address: int, count: int) -> float:
        base = c_double()
        check(_library.learners_explain(self.handle, table.handle, address, count, byref(base)))
        return base.value


class Comparison:
    """Compared models on the engine's side."""

    def __init__(
        self, models: str, settings: Sequence[str], rows: Rows, folds: int | None, cv: int, seed: int,
        target_transform: str, watch: Callable[[str, float], None] | None = None, repeats: int = 1, bag: bool = False,
    ) -> None:  # fmt: skip
        self.handle = c_void_p()
        self.rows = rows.table.rows
        with _Waiting(watch) as waiting:
            options = _options(rows, seed, target_transform, waiting, BAG if bag else 0, repeats)
            status = _library.learners_compare(
                _bytes(models), _c_texts(settings), len(settings), rows.table.handle, _bytes(rows.target),
                folds, cv, byref(options), byref(self.handle),
            )  # fmt: skip
        check(status)
        self.description: dict[str, Any] = _text_of(_library.learners_comparison_describe, self.handle)

    def __del__(self) -> None:
        if getattr(self, "handle", None):
            _library.learners_comparison_free(self.handle)

    def model(self, place: int) -> Model:
        handle = c_void_p()
        check(_library.learners_comparison_model(self.handle, place, byref(handle)))
        return Model(handle)

    def predictions(self, place: int, address: int) -> None:
        check(_library.learners_comparison_predictions(self.handle, place, address, self.rows))
