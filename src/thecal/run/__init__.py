"""The composition root: wires adapters to rooms, patient processes, bench clock and sites; `thecal up`."""
