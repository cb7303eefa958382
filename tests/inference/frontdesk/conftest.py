"""What the model's tests share: a client of the running model, and its tokenizer."""

from pathlib import Path

import pytest
from tokenizers import Tokenizer

from inference.frontdesk.client import Served

MODEL = Path(__file__).parents[3] / "inference" / "models" / "frontdesk"


@pytest.fixture
def model(think_url: str) -> Served:
    """The model behind real vLLM."""
    return Served(think_url.removesuffix("/v1"))


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    """The model's tokenizer."""
    return Tokenizer.from_file(str(MODEL / "tokenizer.json"))
