"""The tokenizer: byte-level BPE in which a word is the same token wherever it stands.

Every word carries a leading space. A word that follows a quote, a bracket or an underscore gets a
space of its own behind a glue character (U+FFFD); the decoder takes the pair away again. A copied
word is therefore copied token for token, from speech into JSON and back. U+FFFD serves as glue
because stream decoders hold text back that ends with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tokenizers import (
    AddedToken,
    Regex,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    trainers,
)

from programs.frontdesk.dialogues.render import CALL_CLOSE, CALL_OPEN, SPECIAL

GLUE = "\N{REPLACEMENT CHARACTER}"
UNGLUED = r"(?<=[^\p{L}\p{N}' ])(?=[\p{L}\p{N}])|(?<=\p{N})(?=\p{L})|(?<=\p{L})(?=\p{N})"
SPLIT = r"\n\x{FFFD}| ?\p{L}+(?:'\p{L}+)?| ?\p{N}| ?[^\s\p{L}\p{N}]+|\s"
VOCABULARY = 8192


def train_tokenizer(texts: Iterable[str]) -> Tokenizer:
    """A tokenizer of 8,192 tokens learnt from `texts`."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.Replace(Regex(UNGLUED), GLUE + " ")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(SPLIT), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.Sequence([decoders.ByteLevel(), decoders.Replace(GLUE + " ", "")])
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY - 2,
        special_tokens=list(SPECIAL),
        show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.add_tokens(
        [AddedToken(text, normalized=False, special=False) for text in (CALL_OPEN, CALL_CLOSE)]
    )
    return tokenizer


def load_tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer of an exported model."""
    return Tokenizer.from_file(str(folder / "tokenizer.json"))
