"""Files of every kind that is taken, and of some that are not, made by hand."""

import io
import zipfile
from collections.abc import Sequence
from functools import cache
from xml.sax.saxutils import escape

_CONTENT_TYPES = (
    '<?xml version="1.0"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONSHIPS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/'
    '2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)


def pdf(pages: Sequence[Sequence[str]], *, settings: str = "", trailer: str = "") -> bytes:
    """A PDF with these lines on its pages; one that begins with "# " is set larger.

    `settings` stand before each page's lines: "1 1 1 rg" paints them white.
    """
    objects = [b"", b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    kids = []
    for lines in pages:
        stream = _page(lines, settings)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        kids.append(len(objects))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (len(objects) - 1)
        )
    listed = b" ".join(b"%d 0 R" % kid for kid in kids)
    objects[2] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (listed, len(kids))
    return _written(objects, trailer.encode())


def _page(lines: Sequence[str], settings: str) -> bytes:
    drawn = [f"BT {settings} 50 800 Td"]
    for line in lines:
        size, text = (18, line[2:]) if line.startswith("# ") else (10, line)
        text = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        drawn.append(f"/F1 {size} Tf ({text}) Tj 0 -14 Td")
    return "\n".join([*drawn, "ET"]).encode("latin-1")


def _written(objects: Sequence[bytes], trailer: bytes) -> bytes:
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects[1:], start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % len(objects)
    for place in places:
        out += b"%010d 00000 n \n" % place
    out += b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF" % (
        len(objects),
        trailer,
        start,
    )
    return bytes(out)


def encrypted_pdf() -> bytes:
    """A PDF whose password nobody knows."""
    owner, user = "a" * 64, "b" * 64
    lock = (
        f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{owner}> /U <{user}> /P -4 >> "
        f"/ID [<{'c' * 32}> <{'c' * 32}>]"
    )
    return pdf([["secret"]], trailer=lock)


def docx(paragraphs: Sequence[tuple[str, str]], *, head: str = "", extra: bytes = b"") -> bytes:
    """A Word document: styles ("Heading1", "" for none) and texts. `head` stands before its root,
    `extra` is a part beside it.
    """
    body = []
    for style, text in paragraphs:
        named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
        body.append(f"<w:p>{named}<w:r><w:t>{escape(text)}</w:t></w:r></w:p>")
    document = (
        f'<?xml version="1.0"?>{head}<w:document xmlns:w="http://schemas.openxmlformats.org/'
        f'wordprocessingml/2006/main"><w:body>{"".join(body)}</w:body></w:document>'
    )
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _CONTENT_TYPES)
        archive.writestr("_rels/.rels", _RELATIONSHIPS)
        archive.writestr("word/document.xml", document)
        archive.writestr("word/styles.xml", _styles())
        archive.writestr("word/_rels/document.xml.rels", _style_relationship())
        if extra:
            archive.writestr("word/media/extra.bin", extra)
    return raw.getvalue()


def _styles() -> str:
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{level}"><w:name w:val="heading {level}"/>'
        "</w:style>"
        for level in (1, 2, 3)
    )
    return (
        '<?xml version="1.0"?><w:styles xmlns:w="http://schemas.openxmlformats.org/'
        f'wordprocessingml/2006/main">{styles}</w:styles>'
    )


def _style_relationship() -> str:
    return _RELATIONSHIPS.replace(
        'officeDocument" Target="word/document.xml', 'styles" Target="styles.xml'
    )


@cache
def bomb_docx() -> bytes:
    """A small file that grows to 400 MB."""
    return docx([("", "boom")], extra=bytes(400 * 1024 * 1024))
