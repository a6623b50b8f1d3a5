"""Documents and the evidence they give: text units, spans, digests, coverage."""

from govkg.documents.evidence import fill_evidence, verify_evidence
from govkg.documents.folder import Document, TextUnit, all_documents, document, segment
from govkg.documents.texts import SourceText, find_source, find_text

__all__ = [
    "Document",
    "SourceText",
    "TextUnit",
    "all_documents",
    "document",
    "fill_evidence",
    "find_source",
    "find_text",
    "segment",
    "verify_evidence",
]
