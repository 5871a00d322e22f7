"""Owns the file of excerpts that page and API send: filtered as the list is, streamed, with the name to keep it by."""

from typing import Any

from django.http import StreamingHttpResponse

from cmo.evidence_filters import ExcerptFilter
from cmo.exports.excerpts import FORMATS
from cmo.reading.excerpt_files import excerpt_facts


def excerpts_file(programme: Any, query: Any, kind: str) -> StreamingHttpResponse:
    """The file as a streamed answer; raises ValidationError before its first byte."""
    content_type, write = FORMATS[kind]
    rows = ExcerptFilter(query, programme=programme).rows()
    answer = StreamingHttpResponse(write(excerpt_facts(rows)), content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{programme.slug}-excerpts.{kind}"'
    return answer
