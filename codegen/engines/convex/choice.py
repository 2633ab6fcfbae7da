"""In which way the documents of a deployment are read and written."""

from __future__ import annotations

from codegen.convex.conversation import Conversation

from ..package import Package
from .documents import Documents
from .system_documents import SystemDocuments


def documents_of(conversation: Conversation, package: Package) -> Documents:
    """The documents of a deployment, in the way that its options say."""
    system = conversation.options.documents == "system"
    return (SystemDocuments if system else Documents)(conversation, package)
