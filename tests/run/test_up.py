"""`thecal up` as a user meets it: it starts, is found again, stops within 3 s, and leaves nobody behind."""

import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.running import (
    STOPPED_WITHIN_S,
    command,
    control_folder,
    free_ports,
    nobody_left,
    processes_of,
    refused,
    started,
)
from thecal.adapters.control import RoomControl
from thecal.adapters.memory_file import bank_paths, read_banks
from thecal.implant import replay
from thecal.run.checks import check_everything
from thecal.run.clock_file import read_clock
from thecal.run.data_folder import DataFolder, StartRefused

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def seeded(tmp_path_factory):
    """A data folder after its first start and a clean stop, and what was printed then."""
    data = tmp_path_factory.mktemp("seeded") / "data"
    with started(data) as running:
        printed = running.printed
        assert running.stop()[0] == 0
    return data, printed


@pytest.fixture
def data(seeded, tmp_path):
    """A copy of the seeded folder, for this test alone."""
    return Path(shutil.copytree(seeded[0], tmp_path / "data"))


def test_the_first_start_tells_where_to_go_and_how_to_sign_in_and_stop(seeded):
    data, printed = seeded
    password = DataFolder(data).access.read_text().split()[-1]
    for told in ("Physician programmer", "Patient programmers", "Patient's room", password, "Stop with Ctrl-C"):
        assert told in printed
    assert "not a medical device" in printed


def test_secrets_are_their_owners_alone(seeded):
    data, _ = seeded
    folder = DataFolder(data)
    private = [folder.access, folder.workstation, *folder.clinic_keys.iterdir(), *folder.handsets.iterdir()]
    private += [patient.keyring for patient in folder.patient_folders() if patient.keyring.exists()]
    assert len(private) > 10
    assert [path for path in private if path.stat().st_mode & 0o077] == []
    clinic_keys = b"".join(path.read_bytes() for path in folder.clinic_keys.iterdir())
    assert b"thecal programmer key" not in clinic_keys


def test_ctrl_c_stops_everything_within_three_seconds_and_leaves_nobody(data):
    with started(data) as running:
        assert len(processes_of(data)) > 3
        status, took_s = running.stop()
    assert (status, processes_of(data)) == (0, [])
    assert took_s < STOPPED_WITHIN_S


def test_ctrl_c_works_where_the_starting_shell_ignored_it(data):
    ignoring = (
        sys.executable,
        "-c",
        "import os, signal, sys; signal.signal(2, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])",
    )
    with started(data, prefix=ignoring) as running:
        status, took_s = running.stop()
    assert (status, processes_of(data)) == (0, [])
    assert took_s < STOPPED_WITHIN_S


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGHUP])
def test_other_ways_to_ask_for_an_end_are_as_clean(data, signal_number):
    with started(data) as running:
        assert running.stop(signal_number)[0] == 0
    assert processes_of(data) == []


def test_killed_outright_it_leaves_nobody_and_starts_again(data):
    with started(data) as running:
        doors = control_folder(data)
        running.process.kill()
        running.process.wait()
        assert nobody_left(data)
    with started(data) as running:
        assert running.page(running.ports[0]) == 200
        assert control_folder(data) == doors, "what the killed one left behind is cleared away"
        assert running.stop()[0] == 0
    assert not doors.exists()


