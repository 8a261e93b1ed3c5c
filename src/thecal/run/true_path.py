"""The fluid path of one patient, kept up to date with the record of what happens to it."""

from __future__ import annotations

from dataclasses import replace

from thecal.adapters.truth_file import TruthSoFar, TruthWriter
from thecal.fluid import Act, FluidPath, NeedleAct, Stroke, TruthRecord, play


class TruePath:
    """Writes each thing down as it happens. Strokes are summed up, exactly, when somebody looks."""

    def __init__(self, so_far: TruthSoFar, writer: TruthWriter) -> None:
        self._stroke_nl = so_far.implantation.stroke_nl
        self._path = so_far.implantation.path
        self._writer = writer
        self._strokes = 0
        self.last_ms = so_far.implantation.from_ms
        for record in so_far.records:
            self._take(record)

    @property
    def path(self) -> FluidPath:
        """Reservoir and line as they truly are."""
        if self._strokes:
            self._path, _ = self._path.strokes(self._strokes, self._stroke_nl)
            self._strokes = 0
        return self._path

    def happened(self, record: TruthRecord) -> None:
        """Write it down, then let it be so. Raises OSError."""
        self._writer.append(record)
        self._take(record)

    def needle(self, wanted: NeedleAct) -> int:
        """Carry out what a needle wants to do; how much was really moved, in nL. Raises OSError."""
        path = self.path
        if wanted.act is Act.WITHDRAW:
            _, moved_nl = path.withdraw(wanted.volume_nl)
            fluid = path.reservoir.fluid
        else:
            _, moved_nl = path.fill(wanted.volume_nl, wanted.fluid)
            fluid = wanted.fluid
        self.happened(replace(wanted, volume_nl=moved_nl, fluid=fluid))
        return moved_nl

    def close(self) -> None:
        """Let go of the file."""
        self._writer.close()

    def _take(self, record: TruthRecord) -> None:
        self.last_ms = record.at_ms
        if isinstance(record, Stroke):
            self._strokes += 1
        else:
            self._path, _ = play(self.path, record, self._stroke_nl)
