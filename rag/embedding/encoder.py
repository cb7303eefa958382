"""Text to unit vectors of 384 numbers, 8 ms for a spoken question on one AVX2 core."""

import os
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from rag.embedding.weights import MAX_TOKENS, WIDTH, Floats, embedding_tables, model_folder, weights
from warmline.kernel import env

_BATCH = 16  # texts of like length go through together; larger batches gained nothing on two cores
GRAPH = "all-minilm-l6-v2.1.onnx"  # raise the number when the graph changes
# Of those that the machine has, for documents: their worker gives way to calls (`nice`). More
# documents at once want more workers, not more threads.
_CORES = 2
_loading = threading.Lock()


@cache
def _tokenizer() -> Tokenizer:
    tokenizer: Tokenizer = Tokenizer.from_file(str(model_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length=MAX_TOKENS)
    return tokenizer


@cache
def _load() -> onnxruntime.InferenceSession:
    path = env.home() / "cache" / GRAPH
    if not path.exists():
        # half a second of imports, needed once a machine
        from rag.embedding.graph import write_graph

        write_graph(path, weights=weights())
    options = onnxruntime.SessionOptions()
    # One core a question: the other one belongs to the voice. Spinning threads would take both.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _session() -> onnxruntime.InferenceSession:
    with _loading:
        return _load()


def embed(texts: Sequence[str]) -> Floats:
    """A unit vector for each text, as rows of (len(texts), 384): dot products are similarities.

    Text beyond 256 tokens is not read. Same text, same vector, whatever it is batched with, to
    1e-5.
    """
    return _embedded(texts, each=map)


def embed_documents(texts: Sequence[str]) -> Floats:
    """The same by two cores, where nobody speaks meanwhile."""
    return _embedded(texts, each=_cores().map)


@lru_cache(maxsize=4096)
def embed_query(text: str) -> tuple[float, ...]:
    """The vector of one short text; what callers often say ("yes please") is computed once."""
    return tuple(embed([text])[0].tolist())


def warm() -> None:
    """Load the model, writing its graph the first time, so that no caller waits for it."""
    embed(["a first sentence"])


@cache
def _cores() -> ThreadPoolExecutor:
    cores = min(_CORES, len(os.sched_getaffinity(0)))
    return ThreadPoolExecutor(max_workers=cores, thread_name_prefix="embedding")


def _embedded(texts: Sequence[str], *, each: Callable[..., Iterable[Floats]]) -> Floats:
    tokens = [encoding.ids for encoding in _tokenizer().encode_batch(list(texts))]
    by_length = sorted(range(len(tokens)), key=lambda row: len(tokens[row]))
    parts = [by_length[start : start + _BATCH] for start in range(0, len(by_length), _BATCH)]
    result = np.empty((len(tokens), WIDTH), dtype=np.float32)
    encoded = each(_encode, ([tokens[row] for row in rows] for rows in parts))
    for rows, vectors in zip(parts, encoded, strict=True):
        result[rows] = vectors
    return result


def _encode(tokens: list[list[int]]) -> Floats:
    lengths = np.array([len(row) for row in tokens], dtype=np.int32)
    longest = int(lengths.max())
    ids = np.zeros((len(tokens), longest), dtype=np.int64)
    for row, token_ids in enumerate(tokens):
        ids[row, : len(token_ids)] = token_ids
    words, places = embedding_tables()
    flow = words[ids] + places[:longest]
    (out,) = _session().run(None, {"flow": flow, "lengths": lengths})
    present = np.arange(longest)[None, :] < lengths[:, None]
    mean = (out * present[:, :, None]).sum(axis=1) / lengths[:, None].astype(np.float32)
    unit: Floats = (mean / np.linalg.norm(mean, axis=1, keepdims=True)).astype(np.float32)
    return unit
