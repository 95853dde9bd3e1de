"""L2: format-preserving reading and editing of documents: JSON, YAML, owned blocks. Pure."""

from hubctl.documents.edit import edit_document
from hubctl.documents.edits import DocumentError, Edit, Edited
from hubctl.documents.hook_groups import handler_id, handler_identity
from hubctl.documents.read import Document, read_document
from hubctl.documents.unwrap import unwrap_blocks

__all__ = [
    "Document",
    "DocumentError",
    "Edit",
    "Edited",
    "edit_document",
    "handler_id",
    "handler_identity",
    "read_document",
    "unwrap_blocks",
]