def test_interrupted_while_it_seeds_it_leaves_no_half_clinic(tmp_path):
    data = tmp_path / "data"
    process = subprocess.Popen(command(data, free_ports()), stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        if "Demo Patient" in line:
            break
    process.send_signal(signal.SIGINT)
    process.stdout.read()
    process.stdout.close()
    assert process.wait(10) == 0
    assert sorted(path.name for path in data.iterdir()) == ["lock", "logs"]


def test_the_same_patients_are_found_in_the_same_state(data):
    folder = DataFolder(data)

    def states():
        return {
            patient.patient: replay(read_banks(patient.memory)).state
            for patient in folder.patient_folders()
            if patient.keyring.exists()
        }

    before, clock = states(), read_clock(folder.clock)
    with started(data) as running:
        assert "seeding" not in running.printed
        assert running.stop()[0] == 0
    after = states()
    assert read_clock(folder.clock).bench_ms >= clock.bench_ms
    assert after.keys() == before.keys()
    for patient, state in after.items():
        assert state.program == before[patient].program
        assert state.log == before[patient].log, "a stop is not a loss of power"


def test_time_can_be_moved_and_power_cut_from_the_room_while_sites_are_served(data):
    with started(data) as running:
        assert [running.page(port) for port in running.ports[:1]] == [200]
        room = RoomControl(str(next(control_folder(data).glob("room.sock"))))
        began = room.state()
        room.jump(6 * 3_600_000)
        patient = next(each.patient for each in began.patients if each.kind == "programmable")
        while room.state().jump is not None:
            time.sleep(0.05)
        room.cut_power(patient)
        while not room.state().patient(patient).on:
            time.sleep(0.05)
        state = room.state()
        assert running.stop()[0] == 0
    assert state.bench_utc_ms >= began.bench_utc_ms + 6 * 3_600_000
    assert all(each.on for each in state.patients)


def test_a_second_start_on_the_same_data_is_refused_in_one_line(data):
    with started(data) as running:
        status, told = refused(data)
        assert running.stop()[0] == 0
    assert status == 2
    assert told.count("\n") == 1
    assert "another `thecal up`" in told


def test_a_port_that_is_taken_is_told_in_one_line_and_nothing_is_started(tmp_path):
    ports = free_ports()
    for taken in ports:
        with socket.create_server(("127.0.0.1", taken)):
            status, told = refused(tmp_path / "data", ports)
        assert (status, told.count("\n")) == (2, 1)
        assert f"port {taken}" in told
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["lock"]


def test_a_disk_that_is_full_while_it_seeds_is_told_in_one_line_and_leaves_no_half_clinic(tmp_path):
    data = tmp_path / "data"
    limited = ["bash", "-c", 'ulimit -f 100 && exec "$@"', "bash", *command(data, free_ports())]
    ended = subprocess.run(limited, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert "the clinic's database" in ended.stderr
    assert "cannot be written" in ended.stderr
    assert sorted(path.name for path in data.iterdir()) == ["lock", "logs"]


def test_a_data_folder_that_cannot_be_written_is_told_in_one_line():
    status, told = refused("/proc/thecal")
    assert (status, told.count("\n")) == (2, 1)
    assert "cannot write to the data folder" in told


@pytest.mark.parametrize(
    ("damaged", "told_of"),
    [
        ("clock.json", "clock file"),
        ("clinic/clinic.sqlite3", "database"),
        ("patients/*/truth.log", "truth.log"),
        ("patients/*/patient.json", "patient.json"),
        ("patients/*/keyring.json", "keyring.json"),
        ("secrets/clinic.secret", "clinic.secret"),
        ("demo-access.txt", "demo-access.txt"),
    ],
)
def test_a_damaged_file_is_told_in_one_line_and_nothing_is_started(data, damaged, told_of):
    path = next(data.glob(damaged))
    content = bytearray(path.read_bytes())
    content[: min(40, len(content))] = b"\xff" * min(40, len(content))
    path.write_bytes(content)
    logs = {log: log.stat().st_mtime_ns for log in (data / "logs").iterdir()}
    status, told = refused(data)
    assert (status, told.count("\n")) == (2, 1)
    assert told_of in told
    assert processes_of(data) == []
    assert {log: log.stat().st_mtime_ns for log in (data / "logs").iterdir()} == logs
    assert path.read_bytes() == content


NEEDED = (
    *("clock.json", "demo-access.txt", "clinic/clinic.sqlite3", "clinic/workstation.json", "clinic/keys/*.json"),
    *("patients/*/patient.json", "patients/*/case.toml", "patients/*/keyring.json"),
    "patients/*/truth.log",
)


@pytest.mark.parametrize("harm", ["emptied", "garbled", "removed"])
@pytest.mark.parametrize("needed", NEEDED)
def test_no_start_without_any_of_the_files_it_needs(data, needed, harm):
    path = next(data.glob(needed))
    if harm == "removed":
        path.unlink()
    else:
        path.write_bytes(b"" if harm == "emptied" else b"\xff\x00 garbage {" * 20)
    with pytest.raises(StartRefused) as refused_with:
        check_everything(DataFolder(data), False)
    assert path.name in str(refused_with.value)
    assert "\n" not in str(refused_with.value)


@pytest.mark.parametrize("harm", ["emptied", "garbled", "removed"])
@pytest.mark.parametrize("memory", ["memory", "manufactured"])
def test_no_start_without_a_pump_memory_in_either_bank(data, memory, harm):
    patient = next(each for each in DataFolder(data).patient_folders() if each.keyring.exists())
    for bank in bank_paths(getattr(patient, memory)):
        if harm == "removed":
            bank.unlink()
        else:
            bank.write_bytes(b"" if harm == "emptied" else b"\xff\x00 garbage {" * 20)
    with pytest.raises(StartRefused, match=rf"{memory}\.bin") as refused_with:
        check_everything(DataFolder(data), False)
    assert "\n" not in str(refused_with.value)


@pytest.mark.parametrize("bank", [0, 1])
def test_one_emptied_copy_of_the_pump_as_manufactured_leaves_the_other(data, bank):
    patient = next(each for each in DataFolder(data).patient_folders() if each.keyring.exists())
    as_manufactured = replay(read_banks(patient.manufactured)).state
    bank_paths(patient.manufactured)[bank].write_bytes(b"")
    check_everything(DataFolder(data), False)
    assert replay(read_banks(patient.manufactured)).state == as_manufactured


@pytest.mark.parametrize("harm", ["garbled", "removed"])
@pytest.mark.parametrize("bank", [0, 1])
def test_no_start_with_a_bad_copy_of_the_pump_as_manufactured(data, bank, harm):
    patient = next(each for each in DataFolder(data).patient_folders() if each.keyring.exists())
    path = bank_paths(patient.manufactured)[bank]
    path.unlink() if harm == "removed" else path.write_bytes(b"\xff\x00 garbage {" * 20)
    with pytest.raises(StartRefused, match=r"manufactured\.bin"):
        check_everything(DataFolder(data), False)


def test_one_bad_bank_is_no_reason_not_to_start(data):
    patient = next(each for each in DataFolder(data).patient_folders() if each.keyring.exists())
    stands = read_banks(patient.memory)
    older = bank_paths(patient.memory)[1 - replay(stands).bank]
    content = older.read_bytes()
    older.write_bytes(content[:100] + b"\xff" * 40 + content[140:])
    check_everything(DataFolder(data), False)
    assert replay(read_banks(patient.memory)).corrected


def test_no_start_when_the_pump_remembers_less_than_truly_left_it(data):
    """A memory that was cut short at the end of a record is whole by itself; what truly happened betrays it."""
    patient = next(each for each in DataFolder(data).patient_folders() if each.keyring.exists())
    with patient.truth.open("ab") as truth:
        truth.write(b"S 1800000000000\n")
    with pytest.raises(StartRefused, match=r"memory\.bin.* remembers \d+ strokes, and \d+ truly left it"):
        check_everything(DataFolder(data), False)
    check_everything(DataFolder(data), True)


def test_with_a_damaged_memory_the_pump_itself_stops_and_alarms(data):
    patient = next(each for each in DataFolder(data).patient_folders() if each.keyring.exists())
    bank = bank_paths(patient.memory)[replay(read_banks(patient.memory)).bank]
    content = bytearray(bank.read_bytes())
    content[-1] ^= 1
    bank.write_bytes(content)
    status, told = refused(data)
    assert (status, told.count("\n")) == (2, 1)
    assert "pump memory" in told
    kept = bank.with_name(f"{bank.name}.damaged-1")
    assert not kept.exists()
    ports = free_ports()
    process = subprocess.Popen([*command(data, ports), "--with-damaged-memory"], stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        if "Ctrl-C" in line:
            break
    process.send_signal(signal.SIGINT)
    process.stdout.read()
    process.stdout.close()
    assert process.wait(10) == 0
    state = replay(read_banks(patient.memory)).state
    assert state.fault is not None
    assert state.fault.standing
    assert kept.read_bytes() == content
