"""What a constant-flow pump lets out: one flow for life, as far as temperature and pressure leave it alone."""

from __future__ import annotations

from thecal.hydraulics import Conditions, Drive, ElasticDrive, flow_ratio

MS_PER_DAY = 86_400_000


def true_flow_nl_per_day(
    label_nl_per_day: int, drive: Drive | ElasticDrive, now: Conditions, baseline: Conditions
) -> int:
    """The flow under these conditions, to the nearest nL/day; at the baseline it is the flow on the label.

    Raises ValueError when the drive does not push at the baseline.
    """
    return round(label_nl_per_day * flow_ratio(drive, now, baseline))


def outflow_nl(flow_nl_per_day: int, from_ms: int, to_ms: int) -> int:
    """Whole nL let out between two moments of bench time.

    Counted from bench time zero, so that any division of a stretch of time gives the same sum. Raises ValueError when
    time runs backwards.
    """
    if to_ms < from_ms:
        raise ValueError("time does not run backwards")
    return flow_nl_per_day * to_ms // MS_PER_DAY - flow_nl_per_day * from_ms // MS_PER_DAY
