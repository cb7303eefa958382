"""What the model's tests share: a client of the running model, and its tokenizer."""

from pathlib import Path

import pytest
from tokenizers import Tokenizer

from programs.frontdesk.client import Served

MODEL = Path(__file__).parents[3] / "inference" / "weights" / "frontdesk"


@pytest.fixture
def model(llm_url: str) -> Served:
    """The model behind real vLLM."""
    return Served(llm_url.removesuffix("/v1"))


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    """The model's tokenizer."""
    return Tokenizer.from_file(str(MODEL / "tokenizer.json"))
