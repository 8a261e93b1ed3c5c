"""How long fluid takes through a tube."""

from __future__ import annotations

MS_PER_DAY = 86_400_000


def transit_ms(volume_nl: int, flow_nl_per_day: int) -> float:
    """Time for plug flow through this volume, in ms. At therapeutic rates the front is sharp to 1-3 % of the volume.

    Raises ValueError for no flow or a negative volume.
    """
    if flow_nl_per_day <= 0 or volume_nl < 0:
        raise ValueError("transit needs a flow above zero and a volume that is not negative")
    return volume_nl * MS_PER_DAY / flow_nl_per_day
