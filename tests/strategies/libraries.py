"""Any drug library, and any list of soft limits passed."""

from __future__ import annotations

from hypothesis import strategies as st

from thecal.device import DrugLimits, Library, Limit, Limited, SoftLimit, bounds

from .numbers import names, within


@st.composite
def limits(draw: st.DrawFn, bound: bounds.Bound) -> Limit:
    lower, upper = sorted((draw(within(bound)), draw(within(bound))))
    return Limit(draw(st.none() | st.just(lower)), draw(st.none() | st.just(upper)))


drug_limits = st.builds(
    DrugLimits, names, limits(bounds.CONCENTRATION), limits(bounds.DAILY_DOSE), limits(bounds.DAILY_DOSE)
)
libraries = st.builds(
    Library,
    names,
    st.lists(drug_limits, max_size=3, unique_by=lambda one: one.drug).map(tuple),
    limits(bounds.PERCENT),
)
soft_limits = st.lists(
    st.builds(SoftLimit, names, st.sampled_from(Limited), within(bounds.COUNT), within(bounds.COUNT)), max_size=3
).map(tuple)
