"""Every exporter keeps the splits apart, the ids, and the order of a keyed hash."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from kgmine.export import Exporter, build, registry
from kgmine.export.students import write
from schemas.errors import UsageError
from schemas.sample import Sample
from tests.scoring.samples import sample
from training import recipe

TABLE = {"element": "t1", "kind": "table", "text": "River\tLength\nRhine\t1,233 km"}
SAMPLES = [
    sample(f"{split}{n}", split=split, rank=n, task=("value", "count")[n > 19], context=(TABLE,))
    for split, count in (("train", 40), ("dev", 5), ("test", 6))
    for n in range(count)
]


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def rows(out: Path, split: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "data" / f"{split}.jsonl").read_text(encoding="utf-8").splitlines()]


class ExporterContract:
    name: str

    def exporter(self, *overrides: str, **fields: Any) -> Exporter:
        return build(self.name, recipe=recipe.load(None, overrides), model="some/base", **fields)

    def export(self, tmp_path: Path, *overrides: str, samples: list[Sample] = SAMPLES, name: str = "out") -> Path:
        write(self.exporter(*overrides), samples, tmp_path / name, source=tmp_path)
        return tmp_path / name

    def test_each_split_has_its_file_and_every_sample_stands_in_that_of_its_split(self, tmp_path: Path) -> None:
        out = self.export(tmp_path)
        found = {split: {row["id"] for row in rows(out, split)} for split in ("train", "dev", "test")}
        assert found == {s: {x.id for x in SAMPLES if x.split == s} for s in ("train", "dev", "test")}

    def test_the_recipe_trains_on_the_training_split_and_never_reads_the_test_split(self, tmp_path: Path) -> None:
        text = (self.export(tmp_path) / "recipe.yaml").read_text(encoding="utf-8")
        assert "train" in text
        assert "dev" in text
        assert not any("test" in str(value) for value in yaml.safe_load(text).values())

    def test_rows_of_rank_and_task_are_shuffled_and_input_order_does_not_matter(self, tmp_path: Path) -> None:
        out, turned = self.export(tmp_path), self.export(tmp_path, samples=SAMPLES[::-1], name="turned")
        assert files(out) == files(turned)
        tasks = [row["task"] for row in rows(out, "train")]
        assert {"value", "count"} == set(tasks[:10])
        other = self.export(tmp_path, "seed=1", name="other")
        assert [r["id"] for r in rows(other, "train")] != [r["id"] for r in rows(out, "train")]

    def test_closed_book_no_row_holds_evidence_and_with_evidence_every_row_does(self, tmp_path: Path) -> None:
        closed, opened = self.export(tmp_path), self.export(tmp_path, "wording.evidence=true", name="opened")
        assert not any("1,233" in json.dumps(row) for row in rows(closed, "train"))
        assert all("1,233" in json.dumps(row) for row in rows(opened, "train"))

    def test_the_card_says_whether_the_splits_leak(self, tmp_path: Path) -> None:
        soft = [s.model_copy(update={"leak_free": False}) for s in SAMPLES]
        assert "Leak-free" in (self.export(tmp_path) / "README.md").read_text(encoding="utf-8")
        leaking = self.export(tmp_path, samples=soft, name="soft")
        assert "may leak" in (leaking / "README.md").read_text(encoding="utf-8")
        assert not any(row["leak_free"] for row in rows(leaking, "train"))

    def test_without_a_training_split_there_is_nothing_to_export(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="no row of split `train` to train on; splits of this export: test"):
            self.export(tmp_path, samples=[s for s in SAMPLES if s.split == "test"])

    def test_training_rows_are_the_recipes_slice_and_the_rest_has_reasons(self, tmp_path: Path) -> None:
        out = self.export(tmp_path, "slice.top=30", "slice.tasks=[value]")
        assert {row["id"] for row in rows(out, "train")} == {f"train{n}" for n in range(20)}
        assert len(rows(out, "test")) == 6
        left = [json.loads(line) for line in (out / "rejected.jsonl").read_text(encoding="utf-8").splitlines()]
        assert {row["item"]: row["check"] for row in left} == {f"train{n}": "tasks" for n in range(20, 40)}

    def test_own_rows_are_mixed_into_training_only(self, tmp_path: Path) -> None:
        own = tmp_path / "own.jsonl"
        own.write_text("".join(f'{{"question": "Q{n}?", "answer": "{n}"}}\n' for n in range(40)), encoding="utf-8")
        out = self.export(tmp_path, f"replay.rows={own}", "replay.share=0.2")
        origins = [row["origin"] for row in rows(out, "train")]
        assert (origins.count("own"), origins.count("sample")) == (10, 40)
        assert {row["origin"] for split in ("dev", "test") for row in rows(out, split)} == {"sample"}
        datasets = pytest.importorskip("datasets")
        assert len(datasets.load_dataset(str(out), cache_dir=str(tmp_path / "cache"))["train"]) == 50

    def test_an_earlier_export_is_replaced_and_a_foreign_folder_is_not(self, tmp_path: Path) -> None:
        out = self.export(tmp_path)
        self.export(tmp_path, samples=[s for s in SAMPLES if s.split != "dev"])
        assert not (out / "data" / "dev.jsonl").exists()
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / "thesis.tex").write_text("x", encoding="utf-8")
        with pytest.raises(UsageError, match="not empty, and not written by this command"):
            self.export(tmp_path, name="mine")
        with pytest.raises(UsageError, match="that is the export itself"):
            write(self.exporter(), SAMPLES, tmp_path, source=tmp_path)

    def test_datasets_loads_every_split_by_its_name(self, tmp_path: Path) -> None:
        datasets = pytest.importorskip("datasets")
        out = self.export(tmp_path, "wording.target=steps")
        loaded = datasets.load_dataset(str(out), cache_dir=str(tmp_path / "cache"))
        assert {name: split["id"] for name, split in loaded.items()} == {
            name: [row["id"] for row in rows(out, name)] for name in ("train", "dev", "test")
        }


class TestLlamaFactory(ExporterContract):
    name = "llamafactory"


class TestTrl(ExporterContract):
    name = "trl"


def test_no_exporter_lacks_a_contract() -> None:
    assert {kind.name for kind in ExporterContract.__subclasses__()} == set(registry())


def test_an_unknown_format_names_those_that_there_are() -> None:
    with pytest.raises(UsageError, match="--format csv: unknown; there are llamafactory, trl"):
        build("csv")
