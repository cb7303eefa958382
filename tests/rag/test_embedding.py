"""The vectors are the model's."""

import json
from pathlib import Path

import numpy as np

from rag.embedding.encoder import embed, embed_query

# Made with PyTorch and transformers from the same weights (see the encoder's source): text and
# vector.
REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text(encoding="utf-8"))
TEXTS = [entry["text"] for entry in REFERENCE]
VECTORS = np.array([entry["vector"] for entry in REFERENCE], dtype=np.float32)


def test_vectors_equal_the_reference_implementations() -> None:
    """To the sixth decimal, for short text, text beyond the limit, and other scripts."""
    assert np.abs(embed(TEXTS) - VECTORS).max() < 1e-5


def test_a_text_has_the_same_vector_alone_and_among_others() -> None:
    """Padding changes nothing."""
    alone = np.array([embed_query(text) for text in TEXTS], dtype=np.float32)
    assert np.abs(alone - embed(TEXTS)).max() < 1e-5


def test_vectors_are_of_length_one() -> None:
    """So that a dot product is the cosine."""
    assert np.allclose(np.linalg.norm(embed(TEXTS), axis=1), 1, atol=1e-5)


def test_no_text_gives_no_vector() -> None:
    """An empty list is not an error."""
    assert embed([]).shape == (0, 384)
