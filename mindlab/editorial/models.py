"""The models of the review, gathered here for Django: its rows, and the tasks that make its steps."""

from mindlab.editorial.rows import MaterialChange, Publication, ReviewRecord, ShownThing
from mindlab.editorial.tasks import EditorialReviewTask, ReviewTask, ScientificReviewTask

__all__ = [
    "EditorialReviewTask",
    "MaterialChange",
    "Publication",
    "ReviewRecord",
    "ReviewTask",
    "ScientificReviewTask",
    "ShownThing",
]
