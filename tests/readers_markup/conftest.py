from __future__ import annotations

import pytest

from extraction.readers import reader_for


@pytest.fixture
def read(tmp_path):
    """Reads bytes or text as a file of the given name."""
    blobs = tmp_path / "blobs"
    blobs.mkdir()

    def _read(name, content, **files):
        folder = tmp_path / "corpus"
        folder.mkdir(exist_ok=True)
        for other, data in files.items():
            (folder / other).write_bytes(data)
        path = folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return reader_for(path).read(path, blobs)

    return _read


@pytest.fixture
def rows():
    """Texts of a table element, row by row."""

    def _rows(element):
        grid = element.grid
        table = [["" for _ in range(grid.n_cols)] for _ in range(grid.n_rows)]
        for cell in grid.cells:
            table[cell.row][cell.col] = cell.text
        return table

    return _rows
