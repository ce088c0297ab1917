"""Documents on disk, and what the database holds, for the tests of the import."""

import shutil
from pathlib import Path

from django.apps import apps
from django.conf import settings
from wagtail.models import Revision

from mindlab.importer.models import SourceDocument
from mindlab.importer.options import ImportOptions
from mindlab.importer.runs import import_documents

CONCEPT = """---
title: Sleep spindle
aliases: [Sigma spindle]
tags: [Sleep, Memory]
authors: [Ann Example]
date: 2020-05-17
---
# Sleep spindle

A sleep spindle is a burst of activity in the sleeping brain that lasts half a second to two seconds.

## In plain words

Imagine a short drum roll.

## Mechanism

It begins in the **thalamic reticular nucleus**.

### Circuits

- Thalamus
    - Reticular nucleus
- Cortex

```mermaid
graph TD
A[Thalamus] --> B[Cortex]
```

## In practice

People with more spindles remember more.

## Key facts

- Spindles run at 11–16 Hz.
- They are frequent in stage N2.

## Related concepts

- slow oscillations — spindles nest in their up-states
- [[Thalamus]] — where spindles begin
"""

ARTICLE = """# How sleep keeps memories

*What happens at night.*

The night is not idle. See [the spindle](concepts/spindle.md) and [the web](https://example.org/).

## Replay

Cells fire again.
"""


def write(folder, **files):
    """Write files given as ``name__with__folders_md="text"``."""
    for name, text in files.items():
        stem, _, ending = name.replace("__", "/").rpartition("_")
        path = folder / f"{stem}.{ending}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def run(*paths, **options):
    return import_documents(list(paths), ImportOptions(**options))


def outcomes(report):
    return {line.reference: str(line.outcome) for line in report.documents}


def line_of(report, reference):
    return next(line for line in report.documents if line.reference == reference)


def page_of(reference):
    return SourceDocument.objects.get(reference=reference).page.specific


def rows():
    """The number of rows of every table."""
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


def media_files():
    return sorted(Path(settings.MEDIA_ROOT).rglob("*"))


def edit(page, user, **fields):
    """Save a revision as the editor's view does."""
    draft = page.get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save()
    return draft.save_revision(user=user, log_action=True)


def revisions(page):
    return Revision.page_revisions.filter(object_id=str(page.pk)).count()


def move(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(source, target)
