"""What a parser says when it cannot read a document."""

from __future__ import annotations


class DocumentError(Exception):
    """A document that cannot be read; the message is one plain sentence for the report."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
