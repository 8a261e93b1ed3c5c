"""The state table in the documentation is the one in the code."""

from __future__ import annotations

from pathlib import Path

from thecal.pump.controller.table import markdown

DOCUMENT = Path(__file__).parents[2] / "docs" / "models" / "pump.md"
BEGIN = '<!-- generated: python -c "from thecal.pump.controller.table import markdown; print(markdown())" -->\n'
END = "\n<!-- end -->"


def test_the_documented_table_is_the_table_of_the_code():
    _, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    table, _, _ = rest.partition(END)
    assert table == markdown()
