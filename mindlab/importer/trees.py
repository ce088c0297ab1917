"""Document trees as JSON files: what a parser made of each document, before anything else does."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from mindlab.importer.parsers.tree import to_tree
from mindlab.importer.planning import Plan

MAX_NAME = 200
"""Characters of a file's name that every file system takes."""


@dataclass(slots=True)
class TreeWriter:
    """Writes the tree of each document to a folder; does nothing without one."""

    folder: Path | None
    _written: set[str] = field(default_factory=set)

    def write(self, plan: Plan) -> tuple[str, ...]:
        """Write the tree of a planned document; returns warnings.

        Raises OSError when the folder cannot be written to.
        """
        if self.folder is None or plan.document is None:
            return ()
        name = plan.source.reference.replace("/", "__")[-MAX_NAME:]
        warnings: tuple[str, ...] = ()
        if name in self._written:
            number = 2
            while f"{name}-{number}" in self._written:
                number += 1
            name = f"{name}-{number}"
            warnings = (f"Two documents have this reference: the tree of this one is {name}.json.",)
        self._written.add(name)
        self.folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(to_tree(plan.document), ensure_ascii=False, indent=1)
        (self.folder / f"{name}.json").write_bytes(text.encode("utf-8", "replace"))
        return warnings
