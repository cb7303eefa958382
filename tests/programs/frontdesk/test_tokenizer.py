"""The tokenizer's promise: a word is copied token for token, from speech into JSON and back."""

from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.decoders import DecodeStream

from tests.programs.frontdesk.conftest import MODEL

TOKENIZER = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
TEXT = st.text(st.sampled_from(list("ab12  \n'\"_-.,:{}[]()é中💥")), max_size=30)


def test_a_word_in_a_quote_is_the_token_it_is_in_speech(tokenizer: Tokenizer) -> None:
    """Copying a name into an argument needs no second spelling."""
    spoken = tokenizer.encode(" my name is john smith").ids[-2:]
    quoted = tokenizer.encode(' {"name": "john smith"}').ids
    assert [token for token in quoted if token in spoken] == spoken


@given(TEXT)
def test_any_text_comes_back_as_it_went_in(text: str) -> None:
    """The spaces that the tokenizer adds are gone after decoding."""
    assert TOKENIZER.decode(TOKENIZER.encode(text).ids, skip_special_tokens=False) == text


@given(TEXT)
def test_a_stream_of_tokens_spells_the_same_text(text: str) -> None:
    """What a server streams, piece by piece, is what it would have sent at once."""
    stream = DecodeStream(skip_special_tokens=False)
    streamed = "".join(
        stream.step(TOKENIZER, token) or "" for token in TOKENIZER.encode(f"{text} end").ids
    )
    assert streamed == f"{text} end"
