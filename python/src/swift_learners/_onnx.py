"""Fitted trees as an ONNX graph.

A split is x <= t in double precision. Here x is float32, and so is the threshold of the graph: the largest float32 that is not above t
parts all float32 numbers exactly as t does, so that a row comes to the very leaf that the engine finds for it. Leaves are rounded to
float32, and their sum is one of float32 numbers.
"""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from swift_learners._library import LearnersError, Model

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto

_TYPES = {"F64": "<f8", "F32": "<f4", "I32": "<i4", "U64": "<u8", "U8": "u1"}
_CATEGORICAL, _MISSING_LEFT = 1, 2
_TREES = ("forest", "extra-trees", "boosting")


def to_onnx(model: Model, kept: list[int] | None, columns: int) -> ModelProto:
    """The graph: X, float32 of shape (rows, columns), NaN where missing, to Y, float32 of shape (rows, 1)."""
    try:
        from onnx import TensorProto, checker, helper
    except ImportError as error:
        raise ImportError("to_onnx needs the package onnx: pip install onnx") from error
    tensors, metadata = _content(model.encode())
    learner = metadata["learner"]
    pipeline, parameters = json.loads(metadata["pipeline"]), json.loads(metadata["parameters"])
    _refuse(learner, pipeline, parameters)

    nodes: list[NodeProto] = []
    constants = []
    source = "X"
    if kept is not None:
        constants.append(helper.make_tensor("kept", TensorProto.INT64, [len(kept)], kept))
        nodes.append(helper.make_node("Gather", ["X", "kept"], ["features"], axis=1))
        source = "features"
    nodes.append(
        helper.make_node(
            "TreeEnsembleRegressor", [source], ["sums"], domain="ai.onnx.ml", **_ensemble(learner, tensors)
        )
    )
    names = _Names("sums")
    nodes.append(helper.make_node("Cast", [names.last], [names.next()], to=TensorProto.DOUBLE))
    if learner == "boosting" and parameters["loss"] in ("poisson", "tweedie"):
        nodes.append(helper.make_node("Exp", [names.last], [names.next()]))
    for operator, number in _way_back(pipeline["target"]):
        arguments = [names.last]
        if number is not None:
            constants.append(helper.make_tensor(f"number{len(constants)}", TensorProto.DOUBLE, [], [number]))
            arguments.append(constants[-1].name)
        nodes.append(helper.make_node(operator, arguments, [names.next()]))
    nodes.append(helper.make_node("Cast", [names.last], ["Y"], to=TensorProto.FLOAT))

    graph = helper.make_graph(
        nodes,
        f"{learner} of {metadata['target']}",
        [helper.make_tensor_value_info("X", TensorProto.FLOAT, [None, columns])],
        [helper.make_tensor_value_info("Y", TensorProto.FLOAT, [None, 1])],
        constants,
    )
    # The oldest versions that have all of it: what reads more reads these.
    versions = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)]
    made = helper.make_model(graph, opset_imports=versions, producer_name="swift-learners", ir_version=8)
    checker.check_model(made, full_check=True)
    return made


class _Names:
    """Names of values, one after the other."""

    def __init__(self, first: str) -> None:
        self.last = first
        self._count = 0

    def next(self) -> str:
        self._count += 1
        self.last = f"value{self._count}"
        return self.last


def _content(file: bytes) -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
    """Tensors and texts of a model file: safetensors."""
    (length,) = struct.unpack("<Q", file[:8])
    header = json.loads(file[8 : 8 + length])
    metadata = header.pop("__metadata__")
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        tensors[name] = np.frombuffer(file[8 + length + begin : 8 + length + end], _TYPES[entry["dtype"]])
    return tensors, metadata


def _refuse(learner: str, pipeline: dict[str, Any], parameters: dict[str, str]) -> None:
    if learner not in _TREES:
        raise LearnersError(f"{learner} has no ONNX form here: there is one of {', '.join(_TREES)}")
    if any(feature.get("levels") for feature in pipeline["features"]):
        raise LearnersError("categories have no ONNX form here: make numbers of them before")
    if parameters.get("quantiles", "none") != "none":
        raise LearnersError("several quantiles have no ONNX form here: fit one level")


def _ensemble(learner: str, tensors: dict[str, NDArray[Any]]) -> dict[str, Any]:
    """Attributes of the operator. Nodes are stored tree by tree, the left child of a node behind it, the right one by its place."""
    starts = tensors["trees.starts"].astype(np.int64)
    right, payload = tensors["trees.right"].astype(np.int64), tensors["trees.payload"]
    sizes = np.diff(starts)
    trees = np.repeat(np.arange(len(sizes)), sizes)
    places = np.arange(len(payload)) - np.repeat(starts[:-1], sizes)
    is_leaf = right == 0
    base, share = 0.0, 1.0
    if learner == "boosting":
        base = float(tensors["base"][0]) + (float(tensors["balance"][0]) if "balance" in tensors else 0.0)
    else:
        share = float(tensors["targetScale"][0]) / max(1, len(sizes))
    leaves = payload[is_leaf] * share
    return {
        "n_targets": 1,
        "base_values": [base],
        "nodes_treeids": trees.tolist(),
        "nodes_nodeids": places.tolist(),
        "nodes_featureids": tensors["trees.feature"].tolist(),
        "nodes_modes": ["LEAF" if leaf else "BRANCH_LEQ" for leaf in is_leaf],
        "nodes_values": np.where(is_leaf, 0, rounded_down(payload)).tolist(),
        "nodes_truenodeids": np.where(is_leaf, 0, places + 1).tolist(),
        "nodes_falsenodeids": right.tolist(),
        "nodes_missing_value_tracks_true": ((tensors["trees.flags"] & _MISSING_LEFT) != 0).astype(int).tolist(),
        "target_treeids": trees[is_leaf].tolist(),
        "target_nodeids": places[is_leaf].tolist(),
        "target_ids": [0] * int(is_leaf.sum()),
        "target_weights": leaves.astype(np.float32).tolist(),
    }


def rounded_down(numbers: NDArray[np.float64]) -> NDArray[np.float32]:
    """The largest float32 that is not above each number."""
    with np.errstate(over="ignore"):
        nearest = numbers.astype(np.float32)
    return np.where(nearest > numbers, np.nextafter(nearest, np.float32(-np.inf)), nearest).astype(np.float32)


def _way_back(target: dict[str, Any]) -> list[tuple[str, float | None]]:
    """From the scale of fitting to the target's own: operators, each with the number it takes."""
    steps: list[tuple[str, float | None]] = [("Mul", target["scale"]), ("Add", target["center"])]
    steps += [("Max", target["lower"]), ("Min", target["upper"])]
    if target["isLogarithmic"]:
        steps += [("Exp", None), ("Sub", 1.0), ("Mul", target.get("unit", 1.0))]
    return steps
