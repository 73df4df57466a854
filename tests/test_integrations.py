"""The hosts' own objects go in and come out repaired; a host that is not installed is skipped."""

import pytest

from mojibake_fix import Plan


def test_arrow_tables_and_batches(clean, garbled):
    import pyarrow as pa

    from mojibake_fix.integrations.arrow import repair_batch, repair_batches

    table = pa.table({"id": [1, 2, 3], "text": pa.array([garbled[0], None, clean[1]], pa.large_string())})
    repaired = repair_batch(table, plan_column="plan")
    assert repaired["text"].to_pylist() == [clean[0], None, clean[1]]
    assert repaired.schema.field("text") == table.schema.field("text")
    plans = repaired["plan"].to_pylist()
    assert Plan.from_json(plans[0]).undo(clean[0]) == garbled[0]
    assert plans[1:] == [None, None]
    (batch,) = repair_batches(table.to_batches())
    assert isinstance(batch, pa.RecordBatch)
    assert batch.column("text").to_pylist() == [clean[0], None, clean[1]]
    with pytest.raises(KeyError, match="no column 'body'; there are: id, text"):
        repair_batch(table, "body")


@pytest.mark.filterwarnings("ignore")
def test_the_scrapy_pipeline_in_a_crawlers_settings(clean, garbled):
    pytest.importorskip("scrapy")
    from scrapy.settings import Settings
    from scrapy.statscollectors import MemoryStatsCollector

    from mojibake_fix.integrations.scrapy import MojibakePipeline

    class Crawler:
        settings = Settings({"MOJIBAKE_FIX_FIELDS": ["title", "missing"]})
        stats = None

    Crawler.stats = MemoryStatsCollector(Crawler())
    pipeline = MojibakePipeline.from_crawler(Crawler())
    item = pipeline.process_item({"title": garbled[0], "raw": garbled[1], "n": 1})
    assert item == {"title": clean[0], "raw": garbled[1], "n": 1}
    assert Crawler.stats.get_value("mojibake_fix/mixup") == 1


@pytest.mark.filterwarnings("ignore")
def test_the_datatrove_step_in_a_pipeline(clean, garbled):
    pytest.importorskip("datatrove")
    from datatrove.data import Document

    from mojibake_fix.integrations.datatrove import MojibakeFix

    documents = [Document(text=text, id=str(number)) for number, text in enumerate((garbled[0], clean[1]))]
    first, second = MojibakeFix().run(iter(documents))
    assert (first.text, second.text) == (clean[0], clean[1])
    assert "mojibake_fix" in first.metadata
    assert "mojibake_fix" not in second.metadata
