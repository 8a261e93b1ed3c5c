"""Any number inside its bound, and any name."""

from __future__ import annotations

from hypothesis import strategies as st

from thecal.device import bounds


def within(bound: bounds.Bound) -> st.SearchStrategy[int]:
    """Numbers inside a bound, its ends often."""
    return st.sampled_from((bound.low, bound.high)) | st.integers(bound.low, bound.high)


names = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40)
