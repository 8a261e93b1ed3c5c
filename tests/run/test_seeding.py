"""The demonstration clinic: every example becomes a patient whose pump runs what the case prescribes."""

import asyncio
import json
from pathlib import Path

import pytest

from thecal.adapters.keyring import WrongPassword, open_workstation
from thecal.adapters.link.credentials import ProgrammerKey, PumpKeyring
from thecal.adapters.memory_file import bank_paths, read_banks
from thecal.adapters.truth_file import read_truth
from thecal.bench.case import load_case
from thecal.device import Mode
from thecal.implant import replay
from thecal.run.child import Child, ChildPlan
from thecal.run.clock_file import read_clock
from thecal.run.data_folder import DataFolder, StartRefused
from thecal.run.demo_access import draw_access, read_access
from thecal.run.first_start import EXAMPLES, finish_interrupted, is_seeded, seed_in_own_process
from thecal.run.patient_label import CONSTANT_FLOW, read_label

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def seeded(tmp_path_factory):
    folder = DataFolder(tmp_path_factory.mktemp("seeded"))
    told = []
    asyncio.run(seed_in_own_process(folder, told.append))
    return folder, told


def test_every_example_is_a_patient_with_its_own_pump_keys_and_truth(seeded):
    folder, told = seeded
    cases = {path.read_text() for path in EXAMPLES.glob("*.toml")}
    assert len(cases) >= 6
    assert len(told) == len(folder.patient_folders()) == len(cases)
    for patient in folder.patient_folders():
        case = load_case(patient.case.read_text())
        begun = read_truth(patient.truth)
        assert begun.implantation.reservoir.volume_nl == case.reservoir.volume.count
        assert begun.implantation.path.is_balanced
        assert begun.records == ()
        if read_label(patient.label).kind == CONSTANT_FLOW:
            assert not any(bank.exists() for bank in bank_paths(patient.memory))
            assert not patient.keyring.exists()
            continue
        state = replay(read_banks(patient.memory)).state
        assert state.identity.serial == case.system.serial
        assert state.identity.patient_token == case.id
        assert state.reservoir.volume_nl == case.reservoir.volume.count
        assert state.program.mode is (Mode.STOPPED if case.therapy is None else case.therapy.mode)
        assert replay(read_banks(patient.manufactured)).state.strokes_total == 0


def test_keys_fit_their_pump_and_open_with_the_clinicians_password_only(seeded):
    folder, _ = seeded
    access = read_access(folder.access)
    workstation = open_workstation(access.password, folder.workstation.read_bytes())
    with pytest.raises(WrongPassword):
        open_workstation(draw_access().password, folder.workstation.read_bytes())
    for patient in folder.patient_folders():
        if not patient.keyring.exists():
            assert not (folder.clinic_keys / f"{patient.patient}.json").exists()
            continue
        keyring = PumpKeyring.from_document(json.loads(patient.keyring.read_text()))
        sealed = (folder.clinic_keys / f"{patient.patient}.json").read_bytes()
        keys = [
            ProgrammerKey.from_document(json.loads(workstation.open(patient.patient, sealed))),
            ProgrammerKey.from_document(json.loads((folder.handsets / f"{patient.patient}.json").read_text())),
        ]
        assert [key.role for key in keys] == ["physician", "patient"]
        assert all(key.pump == keyring.own.credential and key.serial == keyring.serial for key in keys)
        assert {peer.credential for peer in keyring.peers} == {key.own.credential for key in keys}
        assert keys[0].card_secret != keys[1].card_secret


def test_bench_time_begins_with_the_latest_case(seeded):
    folder, _ = seeded
    starts = [load_case(patient.case.read_text()).starts.epoch_ms for patient in folder.patient_folders()]
    assert read_clock(folder.clock).bench_ms == max(starts)


def test_passwords_differ_and_are_long_enough():
    drawn = {draw_access().password for _ in range(50)}
    assert len(drawn) == 50
    assert {len(password) for password in drawn} == {24}


def test_an_example_that_cannot_be_seeded_is_named_and_nothing_is_left(tmp_path):
    examples = tmp_path / "examples"
    examples.mkdir()
    (examples / "wrong.toml").write_text("id = 3\n")
    for where in (examples, tmp_path / "nowhere"):
        folder = DataFolder(tmp_path / "data")
        folder.root.mkdir(exist_ok=True)
        with pytest.raises(StartRefused, match=r"wrong\.toml|no example cases") as refused:
            asyncio.run(seed_in_own_process(folder, lambda _: None, where))
        assert "\n" not in str(refused.value)
        assert not is_seeded(folder)
        assert [path.name for path in folder.root.iterdir()] == ["logs"]


def test_an_interrupted_move_is_finished_and_an_unfinished_seeding_is_thrown_away(tmp_path):
    folder = DataFolder(tmp_path)
    beside = tmp_path / "seeding"
    (beside / "patients" / "alder").mkdir(parents=True)
    (beside / "clock.json").write_text("clock")
    finish_interrupted(folder)
    assert list(tmp_path.iterdir()) == []

    (beside / "patients" / "alder").mkdir(parents=True)
    (beside / "COMPLETE").touch()
    (tmp_path / "clock.json").write_text("moved before the interruption")
    finish_interrupted(folder)
    finish_interrupted(folder)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clock.json", "patients"]


def test_a_process_that_cannot_be_read_says_why(tmp_path):
    async def last_words():
        child = await Child.spawn(ChildPlan("broken", "thecal.run.nowhere", (), Path(tmp_path / "broken.log"), {}))
        status = await child.ended()
        return status, child.last_words()

    status, words = asyncio.run(last_words())
    assert status == 1
    assert "No module named thecal.run.nowhere" in words
