"""Whisper by CTranslate2: whole utterances, decoded in a bounded queue."""
