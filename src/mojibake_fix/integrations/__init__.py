"""Where the library meets its hosts, one file each; a host is imported only by its own file.

| file | host | what it gives |
| --- | --- | --- |
| `arrow` | Spark `mapInArrow`, Ray, Hugging Face `datasets`, DuckDB | `repair_batch`, `repair_batches` |
| `scrapy` | Scrapy | an item pipeline |
| `datatrove` | datatrove | a pipeline step |
"""
