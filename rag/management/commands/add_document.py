"""`manage.py add_document FILE|URL --tenant SLUG`: give a company's agents a document."""

from mimetypes import guess_type
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from rag import actions, queries
from rag.types import DocumentLine
from tenants.management.tenant_command import TenantCommand
from warmline.kernel.errors import BadInput


class Command(TenantCommand):
    """The jobs read and index it; `list_documents` tells how far they are."""

    help = "Add a file, a page or a site map to a company's knowledge."

    def add_arguments(self, parser: CommandParser) -> None:
        """What, under which title, and where to."""
        super().add_arguments(parser)
        parser.add_argument("what", metavar="FILE|URL", help="a file, or http(s)://…")
        parser.add_argument("--title", default="", help="else the document's own")
        parser.add_argument("--collection", default="", help="its name; else the first one")
        parser.add_argument(
            "--site-map", action="store_true", help="the URL is a site map: add each of its pages"
        )

    def handle_tenant(self, **options: Any) -> DocumentLine:
        """Add it."""
        what: str = options["what"]
        place = {
            "title": options["title"],
            "collection_id": queries.collection_named(options["collection"]),
        }
        if what.startswith(("http://", "https://")):
            queue = actions.queue_site if options["site_map"] else actions.queue_page
            return queries.document(queue(what, **place))
        try:
            with Path(what).open("rb") as file:
                media_type = guess_type(what)[0] or ""  # as a browser names it
                added = actions.queue_file(
                    file, file_name=Path(what).name, media_type=media_type, **place
                )
        except OSError as error:
            raise BadInput(f"{what}: expected a file that can be read: {error.strerror}") from None
        return queries.document(added)
