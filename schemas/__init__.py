"""Rows that cross a disk or a floor. Pydantic only, no I/O; every row is frozen and refuses unknown fields.

Notation used everywhere:
    box     (x0, y0, x1, y1) in points, origin top-left of the page, x0 <= x1 and y0 <= y1
    page    1-based
    id      hex digest of meaning (never of time or order of arrival), see `kg.graph.ids`
    normal  the normal form of a surface string, see `kg.values.name.normal`
"""
