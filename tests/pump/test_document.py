"""The state table and the diagram in the documentation are those of the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from thecal.pump.controller.table_document import markdown, mermaid

DOCUMENT = Path(__file__).parents[2] / "docs" / "models" / "pump.md"


@pytest.mark.parametrize(
    ("printed", "begin", "end"),
    [
        (markdown, "<!-- generated: thecal.pump.controller.table_document.markdown() -->\n", "\n<!-- end -->"),
        (mermaid, "<!-- generated: thecal.pump.controller.table_document.mermaid() -->\n```mermaid\n", "\n```"),
    ],
)
def test_what_is_documented_is_what_the_code_prints(printed, begin, end):
    _, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(begin)
    documented, _, _ = rest.partition(end)
    assert documented == printed()
