import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_stations_are_measured_on_a_small_graph_with_a_hub(tmp_path):
    steps = ["read", "snapshot", "ladybug-raw", "ladybug"]
    call = [sys.executable, "-m", "benchmarks.graph", "--nodes", "2000", "--results", str(tmp_path), "--steps", *steps]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = json.loads((tmp_path / "graph.json").read_text())["rows"]
    hub = next(row for row in rows if row["step"].startswith("query"))
    edges = next(row for row in rows if row["step"] == "files to tables")["rows"] - 2000
    assert hub["rows"] >= 0.1 * edges
    assert [row["step"] for row in rows if row["cpu_ratio"]] == ["files to Ladybug"]
