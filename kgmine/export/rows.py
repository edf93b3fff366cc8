"""Samples as files that people load: JSON lines with the whole record, and Parquet with one fixed schema."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from runtime.artefacts import dump, write_bytes, write_rows
from schemas.sample import Sample

PLAIN = ("id", "question", "answer", "answer_type", "answer_unit", "answer_value", "tolerance", "task", "provenance")
LISTS = ("answer_aliases", "choices", "modalities", "images", "fact_keys", "answer_entities")
AS_JSON = ("match", "derivation", "checks", "scores", "difficulty", "generator")
"""Nested fields whose keys differ from row to row travel as canonical JSON strings: one schema fits all rows."""


def write(samples: Sequence[Sample], data: Path, name: str) -> None:
    """`<name>.jsonl` and `<name>.parquet`; equal samples give equal bytes."""
    write_rows(data / f"{name}.jsonl", samples)
    write_bytes(data / f"{name}.parquet", parquet(samples))


def parquet(samples: Sequence[Sample]) -> bytes:
    """One row group, fixed schema, no metadata of a library's own."""
    import io

    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    own = any(item.property is not None for sample in samples for item in sample.evidence)
    table = pa.Table.from_pylist([_flat(sample) for sample in samples], schema=schema(own=own))
    pq.write_table(table, sink, compression="zstd", store_schema=False, row_group_size=1 << 20)
    return sink.getvalue()


def schema(*, own: bool = False) -> Any:
    """The Parquet schema of an export.

    Args:
        own: of a user's own graph: evidence names a property.
    """
    import pyarrow as pa

    text, texts = pa.string(), pa.list_(pa.string())
    evidence = pa.struct(
        [
            (key, text)
            for key in ("document", "path", "sheet", "cell", "node", "element", "kind", "modality", "text", "sha256")
            + (("property",) if own else ())
        ]
        + [("page", pa.int32()), ("box", pa.list_(pa.float64())), ("heading", texts)]
    )
    claim = pa.struct([(key, text) for key in ("variable", "property", "value", "surface")])
    context = pa.struct([(key, text) for key in ("element", "kind", "text")])
    return pa.schema(
        [(key, text) for key in PLAIN]
        + [(key, texts) for key in LISTS]
        + [("hops", pa.int32()), ("proved", pa.bool_()), ("rank", pa.int32()), ("leak_free", pa.bool_())]
        + [("evidence", pa.list_(evidence)), ("context", pa.list_(context)), ("claims", pa.list_(claim))]
        + [(key, text) for key in AS_JSON]
        + [(key, text) for key in ("split", "split_group", "license", "language")]
    )


def _flat(sample: Sample) -> dict[str, Any]:
    row = sample.model_dump(mode="json")
    flat = {name: row[name] for name in schema().names}
    flat.update({key: dump(row[key]) for key in AS_JSON})
    flat["evidence"] = [{**item, "box": item["box"] and list(item["box"])} for item in row["evidence"]]
    return flat
