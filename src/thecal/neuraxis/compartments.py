"""Which compartments there are and where each stands in the state vector."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layout:
    """Positions in the state vector: five chains along the canal, then single compartments, then what follows.

    All but the followers are amounts in ng. ``excreted`` collects everything that has left the body. Followers are
    delayed concentrations in ng/mL: they read the body and give nothing back.
    """

    cells: int
    cord_cells: int
    third_plasma: int  # 1 when the drug has a third plasma compartment, else 0
    lagged_cord: int  # number of delayed effect sites along the cord: 0 or ``cord_cells``
    lagged_plasma: int  # 1 when the supraspinal site follows plasma with a delay, else 0

    @property
    def _along(self) -> int:
        return 3 * self.cells + 2 * self.cord_cells

    @property
    def csf(self) -> slice:
        """CSF cells, from head to foot."""
        return slice(0, self.cells)

    @property
    def cord_outer(self) -> slice:
        """Outer layer of the cord."""
        return slice(self.cells, self.cells + self.cord_cells)

    @property
    def cord_inner(self) -> slice:
        """Inner layer of the cord, with the dorsal horn."""
        return slice(self.cord_outer.stop, self.cord_outer.stop + self.cord_cells)

    @property
    def epidural(self) -> slice:
        """Epidural fluid."""
        return slice(self.cord_inner.stop, self.cord_inner.stop + self.cells)

    @property
    def fat(self) -> slice:
        """Epidural fat."""
        return slice(self.epidural.stop, self.epidural.stop + self.cells)

    @property
    def cisterna(self) -> int:
        """Cisterna magna and basal cisterns."""
        return self._along

    @property
    def cranial(self) -> int:
        """CSF of the cranial subarachnoid space."""
        return self._along + 1

    @property
    def brainstem(self) -> int:
        """Brainstem tissue."""
        return self._along + 2

    @property
    def brain(self) -> int:
        """Brain tissue."""
        return self._along + 3

    @property
    def gut(self) -> int:
        """Gut, for a dose by mouth."""
        return self._along + 4

    @property
    def plasma(self) -> int:
        """Central plasma compartment."""
        return self._along + 5

    @property
    def peripheral(self) -> slice:
        """One or two peripheral compartments of the body."""
        return slice(self._along + 6, self.core)

    @property
    def core(self) -> int:
        """How many compartments hold drug inside the body; they come first in the vector."""
        return self._along + 7 + self.third_plasma

    @property
    def excreted(self) -> int:
        """Everything that has left the body."""
        return self.core

    @property
    def cord_followers(self) -> slice:
        """Delayed effect sites of the inner cord; empty when the effect is not delayed."""
        return slice(self.core + 1, self.core + 1 + self.lagged_cord)

    @property
    def plasma_followers(self) -> slice:
        """The supraspinal site that follows unbound plasma; empty when the drug has none."""
        return slice(self.size - self.lagged_plasma, self.size)

    @property
    def size(self) -> int:
        """Length of the whole state vector."""
        return self.core + 1 + self.lagged_cord + self.lagged_plasma

    def names(self) -> tuple[str, ...]:
        """A name for each position, for tables and messages."""
        chains = (
            ("csf", self.cells),
            ("cord outer", self.cord_cells),
            ("cord inner", self.cord_cells),
            ("epidural", self.cells),
            ("fat", self.cells),
        )
        along = [f"{chain} {cell}" for chain, length in chains for cell in range(length)]
        single = ["cisterna", "cranial", "brainstem", "brain", "gut", "plasma", "peripheral 1", "peripheral 2"]
        following = [f"effect site {cell}" for cell in range(self.lagged_cord)] + ["effect site plasma"]
        return tuple(
            along + single[: 7 + self.third_plasma] + ["excreted"] + following[: self.lagged_cord + self.lagged_plasma]
        )
