"""What the constant-flow calculator is given, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from thecal.catalogue.drug_terms import Authority, Situation
from thecal.documents import About
from thecal.quantities import Concentration, DoseRate, Duration, FlowRate, Instant, Volume
from thecal.therapy.constant_flow import Flag
from thecal.therapy.due import Due
from thecal.therapy.prescribed import DrugIn


@dataclass(frozen=True, slots=True)
class Interval:
    """From one refill to the next."""

    filled: Annotated[Volume, About("injected at its beginning")]
    returned: Annotated[Volume, About("drawn out at its end")]
    began: Annotated[Instant, About("when it was filled")]
    ended: Annotated[Instant, About("when it was emptied")]


@dataclass(frozen=True, slots=True)
class CircumstanceIn:
    """Something that is coming; what is left out is as where the patient lives."""

    name: Annotated[str, About("what is coming, such as a week in the mountains")]
    temperature_degc: Annotated[Decimal | None, About("temperature of the pump in degC", 20, 45)] = None
    altitude_m: Annotated[int | None, About("height in m; in a cabin that of the cabin", -430, 11_000)] = None
    depth_cm: Annotated[int | None, About("depth under the sea in cm", 0, 10_000)] = None
    back_pressure_mmhg: Annotated[int | None, About("pressure in the spinal canal in mmHg", 0, 200)] = None
    lasts: Annotated[Duration | None, About("how long; if left out it goes on until the refill")] = None


@dataclass(frozen=True, slots=True)
class ConstantFlowInputs:
    """A pump that is filled now: what flowed before, what goes in, and what is wanted of it."""

    pump: Annotated[str, About("constant-flow pump model of the catalogue")]
    fluid: Annotated[tuple[DrugIn, ...], About("drugs of the fluid it held, primary drug first")]
    filled: Annotated[Volume, About("injected now")]
    filled_at: Annotated[Instant, About("when")]
    kind: Annotated[Situation, About("which fill of this drug it is")] = Situation.LATER
    intervals: Annotated[tuple[Interval, ...], About("intervals before, oldest first")] = ()
    label_flow: Annotated[FlowRate | None, About("flow on the label of this very pump")] = None
    daily_dose: Annotated[DoseRate | None, About("wanted 24-hour dose of the primary drug")] = None
    stock: Annotated[Concentration | None, About("strength of the primary drug's stock; saline thins it")] = None
    residual: Annotated[Volume | None, About("what could not be drawn out; the model's own if left out")] = None
    propellant: Annotated[str | None, About("propellant of the catalogue to reckon with")] = None
    lives_at_m: Annotated[int, About("height in m where the patient lives", -430, 11_000)] = 0
    circumstances: Annotated[tuple[CircumstanceIn, ...], About("what is coming")] = ()
    longest_interval: Annotated[Duration | None, About("longest interval; the clinic's own if left out")] = None


@dataclass(frozen=True, slots=True)
class Measured:
    """The flow of one interval, rounded up, against the label."""

    flow: FlowRate
    ratio: Fraction
    asks: Flag


@dataclass(frozen=True, slots=True)
class Change:
    """The fluid for the wanted dose. ``inject`` is stronger or weaker than ``concentration`` by what is still inside.

    ``stock`` and ``saline`` None: no stock was named. ``prepared`` holds what fills the set as well.
    """

    concentration: Concentration
    gives: DoseRate
    inject: Concentration
    prepared: Volume
    stock: Volume | None
    saline: Volume | None


@dataclass(frozen=True, slots=True)
class Highest:
    """The highest 24-hour dose at the working flow within one limit of concentration, rounded down."""

    authority: Authority | None  # None: the stock
    dose: DoseRate


@dataclass(frozen=True, slots=True)
class Under:
    """Flow and dose of the primary drug under one circumstance, against where the patient lives; both rounded up.

    ``extra``: the share of a day's dose that is given more while it lasts, below 0 for less; None when it goes on.
    """

    name: str
    share: Fraction
    flow: FlowRate
    dose: DoseRate
    extra: Fraction | None


@dataclass(frozen=True, slots=True)
class ConstantFlow:
    """Everything about one fill. ``change`` None: no dose was wanted, or none is feasible and a REFUSE says why.

    ``most_flow``: what the date is reckoned with. ``usual``: circumstances of the catalogue; ``coming``: those told.
    """

    measured: tuple[Measured, ...]
    flow: FlowRate
    most_flow: FlowRate
    doses: tuple[DoseRate, ...]  # of the fluid it held, rounded down
    change: Change | None
    lowest: DoseRate | None  # of a drug that does not keep below a strength
    highest: tuple[Highest, ...]
    due: Due
    empty: Instant | None
    usual: tuple[Under, ...]
    coming: tuple[Under, ...]
