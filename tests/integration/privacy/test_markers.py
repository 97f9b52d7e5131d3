"""Marked people go through the desk, accepted and refused; nothing of them lies anywhere in clear."""

import logging
import os
import tempfile
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lian_desk.adapters.keys.password_wrap import PasswordCost
from lian_desk.adapters.keys.unlocking import by_password
from lian_desk.adapters.machine.clock import FixedClock
from lian_desk.models.errors import DeskError, EnvironmentProblem
from lian_desk.models.vocabulary import Certainty, Channel, HistoryKind, Knownness
from lian_desk.services.assistance_files.assistance_files import (
    AddHistory,
    AddNote,
    ChangePhone,
    DiseaseInput,
    HistoryInput,
    OpenAssistanceFile,
)
from lian_desk.services.commands.commands import Command
from lian_desk.services.desk.desk import Desk
from lian_desk.services.hospitals.hospital_list import TakeInHospitalList, seed_hospitals
from lian_desk.services.reference_data.diseases import load_disease_list
from lian_desk.services.search.global_search import find
from lian_desk.services.service_requests.applications import RecordApplication
from lian_desk.services.words.wording import sentence
from lian_desk.services.workspace.workspace import NewWorkspace, create_workspace, open_workspace
from tests.desk_facts import authorization, guardian, opening, person, policy
from tests.desk_fixture import MONDAY
from tests.desk_world import World, identity_number

NAME, GUARDIAN, NEED = "欧阳瓊瑤", "尉遲瓊琚", "瓊字記號之需求"
NOTE, DRAFT, HISTORY = "瓊字記號之评估", "瓊字記號之草稿", "瓊字記號之病史"
PHONE, OTHER_PHONE, POLICY = "13971936284", "13971936285", "ZQMARK7719362"
CHILD = identity_number(date(2015, 7, 19), 637)
PARENT = identity_number(date(1981, 3, 27), 919)
PASSWORD = "瓊字记号的密码 7719"
DIAGNOSIS = "瓊字記號之诊断依据"
MARKERS = (
    NAME,
    GUARDIAN,
    NEED,
    NOTE,
    DRAFT,
    HISTORY,
    PHONE,
    OTHER_PHONE,
    POLICY,
    CHILD,
    PARENT,
    PASSWORD,
    DIAGNOSIS,
)


def spellings(marker: str) -> set[bytes]:
    """Return the marker as it might lie in a file."""
    texts = {marker, marker[::-1], unicodedata.normalize("NFD", marker)}
    return {text.encode(code) for text in texts for code in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")}


def hits(folder: Path) -> list[str]:
    """Return the files below ``folder`` that hold a marker, in their bytes or in their name."""
    wanted = {marker: spellings(marker) for marker in MARKERS}
    found = []
    for path in folder.rglob("*"):
        if path.is_symlink() or not path.is_file():
            continue
        content = path.name.encode() + b"\n" + path.read_bytes()
        found += [
            f"{path.name}: {marker}" for marker, texts in wanted.items() if any(text in content for text in texts)
        ]
    return found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(scratch))
    monkeypatch.setattr(tempfile, "tempdir", None)
    folder = tmp_path / "workspace"
    cheap = PasswordCost(memory_kib=64, passes=1, lanes=1)
    create_workspace(folder, NewWorkspace("林岚", "NJ01", PASSWORD, cost=cheap), MONDAY)
    return folder


def test_the_search_for_markers_finds_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(f"x{PHONE[::-1]}y", encoding="utf-16-le")
    (tmp_path / f"{POLICY}.txt").write_bytes(b"")
    assert sorted(hits(tmp_path)) == [f"{POLICY}.txt: {POLICY}", f"a.log: {PHONE}"]


def test_no_marker_lies_in_clear_anywhere(
    folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    said: list[str] = []
    with pytest.raises(EnvironmentProblem) as locked:
        open_workspace(folder, by_password(PASSWORD[:-1] + "X"), MONDAY)
    said += told(locked.value)
    opened = open_workspace(folder, by_password(PASSWORD), MONDAY)
    desk = Desk(opened, FixedClock(MONDAY))
    desk.execute(TakeInHospitalList(command_id=desk.new_id(), hospitals=seed_hospitals()[:5]))
    said += work(World(desk, desk, desk.clock))  # type: ignore[arg-type]
    opened.backup(MONDAY)
    live = [*hits(folder), *hits(tmp_path / "scratch")]
    desk.close()
    assert live == []
    assert hits(tmp_path) == []
    out, err = capfd.readouterr()
    everything = "\n".join([*said, caplog.text, out, err, *os.environ.values()])
    assert [marker for marker in MARKERS if marker in everything] == []
    assert said


def work(world: World) -> list[str]:
    """Use the desk with marked values; return everything that refusals said."""
    child = opening(
        world,
        person=person(name=NAME, identity_number=CHILD, phone=PHONE),
        policy=policy(world.desk, policy_number=POLICY, policyholder_name=GUARDIAN),
        guardian=guardian(name=GUARDIAN, identity_number=PARENT, phone=OTHER_PHONE),
        diseases=(
            DiseaseInput(load_disease_list().diseases[0].code, Certainty.CONFIRMED, date(2026, 9, 1), DIAGNOSIS),
        ),
    )
    file_id = world.run(OpenAssistanceFile, **child)
    message = {"channel": Channel.WECOM, "received_at": MONDAY, "contact_name": NAME, "need_text": NEED}
    world.run(RecordApplication, **message, contact_handle=PHONE)
    history = HistoryInput(HistoryKind.CONDITION, Knownness.KNOWN, HISTORY)
    world.run(AddHistory, assistance_file_id=file_id, items=(history,))
    world.run(AddNote, assistance_file_id=file_id, title=NOTE, text=DIAGNOSIS)
    world.desk.drafts.save("open_file", {"name": NAME, "text": DRAFT})
    assert len(find(world.desk, NAME)) == 1
    twin_policy = child | {"person": person(name=NAME, identity_number=identity_number(date(2015, 7, 19), 639))}
    refused: list[tuple[type[Command], dict[str, Any]]] = [
        (OpenAssistanceFile, child),
        (OpenAssistanceFile, twin_policy),
        (OpenAssistanceFile, child | {"person": person(name=NAME + "🌸", identity_number=CHILD)}),
        (OpenAssistanceFile, child | {"person": person(name=NAME, identity_number=CHILD[:-1])}),
        (OpenAssistanceFile, child | {"authorization": authorization(world, signer_name=NAME)}),
        (AddNote, {"assistance_file_id": file_id, "title": NOTE * 40, "text": ""}),
        (ChangePhone, {"assistance_file_id": file_id, "phone": PHONE + "0"}),
        (RecordApplication, message | {"channel": Channel.PHONE}),
    ]
    said: list[str] = []
    for order, values in refused:
        with pytest.raises(DeskError) as caught:
            world.desk.execute(order(command_id=world.desk.new_id(), **values))
        said += told(caught.value)
    return said


def told(error: DeskError) -> list[str]:
    """Return all that an error says of itself: text, parameters, sentence, and the causes behind it."""
    parts = [str(error), repr(error), repr(error.parameters), sentence(error)]
    cause = error.__cause__ or error.__context__
    while cause is not None:
        parts += [str(cause), repr(cause)]
        cause = cause.__cause__ or cause.__context__
    return parts
