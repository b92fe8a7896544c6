"""A fitted model as an ONNX graph: what the engine writes, checked and read by the package onnx."""

from __future__ import annotations

from typing import TYPE_CHECKING

from swift_learners._library import FLOAT32, FLOAT64, Model

if TYPE_CHECKING:
    from onnx import ModelProto

_TYPES = {"float32": FLOAT32, "float64": FLOAT64}


def to_onnx(model: Model, kept: list[int] | None, columns: int, dtype: str) -> ModelProto:
    """The graph of a model; `kept` says which of so many columns of X its features are, where that is not all of them."""
    if dtype not in _TYPES:
        raise ValueError(f"dtype={dtype!r}: use one of {', '.join(_TYPES)}")
    try:
        from onnx import checker, load_model_from_string
    except ImportError as error:
        raise ImportError("to_onnx needs the package onnx: pip install onnx") from error
    graph = load_model_from_string(model.to_onnx(_TYPES[dtype], kept, columns))
    checker.check_model(graph, full_check=True)
    return graph
