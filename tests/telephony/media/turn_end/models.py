"""Models of smart-turn's form that say what a test wants: the real one's weights are not on every
machine.
"""

from pathlib import Path

import onnx
from onnx import TensorProto, helper


def steady_model(folder: Path, *, probability: float) -> Path:
    """Whatever it hears, it says this."""
    return _saved(
        folder,
        helper.make_node("ReduceMax", ["input_features"], ["loudest"], axes=[1, 2], keepdims=1),
        helper.make_node("Sub", ["loudest", "loudest"], ["nought"]),
        helper.make_node("Cast", ["nought"], ["index"], to=TensorProto.INT64),
        helper.make_node("Gather", ["table", "index"], ["found"]),
        helper.make_node("ReduceMax", ["found"], ["logits"], axes=[2], keepdims=0),
        says=probability,
    )


def loudness_model(folder: Path) -> Path:
    """The mean of the last frames' bands, squashed to 0 to 1."""
    return _saved(
        folder,
        helper.make_node("Slice", ["input_features", "from", "to", "axis"], ["last"]),
        helper.make_node("ReduceMean", ["last"], ["mean"], axes=[1, 2], keepdims=0),
        helper.make_node("Sigmoid", ["mean"], ["squashed"]),
        helper.make_node("Unsqueeze", ["squashed", "one"], ["logits"]),
    )


def failing_model(folder: Path) -> Path:
    """It takes silence, and for a voice it looks into a table beyond its end."""
    return _saved(
        folder,
        helper.make_node("ReduceMax", ["input_features"], ["loudest"], axes=[1, 2], keepdims=1),
        helper.make_node("Ceil", ["loudest"], ["row"]),
        helper.make_node("Relu", ["row"], ["from_0"]),
        helper.make_node("Cast", ["from_0"], ["index"], to=TensorProto.INT64),
        helper.make_node("Gather", ["table", "index"], ["found"]),
        helper.make_node("ReduceMax", ["found"], ["logits"], axes=[2], keepdims=0),
    )


def _saved(folder: Path, *nodes: onnx.NodeProto, says: float = 0.5) -> Path:
    features = helper.make_tensor_value_info("input_features", TensorProto.FLOAT, ("n", 80, 800))
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ("n", 1))
    constants = [
        helper.make_tensor(name, TensorProto.INT64, [1], [value])
        for name, value in (("from", 780), ("to", 800), ("axis", 2), ("one", 1))
    ]
    table = helper.make_tensor("table", TensorProto.FLOAT, [1], [says])
    graph = helper.make_graph(list(nodes), "stub", [features], [logits], [*constants, table])
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    path = folder / "model.onnx"
    onnx.save(made, path)
    return path
