"""One patient as a process: ``python -m thecal.run.patient_process FOLDER``.

It says where it stands, is told the bench time at which power is here, and then follows the grants, serving the
link between their slices. It imports no numerics and no site: many of these run at once.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from thecal.adapters.link.credentials import BadKeyDocument, PumpKeyring
from thecal.adapters.truth_file import TruthDamaged, TruthWriter, fluid_from, read_truth
from thecal.column import SALINE
from thecal.fluid import Act, NeedleAct
from thecal.implant import MemoryOfAnotherVersion
from thecal.run.data_folder import PatientFolder, StartRefused
from thecal.run.hosted import Hosted, HostedConstantFlow, HostedImplant, write_keyring
from thecal.run.lifeline import die_with_parent
from thecal.run.patient_label import read_label
from thecal.run.pipe import SupervisorPipe
from thecal.run.true_path import TruePath

SAY_EVERY_S = 0.5  # on a long way, so that a busy process is not taken for a dead one


def hosted_from(folder: PatientFolder) -> Hosted:
    """The patient of this folder, standing where its files end. Raises StartRefused, TruthDamaged, OSError."""
    label = read_label(folder.label)
    so_far = read_truth(folder.truth)
    true = TruePath(so_far, TruthWriter.open(folder.truth))
    if label.flow_nl_per_day is not None:
        return HostedConstantFlow(true, label.flow_nl_per_day)
    return HostedImplant(folder, true, so_far.implantation.from_ms)


async def follow(folder: PatientFolder, hosted: Hosted, pipe: SupervisorPipe) -> None:
    """Live until the supervisor ends the pipe."""
    pipe.tell({"stands_at": hosted.at_ms})
    first = await pipe.hear()
    if first is None:
        return
    if "power_back" in first:
        hosted.power_back(first["power_back"])
    else:
        hosted.begin(first["begin"])
    server = None
    if isinstance(hosted, HostedImplant):
        from thecal.adapters.link.pump_server import PumpServer

        keyring = PumpKeyring.from_document(json.loads(folder.keyring.read_text(encoding="ascii")))
        server = await PumpServer.start(keyring, hosted.handle, on_handshake=write_keyring(folder.keyring))
    udp_port = None if server is None else server.port

    def say() -> None:
        pipe.tell({"at": hosted.at_ms, "udp_port": udp_port, "strokes": hosted.strokes})

    say()
    while (message := await pipe.hear()) is not None:
        if "advance" in message:
            await _advance(hosted, message["advance"], say)
            say()
        else:
            pipe.tell({"needle": message["needle"], **_needle(hosted, message["act"])})
    if isinstance(hosted, HostedConstantFlow):
        hosted.write_outflow()
    if server is not None:
        await server.stop()


async def _advance(hosted: Hosted, to_ms: int, say: Any) -> None:
    said_s = time.monotonic()
    for _ in hosted.advance(to_ms):
        await asyncio.sleep(0)  # the link is served here
        if time.monotonic() - said_s > SAY_EVERY_S:
            say()
            said_s = time.monotonic()


def _needle(hosted: Hosted, fields: Mapping[str, Any]) -> dict[str, object]:
    """What a needle found. A withdrawal names ``volume_nl``; a filling also ``fluid``, as in the truth record."""
    if isinstance(hosted, HostedConstantFlow):
        hosted.write_outflow()
    try:
        act = Act(fields["act"])
        fluid = fluid_from(fields["fluid"]) if act is Act.FILL else SALINE
        volume_nl = fields["volume_nl"]
        if type(volume_nl) is not int or volume_nl < 0:
            raise ValueError("volume")
    except (KeyError, ValueError, AttributeError):
        return {"refused": "a needle act is withdraw or fill, with volume_nl, and fluid when it fills"}
    moved_nl = hosted.true.needle(NeedleAct(hosted.at_ms, act, volume_nl, fluid))
    return {"found": {"volume_nl": moved_nl}}


def main(arguments: list[str]) -> int:
    """Host the patient of one folder."""
    die_with_parent()
    pipe = SupervisorPipe()
    folder = PatientFolder(Path(arguments[0]))
    try:
        asyncio.run(follow(folder, hosted_from(folder), pipe))
    except (StartRefused, TruthDamaged, MemoryOfAnotherVersion, BadKeyDocument) as refused:
        pipe.tell({"failed": str(refused)})
        return 2
    except OSError as error:
        pipe.tell({"failed": f"{error.filename or folder.path}: {error.strerror}"})
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
