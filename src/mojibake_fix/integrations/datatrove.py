"""A step for datatrove: repairs `document.text`, and says in the metadata what it did.

LocalPipelineExecutor(pipeline=[JsonlReader(…), MojibakeFix(), JsonlWriter(…)], tasks=8)
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from datatrove.pipeline.base import PipelineStep

from mojibake_fix.records import SAFE, Policy
from mojibake_fix.repair import explain

if TYPE_CHECKING:
    from datatrove.data import Document, DocumentsPipeline


class MojibakeFix(PipelineStep):  # type: ignore[misc,unused-ignore]
    """Repairs documents; one that was changed carries its plan in `metadata["mojibake_fix"]`."""

    type = "✂️ - FORMAT"
    name = "🀄 Mojibake fix"

    def __init__(self, policy: Policy = SAFE) -> None:
        super().__init__()
        self.policy = policy

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> Iterator[Document]:  # noqa: ARG002
        """Repair every document and pass it on; statistics count documents changed and steps by family."""
        for document in data or ():
            repair = explain(document.text, self.policy)
            if repair.changed:
                document.text = repair.text
                document.metadata["mojibake_fix"] = json.loads(repair.plan.to_json())
                self.stat_update("repaired")
                for step in repair.plan.steps:
                    self.stat_update(f"repaired/{step.family}")
            if repair.losses:
                self.stat_update("lost", value=len(repair.losses))
            yield document
