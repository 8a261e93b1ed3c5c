"""First 24-hour doses: what label, consensus or site print for a patient, as one span.

Several authorities print a start. A dose is outside only when it is outside all of them: the span reaches from the
lowest to the highest. A site that names a start of its own is the only one that counts. PACC 2012 is superseded.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from thecal.catalogue.drugs import Authority, Drug, Start, Tolerance
from thecal.catalogue.quoted import Quoted, Span
from thecal.catalogue.sourced import CatalogueError, Confidence, Sourced
from thecal.quantities import DoseRate, Duration, Mass

_SUPERSEDED = (Authority.PACC_2012,)


def first_dose(drug: Drug, tolerance: Tolerance | None) -> Span[DoseRate] | None:
    """The first 24-hour dose for a patient of this tolerance (None: not known, so any of them may hold).

    A drug whose start follows from a screening dose starts between that of the weakest and that of the strongest.
    None when the library holds no start.
    """
    spans = [start.dose for start in _starts(drug, tolerance)] or list(_after_screening(drug))
    if not spans:
        return None
    low = min((span.low for span in spans), key=_amount)
    return Span(low, max((span.high for span in spans), key=_amount))


def naive_start(drug: Drug) -> Quoted[DoseRate] | None:
    """The highest first 24-hour dose for a patient without tolerance.

    Where the start follows from a screening dose, that of the weakest one: after a gap nobody has screened anew.
    None when the library holds no start.
    """
    weakest = next(_after_screening(drug), None)
    if weakest is not None and not _starts(drug, Tolerance.NAIVE):
        return weakest.high
    found = first_dose(drug, Tolerance.NAIVE)
    return None if found is None else found.high


def strictest_start(drug: Drug, tolerance: Tolerance | None) -> Quoted[DoseRate]:
    """The first 24-hour dose nobody calls too high: the lowest of the highest starts; unknown tolerance is none.

    Where the start follows from a screening dose, that of the strongest one, since the patient has been screened.
    Raises CatalogueError when the library holds no start: a site must name one.
    """
    printed = [start.dose.high for start in _starts(drug, tolerance or Tolerance.NAIVE)]
    screened = [span.high for span in _after_screening(drug)]
    if not printed and not screened:
        raise CatalogueError(f"{drug.display} has no published first dose: a site file must name one")
    return min(printed, key=_amount) if printed else max(screened, key=_amount)


def after_trial(drug: Drug, effective: Mass, lasted: Duration | None) -> Quoted[DoseRate] | None:
    """The first 24-hour dose that follows from an effective trial or screening dose; None where nobody prints a rule.

    ``lasted``: how long it worked. Where that decides and is not known, the smaller multiple holds.
    """
    rule = drug.start_from_trial
    if rule is None:
        return None
    long, longer = rule.long_effect, rule.multiple_after_long_effect
    if longer is not None and long is not None and (lasted is None or lasted > long.amount):
        return _per_day(effective, longer, drug)
    return _per_day(effective, rule.multiple, drug)


def _starts(drug: Drug, tolerance: Tolerance | None) -> tuple[Start, ...]:
    fitting = tuple(
        each
        for each in drug.starts
        if each.authority not in _SUPERSEDED and (tolerance is None or each.tolerance in (None, tolerance))
    )
    own = tuple(each for each in fitting if each.authority is Authority.SITE)
    closest = tuple(each for each in own if each.tolerance is not None and each.tolerance is tolerance)
    return closest or own or fitting


def _after_screening(drug: Drug) -> Iterator[Span[DoseRate]]:
    """From each screening dose, weakest first: per day as much as after a long effect, up to the full multiple."""
    rule = drug.start_from_trial
    if rule is None:
        return
    least = rule.multiple if rule.multiple_after_long_effect is None else rule.multiple_after_long_effect
    for dose in drug.screening:
        yield Span(_per_day(dose.amount, least, drug), _per_day(dose.amount, rule.multiple, drug))


def _per_day(dose: Mass, multiple: Quoted[Fraction], drug: Drug) -> Quoted[DoseRate]:
    """As many times the dose per day, rounded down."""
    unit = f"{drug.dose_unit}/day"
    amount = DoseRate(int(dose.count * multiple.amount))
    words = f"{multiple.origin.source}; trial dose {dose.text_in(drug.dose_unit)}"
    return Quoted(amount, Sourced(amount.decimal_in(unit), unit, words, Confidence.DERIVED))


def _amount(quoted: Quoted[DoseRate]) -> DoseRate:
    return quoted.amount
