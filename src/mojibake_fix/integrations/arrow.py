"""Repair a column of Arrow tables and record batches: the one shape that Spark, Ray, datasets and DuckDB share.

frame.mapInArrow(repair_batches, frame.schema)                                  # Spark
dataset.map_batches(repair_batch, batch_format="pyarrow")                       # Ray Data
dataset.with_format("arrow").map(repair_batch, batched=True)                    # Hugging Face datasets
pyarrow.Table.from_batches(repair_batches(relation.to_arrow_reader()))          # DuckDB

For other arguments: `functools.partial(repair_batches, column="body", plan_column="plan")`; Spark then needs the plan's
column in the schema, too. Spark itself needs pandas for `mapInArrow`, and its workers this package: `PYSPARK_PYTHON` names
the Python that has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from mojibake_fix.records import SAFE, Policy
from mojibake_fix.repair import explain

if TYPE_CHECKING:
    import pyarrow as pa

Batch = TypeVar("Batch", "pa.Table", "pa.RecordBatch")


def repair_batch(batch: Batch, column: str = "text", *, plan_column: str | None = None, policy: Policy = SAFE) -> Batch:
    """Repair one column of a table or record batch.

    Args:
        batch: The table or batch; all its other columns are passed on.
        column: Name of a column of strings; nulls stay null.
        plan_column: Name of a column to add, with the plan as JSON where a value was changed and null elsewhere.
        policy: How far to go.

    Returns:
        A table or batch, as was given.

    Raises:
        KeyError: There is no such column.
        ValueError: There is a column of the name of the plan's already.

    >>> import pyarrow as pa
    >>> repair_batch(pa.table({"text": ["企業(yè)發(fā)展的動(dòng)力", None]}))["text"].to_pylist()
    ['企業發展的動力', None]
    """
    import pyarrow as pa

    number = batch.schema.get_field_index(column)
    if number < 0:
        raise KeyError(f"no column {column!r}; there are: {', '.join(batch.schema.names)}")
    if plan_column in batch.schema.names:
        raise ValueError(f"there is a column {plan_column!r} already; choose another name for the plans")
    repairs = [None if text is None else explain(text, policy) for text in batch.column(number).to_pylist()]
    field = batch.schema.field(number)
    texts = [None if repair is None else repair.text for repair in repairs]
    batch = batch.set_column(number, field, pa.array(texts, field.type))
    if plan_column is None:
        return batch
    plans = [repair.plan.to_json() if repair is not None and repair.changed else None for repair in repairs]
    return batch.append_column(plan_column, pa.array(plans, pa.string()))


def repair_batches(
    batches: Iterable[Batch], column: str = "text", *, plan_column: str | None = None, policy: Policy = SAFE
) -> Iterator[Batch]:
    """Repair one column of every batch, as `repair_batch` does: what Spark's `mapInArrow` takes.

    >>> import pyarrow as pa
    >>> [batch["text"].to_pylist() for batch in repair_batches(pa.table({"text": ["履職能力"]}).to_batches())]
    [['履職能力']]
    """
    for batch in batches:
        yield repair_batch(batch, column, plan_column=plan_column, policy=policy)
