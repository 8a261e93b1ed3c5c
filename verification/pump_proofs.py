"""The layers of proof: theorems by induction (z3), and contracts of real functions (CrossHair)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from verification.pump_contracts import CONTRACTS, CONTROL
from verification.pump_tally import Tally
from verification.record import ROOT

SECONDS_PER_CONTRACT = 30
CONFIRMED, NOT_REFUTED = "Confirmed over all paths", "Not confirmed"


def theorems(first: int, last: int) -> Tally:
    """Try the theorems of these numbers, from 1. Needs z3."""
    from verification.pump_solver import THEOREMS, proved

    proofs = [proved(theorem) for theorem in THEOREMS[first - 1 : last]]
    return Tally(sum(proof.holds for proof in proofs), tuple(proof.name for proof in proofs if not proof.holds))


def contracts(first: int, last: int) -> Tally:
    """Check the contracts of these numbers, from 1; one more than there are is the control, which must be refuted."""
    done, failures, words = 0, [], []
    for contract in (*CONTRACTS, CONTROL)[first - 1 : last]:
        said = _checked(contract.__name__)
        if contract is CONTROL:
            if CONFIRMED in said or NOT_REFUTED in said:
                failures.append(f"{contract.__name__} is wrong and was not refuted")
            continue
        done += 1
        if CONFIRMED in said:
            words.append("1 confirmed over all paths")
        elif NOT_REFUTED in said:
            words.append(f"not refuted within {SECONDS_PER_CONTRACT} s: {contract.__name__}")
        else:
            failures.append(f"{contract.__name__}: {said.strip().splitlines()[-1:]}")
    return Tally(done, tuple(failures), "; ".join(words))


def _checked(name: str) -> str:
    command = [str(Path(sys.executable).parent / "crosshair"), "check", "--report_all", "--analysis_kind=PEP316"]
    command += [f"--per_condition_timeout={SECONDS_PER_CONTRACT}", f"verification.pump_contracts.{name}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr
