"""What the agent says when the model does not, and how an ending is recognised. Pure."""

import re
from collections.abc import Mapping
from typing import Final

from verticals.spoken.languages import language_of
from warmline.kernel.matching import match_key

SAY_AGAIN: Final = "Sorry, could you say that again?"
ONE_MOMENT: Final = "One moment, please."
STILL_THERE: Final = "Are you still there?"
NOBODY_THERE: Final = "I can't hear you. Please call again. Goodbye."
TIME_IS_UP: Final = "I am sorry, I have to end this call now. Goodbye."
IN_DANGER: Final = (
    "If anyone is in danger, hang up and call your emergency number now. "
    "I am putting you through to a person."
)
PUTTING_THROUGH: Final = "I am putting you through to a person."
LOST_YOU: Final = "Sorry, I lost you for a moment."
GO_ON: Final = "Please go on."
OUT_OF_REACH: Final = (
    "I can't reach that just now. Could you ask me again in a moment, or shall I put you through?"
)
_TRANSLATED: Final[Mapping[str, Mapping[str, str]]] = {
    "es": {
        SAY_AGAIN: "Perdone, ¿podría repetirlo?",
        ONE_MOMENT: "Un momento, por favor.",
        STILL_THERE: "¿Sigue usted ahí?",
        NOBODY_THERE: "No le oigo. Por favor, vuelva a llamar. Adiós.",
        TIME_IS_UP: "Lo siento, tengo que terminar la llamada. Adiós.",
        IN_DANGER: "Si alguien está en peligro, cuelgue y llame ahora al número de emergencias. "
        "Le paso con una persona.",
        PUTTING_THROUGH: "Le paso con una persona.",
        LOST_YOU: "Perdone, se ha cortado un momento.",
        GO_ON: "Continúe, por favor.",
        OUT_OF_REACH: (
            "Ahora mismo no puedo consultarlo. ¿Me lo pregunta otra vez en un momento, o le paso "
            "con alguien?"
        ),
    },
    "fr": {
        SAY_AGAIN: "Pardon, pouvez-vous répéter ?",
        ONE_MOMENT: "Un instant, s'il vous plaît.",
        STILL_THERE: "Êtes-vous toujours là ?",
        NOBODY_THERE: "Je ne vous entends pas. Merci de rappeler. Au revoir.",
        TIME_IS_UP: "Je suis désolé, je dois mettre fin à cet appel. Au revoir.",
        IN_DANGER: "Si quelqu'un est en danger, raccrochez et appelez le numéro d'urgence. "
        "Je vous passe quelqu'un.",
        PUTTING_THROUGH: "Je vous passe quelqu'un.",
        LOST_YOU: "Pardon, la ligne a été coupée un instant.",
        GO_ON: "Continuez, je vous en prie.",
        OUT_OF_REACH: (
            "Je n'arrive pas à le consulter pour l'instant. Pouvez-vous me le redemander dans un "
            "moment, ou dois-je vous passer quelqu'un ?"
        ),
    },
    "de": {
        SAY_AGAIN: "Entschuldigung, können Sie das wiederholen?",
        ONE_MOMENT: "Einen Moment, bitte.",
        STILL_THERE: "Sind Sie noch da?",
        NOBODY_THERE: "Ich kann Sie nicht hören. Bitte rufen Sie noch einmal an. Auf Wiederhören.",
        TIME_IS_UP: "Es tut mir leid, ich muss das Gespräch beenden. Auf Wiederhören.",
        IN_DANGER: "Wenn jemand in Gefahr ist, legen Sie auf und wählen Sie jetzt den Notruf. "
        "Ich verbinde Sie mit einem Menschen.",
        PUTTING_THROUGH: "Ich verbinde Sie mit einem Menschen.",
        LOST_YOU: "Entschuldigung, Sie waren kurz weg.",
        GO_ON: "Bitte sprechen Sie weiter.",
        OUT_OF_REACH: (
            "Das kann ich gerade nicht nachsehen. Fragen Sie mich gleich noch einmal, oder soll "
            "ich Sie verbinden?"
        ),
    },
}
# Said in English, from audio that comes with the program: nothing else works when they are needed.
TROUBLE_TRANSFER: Final = "Sorry, we are having trouble. Please hold while I put you through."
TROUBLE_GOODBYE: Final = "Sorry, we are having trouble with our line. Please call again later."

_GOODBYE: Final = re.compile(
    r"\b(?:good[\s-]?bye|bye(?:[\s-]?bye)?|adiós|adios|hasta luego|au revoir|auf wiederhören"
    r"|auf wiedersehen|tschüss)\b[\W_]*$"
)
# "I do not have that information", "I'm not sure about that", "we have no details on it".
_DENIAL: Final = re.compile(
    r"\b(?:(?:do not|don't|does not|doesn't|cannot|can't|could not|couldn't)\s+(?:\w+\s+){0,2}"
    r"(?:have|know|find|see|provide|tell)|(?:have|has|there is|there's|find) no\b|"
    r"not (?:sure|aware|available|certain)|unable to|no information"
    r"|no tengo|no dispongo|no sé|no encuentro|no hay información"
    r"|je n'ai pas|je ne (?:sais|trouve|dispose)|aucune information"
    r"|keine (?:information|angaben|auskunft)"
    r"|(?:habe|weiss|finde) (?:ich )?(?:das |dazu )?(?:nicht|keine))"  # compared with "ss"
)

# What a caller says who means to end the call; "okay", "yes" and "thanks" alone are not that.
_LEAVE: Final = re.compile(
    r"\b(?:good[\s-]?bye|bye|good night|see you|talk (?:to you )?(?:later|soon)|take care"
    r"|have a (?:good|nice|great|lovely) (?:one|day|evening|night|weekend|afternoon)"
    r"|that(?:'s| is|'ll be| will be) (?:all|it|everything)(?! (?:right|about|you))"
    r"|no,? (?:thanks|thank you)|nothing else|hang up"
    r"|adiós|adios|hasta luego|hasta pronto|chao|eso es todo|nada más|no,? gracias"
    r"|au revoir|à bientôt|bonne (?:journée|soirée)|c'est tout|rien d'autre|non,? merci"
    r"|auf wiederhören|auf wiedersehen|tschüss|tschüs|schönen tag|das (?:ist|war|wäre) alles"
    r"|nein,? danke)\b"
)


def in_language(phrase: str, tag: str) -> str:
    """One of the phrases above in an agent's language; in English for one that is not offered."""
    language = language_of(tag)
    return _TRANSLATED.get(language.code if language else "", {}).get(phrase, phrase)


def ends_the_call(reply: str) -> bool:
    """An answer that closes with a goodbye and asks nothing is the last one."""
    return "?" not in reply and _GOODBYE.search(match_key(reply)) is not None


def denies_knowing(sentence: str) -> bool:
    """Whether a sentence says that there is no such information, or that it is not known."""
    return _DENIAL.search(match_key(sentence)) is not None


def takes_leave(words: str) -> bool:
    """A caller's words that a goodbye consists of."""
    return "?" not in words and _LEAVE.search(match_key(words)) is not None
