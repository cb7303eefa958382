"""Text without the marks that are for the eye: Markdown, HTML tags, emoji. One sentence or line.

Inline Markdown is markdown-it-py's (CommonMark). Blocks go by their line alone, since sentences
come one at a time from a stream; marks whose partner is in another sentence go too.
"""

import re
import unicodedata
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

_INLINE: Final = MarkdownIt("commonmark", {"html": True}).enable("strikethrough")
_MARKED: Final = re.compile(r"[*_`~<>\[\]\\&|#]|^\s*[-+•·>=]|^\s*\d+[.)]\s|https?:")
_FENCE: Final = re.compile(r"\s*(?:```|~~~)\s*[\w+-]*\s*$")
_RULE: Final = re.compile(r"\s*(?:[-*_=]\s*){3,}$|[\s|:-]*\|[\s|:-]*$")
_BLOCK: Final = re.compile(
    r"\s*(?:>\s?)*(?:#{1,6}\s+|[-+*•·‣◦]\s+(?:\[[ xX]\]\s+)?|(?P<item>\d{1,3})[.)]\s+(?=\S)"
    # "21. Mai" is a date
    r"(?!Jan|Feb|März|Apr|Mai\b|Jun[i.]|Jul[i.]|Aug|Sep|Okt|Nov|Dez))?"
)
_TABLE_ROW: Final = re.compile(r"\s*\|(.+?)\|?\s*$")
_FOOTNOTE: Final = re.compile(r"\[\^[^\]]*\]|【[^】]*】|\[\d{1,3}\](?!\()")
_TIMES: Final = re.compile(r"(?<=\d)\s*\*\s*(?=\d)")
# Left over: their partner is in another sentence, or there was none.
_LEFT_OVER: Final = re.compile(r"\*+|(?<!\w)_+|_+(?!\w)|`+|~~+|\]\([^)\s]*\)?|</?[A-Za-z][^<>]*>?")
_BETWEEN: Final = re.compile(r"(?<=\w)\*+(?=\w)|[\[\]]")
_BULLET: Final = re.compile(r"[•·‣◦▪●]")
_JOINERS: Final = "\u200d\ufe0f\ufe0e\u20e3"
# Signs that are said, though Unicode counts them among the symbols as it does emoji.
_SAID: Final = frozenset("°©®™№")


def without_markup(text: str) -> str:
    """What is left to be said, on one line; "" for a rule, a fence or a lone emoji."""
    if _MARKED.search(text):
        if _FENCE.match(text) or _RULE.match(text):
            return ""
        text = _inline(_row(_without_block(text)))
    return " ".join(_plain_letters(text).split())


def _without_block(line: str) -> str:
    """Without the mark of a heading, quotation or list; a numbered item keeps its number."""
    block = _BLOCK.match(line)
    if block is None:
        return line
    rest = line[block.end() :]
    rest = re.sub(r"\s+#+\s*$", "", rest) if "#" in block[0] else rest
    return f"{block['item']}: {rest}" if block["item"] else rest


def _row(line: str) -> str:
    """A row of a table as its cells, one after the other."""
    row = _TABLE_ROW.match(line)
    if row is None:
        return line
    cells = (cell.strip() for cell in row[1].split("|"))
    return ", ".join(cell for cell in cells if cell)


def _inline(text: str) -> str:
    plain = _FOOTNOTE.sub("", _TIMES.sub(" ∗ ", text))
    tokens = _INLINE.parseInline(plain)
    said = "".join(_said(token) for token in tokens[0].children or ())
    return _BULLET.sub(" ", _LEFT_OVER.sub("", _BETWEEN.sub(" ", said)))


def _said(token: Token) -> str:
    match token.type:
        case "text" | "code_inline" | "text_special":
            return token.content
        case "softbreak" | "hardbreak":
            return " "
        case "image":
            return token.content
        case "html_inline":
            return " " if token.content.lower().startswith(("<br", "</p", "</li")) else ""
        case _:
            return ""


def _plain_letters(text: str) -> str:
    """Without emoji, and with the figures and signs of ASCII for those of other widths."""
    if text.isascii():
        return text
    return "".join(_plain_letter(letter) for letter in text if letter not in _JOINERS)


def _plain_letter(letter: str) -> str:
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    if "\uff01" <= letter <= "\uff5e":  # full width
        return unicodedata.normalize("NFKC", letter)
    return " " if _is_picture(letter) else letter


def _is_picture(letter: str) -> bool:
    if letter in _SAID:
        return False
    if "\U0001f3fb" <= letter <= "\U0001f3ff":  # the colour of a skin
        return True
    return letter >= "\u2190" and unicodedata.category(letter) in ("So", "Cs", "Co", "Cn")
