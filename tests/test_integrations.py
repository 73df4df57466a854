"""The hosts' own objects go in and come out repaired; a host that is not installed is skipped."""

import functools
import shutil
import sys

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


def test_a_plan_column_that_is_there_is_refused(garbled):
    pa = pytest.importorskip("pyarrow")

    from mojibake_fix.integrations.arrow import repair_batch

    with pytest.raises(ValueError, match="there is a column 'plan' already"):
        repair_batch(pa.table({"text": [garbled[0]], "plan": ["x"]}), plan_column="plan")


@pytest.mark.filterwarnings("ignore")
def test_a_spark_frame_with_a_plan_for_each_row(clean, garbled, monkeypatch):
    pytest.importorskip("pyspark")
    pytest.importorskip("pandas")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java")
    from pyspark.sql import SparkSession

    from mojibake_fix.integrations.arrow import repair_batches

    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    spark = (
        builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1").getOrCreate()
    )
    try:
        texts = [None if number % 5 == 4 else (garbled if number % 2 else clean)[number % 6] for number in range(300)]
        frame = spark.createDataFrame(list(enumerate(texts)), "id long, body string").repartition(4)
        repair = functools.partial(repair_batches, column="body", plan_column="plan")
        rows = sorted(frame.mapInArrow(repair, "id long, body string, plan string").collect())
    finally:
        spark.stop()
    assert [row.body for row in rows] == [None if text is None else clean[n % 6] for n, text in enumerate(texts)]
    assert [Plan.from_json(row.plan).undo(row.body) if row.plan else row.body for row in rows] == texts


@pytest.mark.filterwarnings("ignore")
def test_a_hugging_face_dataset_in_two_processes(clean, garbled):
    datasets = pytest.importorskip("datasets")
    from mojibake_fix.integrations.arrow import repair_batch

    texts = [(garbled if number % 2 else clean)[number % 6] for number in range(300)]
    dataset = datasets.Dataset.from_dict({"text": texts}).with_format("arrow")
    repaired = dataset.map(repair_batch, batched=True, num_proc=2, fn_kwargs={"plan_column": "plan"}).with_format(None)
    assert list(repaired["text"]) == [clean[number % 6] for number in range(300)]
    assert [plan is not None for plan in repaired["plan"]] == [number % 2 == 1 for number in range(300)]


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
