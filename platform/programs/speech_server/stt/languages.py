"""Which languages are heard here."""

from programs.speech_server.errors import BadRequest


def check_language(language: object, *, param: str) -> None:
    """`BadRequest` for a language that is not English, by any of its usual names; None is fine."""
    if language is None:
        return
    spoken = language.lower().replace("_", "-").split("-")[0] if isinstance(language, str) else ""
    if spoken not in {"", "en", "english"} or not isinstance(language, str):
        raise BadRequest("expected the language en: no other is heard here", param=param)
