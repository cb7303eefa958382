"""HTML into blocks: what a reader of the page sees, without what is only around it or hidden."""

import re
from collections.abc import Iterator
from typing import Final

from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser, LexborNode

from rag.extraction.plain import decoded, visible
from rag.extraction.tables import row_blocks
from rag.extraction.types import Block, Extracted

# Around a page's words, or none of them.
_LEFT_OUT: Final = (
    "script, style, noscript, template, svg, math, iframe, object, embed, canvas, audio, video, "
    "form, button, select, textarea, input, dialog, nav, aside, head > *:not(title), "
    "body > header, body > footer, [role=navigation], [role=banner], [role=contentinfo], "
    "[role=search], [role=dialog], [aria-hidden=true], [hidden]"
)
# Words that nobody sees are written for machines: the place where instructions to them are hidden.
_END: Final = r"\s*(;|$|!)"
_HIDING: Final = re.compile(
    "|".join(
        (
            r"display\s*:\s*none",
            r"visibility\s*:\s*(hidden|collapse)",
            r"opacity\s*:\s*(0+(\.0+)?|\.0+|0*\.0\d*)" + _END,
            r"font-size\s*:\s*(0+(\.0\d*)?|\.0\d*)(px|pt|em|rem|%)?" + _END,
            r"font-size\s*:\s*[01](\.\d+)?\s*(px|pt)",
            r"(?<![-\w])color\s*:\s*(white|transparent|#fff\b|#ffffff\b|#fff[ef]|#fefefe)",
            r"(?<![-\w])color\s*:\s*rgba?\(\s*255\s*,?\s*255\s*,?\s*255",
            r"text-indent\s*:\s*-\d{3,}",
            r"(?<![-\w])(left|top|right|bottom)\s*:\s*-\d{3,}",
            r"clip(-path)?\s*:\s*(rect\(\s*0|inset\(\s*(50|100)%)",
            r"(?<![-\w])(max-)?(height|width)\s*:\s*0+(px)?" + _END,
        )
    ),
    re.IGNORECASE,
)
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_BLOCKS: Final = frozenset(
    {
        *("p", "div", "section", "article", "main", "blockquote", "pre", "figure", "figcaption"),
        *("details", "summary", "address", "dl", "dt", "dd", "ul", "ol", "li", "table", "caption"),
        *("header", "footer", "body", "center", "fieldset", "legend"),
    }
)
_INNER: Final = "p, div, ul, ol, li, table, h1, h2, h3, h4, h5, h6, section, pre"
_DEEPEST: Final = 200
_markdown = MarkdownIt("commonmark", {"html": True}).enable("table")


def read_html(raw: bytes) -> Extracted:
    """The blocks of a page."""
    return html_blocks(decoded(raw))


def read_markdown(raw: bytes) -> Extracted:
    """The blocks of a Markdown text, its tables and raw HTML read as a page's."""
    return html_blocks(_markdown.render(decoded(raw)))


def html_blocks(html: str) -> Extracted:
    """The blocks of a page that is decoded already."""
    tree = LexborHTMLParser(html)
    title_node = tree.css_first("title")
    title = _words(title_node.text()) if title_node else ""
    for node in tree.css(_LEFT_OUT):
        node.decompose()
    for node in tree.css("[style], font[color]"):
        style = node.attributes.get("style") or ""
        colour = node.attributes.get("color") or ""
        if _HIDING.search(style) or _HIDING.search(f"color:{colour}"):
            node.decompose()
    body = tree.css_first("main, [role=main]") or tree.body
    blocks = tuple(_merged(_walk(body, 0))) if body else ()
    if not blocks and tree.body is not None:
        blocks = tuple(_merged(_walk(tree.body, 0)))
    return Extracted(blocks, title=title[:200])


def _walk(node: LexborNode, depth: int) -> Iterator[Block]:
    """Blocks of a node's children; text between them is a paragraph of its own."""
    loose: list[str] = []
    child = node.child
    while child is not None:
        tag = child.tag or ""
        if tag == "-text":
            loose.append(child.text_content or "")
        elif tag == "br":
            loose.append("\n")
        elif tag in _HEADINGS or tag in _BLOCKS or _holds_blocks(child):
            yield from _paragraphs(loose)
            loose = []
            if depth < _DEEPEST:
                yield from _block(child, tag, depth)
        elif not tag.startswith(("-", "!")):
            loose.append(child.text(separator=""))
        child = child.next
    yield from _paragraphs(loose)


def _block(node: LexborNode, tag: str, depth: int) -> Iterator[Block]:
    if tag in _HEADINGS:
        if words := _words(node.text(separator=" ")):
            yield Block("heading", words, level=_HEADINGS[tag])
    elif tag == "table":
        yield from _table(node)
    elif tag in {"li", "dd", "dt"} and not _holds_blocks(node):
        if words := _words(node.text(separator="")):
            yield Block("item", words)
    elif tag == "pre":
        for line in node.text().splitlines():
            if words := _words(line):
                yield Block("paragraph", words)
    else:
        yield from _walk(node, depth + 1)


def _holds_blocks(node: LexborNode) -> bool:
    return any(inner != node for inner in node.css(_INNER)[:2])


def _table(node: LexborNode) -> Iterator[Block]:
    rows = []
    for row in node.css("tr"):
        cells = [_words(cell.text(separator=" ")) for cell in row.css("th, td")]
        if any(cells):
            rows.append(cells)
    headed = node.css_first("th") is not None and len(rows) > 1
    yield from row_blocks(rows[0] if headed else [], rows[1:] if headed else rows)


def _paragraphs(loose: list[str]) -> Iterator[Block]:
    for line in "".join(loose).split("\n\n"):
        if words := _words(line):
            yield Block("paragraph", words)


def _merged(blocks: Iterator[Block]) -> Iterator[Block]:
    """Without the repetitions that menus and cards leave one after the other."""
    last: Block | None = None
    for block in blocks:
        if block != last:
            yield block
        last = block


def _words(text: str) -> str:
    return " ".join(visible(text).split())
