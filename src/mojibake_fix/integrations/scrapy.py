"""An item pipeline for Scrapy:

ITEM_PIPELINES = {"mojibake_fix.integrations.scrapy.MojibakePipeline": 100}
MOJIBAKE_FIX_FIELDS = ["title", "text"]    # default: every string
MOJIBAKE_FIX_POLICY = "safe"               # or "restore", "guess"
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mojibake_fix import records
from mojibake_fix.repair import explain

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

POLICIES = {policy.name: policy for policy in (records.SAFE, records.RESTORE, records.GUESS)}


class MojibakePipeline:
    """Repairs the strings of items, and counts the repairs by family in the crawl's statistics."""

    def __init__(self, fields: list[str], policy: records.Policy, stats: Any) -> None:
        self._fields = fields
        self._policy = policy
        self._stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> MojibakePipeline:
        """Make the pipeline from the settings of a crawl.

        Raises:
            ValueError: `MOJIBAKE_FIX_POLICY` is no policy.
        """
        name = crawler.settings.get("MOJIBAKE_FIX_POLICY", records.SAFE.name)
        policy = POLICIES.get(str(name).lower())
        if policy is None:
            raise ValueError(f"MOJIBAKE_FIX_POLICY is {name!r}; it can be {', '.join(POLICIES)}")
        return cls(crawler.settings.getlist("MOJIBAKE_FIX_FIELDS"), policy, crawler.stats)

    def process_item(self, item: Any) -> Any:
        """Repair an item in place and pass it on."""
        from itemadapter import ItemAdapter

        adapter = ItemAdapter(item)
        for name in self._fields or list(adapter.keys()):
            value = adapter.get(name)
            if isinstance(value, str):
                repair = explain(value, self._policy)
                if repair.changed:
                    adapter[name] = repair.text
                for step in repair.plan.steps:
                    self._stats.inc_value(f"mojibake_fix/{step.family}")
        return item
