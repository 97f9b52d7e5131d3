"""The store: nothing in clear on the disk, nothing half written, damage and exchange noticed."""

import errno
import hashlib
import io
import os
import shutil
from pathlib import Path
from threading import Event
from typing import Any

import pyrage
import pytest

from lian_desk.adapters.storage import material_store, vault
from lian_desk.adapters.storage.material_store import MaterialStore
from lian_desk.adapters.storage.vault import Cancelled, Vault, Watch
from lian_desk.models.errors import EnvironmentProblem, ErrorCode, RuleViolation
from tests.material_corpus import MARKER, pdf

CONTENT = pdf(3)
NAME = hashlib.sha256(CONTENT).hexdigest()


def everything_under(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_what_is_kept_comes_back_and_lies_sealed(store: MaterialStore) -> None:
    kept = store.keep(CONTENT)
    path = store.path_of(kept.sha256)
    assert (kept.sha256, kept.size, kept.is_new) == (NAME, len(CONTENT), True)
    assert path.parent.name + path.name == f"{NAME}.age"
    assert kept.sealed_sha256 == hashlib.sha256(path.read_bytes()).hexdigest() == store.sealed_checksum(NAME)
    assert store.fetch(NAME) == CONTENT
    assert MARKER.encode() not in everything_under(store.folder)
    assert path.read_bytes().startswith(b"age-encryption.org/v1")


def test_a_path_and_a_stream_are_kept_alike(store: MaterialStore, tmp_path: Path) -> None:
    source = tmp_path / "scan.pdf"
    source.write_bytes(CONTENT)
    first = store.keep(source)
    second = store.keep(io.BytesIO(CONTENT))
    assert first.is_new
    assert not second.is_new
    assert first.sealed_sha256 == second.sealed_sha256
    assert list(store.names()) == [NAME]


def test_a_damaged_file_is_replaced_by_the_good_copy(store: MaterialStore) -> None:
    store.keep(CONTENT)
    store.path_of(NAME).write_bytes(b"rotten")
    assert store.keep(CONTENT).is_new
    assert store.fetch(NAME) == CONTENT


@pytest.mark.parametrize("place", [0, 30, 170, 400, -1])
def test_every_flipped_bit_is_noticed(store: MaterialStore, place: int) -> None:
    store.keep(CONTENT)
    path = store.path_of(NAME)
    damaged = bytearray(path.read_bytes())
    damaged[place] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(EnvironmentProblem) as problem:
        store.fetch(NAME)
    assert problem.value.code is ErrorCode.MATERIAL_DAMAGED


@pytest.mark.parametrize("kept", [0, 10, 200, -1])
def test_a_cut_file_is_noticed(store: MaterialStore, kept: int) -> None:
    store.keep(CONTENT)
    path = store.path_of(NAME)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(EnvironmentProblem) as problem:
        store.fetch(NAME)
    assert problem.value.code is ErrorCode.MATERIAL_DAMAGED


def test_a_swapped_file_is_noticed(store: MaterialStore) -> None:
    store.keep(CONTENT)
    other = store.keep(pdf(1, text="another"))
    store.path_of(other.sha256).replace(store.path_of(NAME))
    with pytest.raises(EnvironmentProblem) as problem:
        store.fetch(NAME)
    assert problem.value.code is ErrorCode.MATERIAL_SWAPPED


def test_a_missing_file_and_another_key(store: MaterialStore, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem) as problem:
        store.fetch(NAME)
    assert problem.value.code is ErrorCode.MATERIAL_MISSING
    store.keep(CONTENT)
    stranger = MaterialStore(store.folder, str(pyrage.x25519.Identity.generate()))
    with pytest.raises(EnvironmentProblem) as problem:
        stranger.fetch(NAME)
    assert problem.value.code is ErrorCode.MATERIAL_DAMAGED


def test_a_recovery_recipient_opens_every_file(tmp_path: Path, identity: str) -> None:
    recovery = pyrage.x25519.Identity.generate()
    store = MaterialStore(tmp_path / "m", identity, recovery_recipients=[str(recovery.to_public())])
    store.keep(CONTENT)
    assert store.fetch(NAME) == CONTENT
    assert pyrage.decrypt(store.path_of(NAME).read_bytes(), [recovery]) == CONTENT


def test_empty_and_too_large_are_refused_before_reading(tmp_path: Path, identity: str) -> None:
    store = MaterialStore(tmp_path / "m", identity, size_limit=1024 * 1024)
    sparse = tmp_path / "sparse.pdf"
    with sparse.open("wb") as stream:
        stream.truncate(2 * 1024**3)
    (tmp_path / "empty.pdf").touch()
    for source, code in (
        (tmp_path / "empty.pdf", ErrorCode.MATERIAL_EMPTY),
        (b"", ErrorCode.MATERIAL_EMPTY),
        (io.BytesIO(), ErrorCode.MATERIAL_EMPTY),
        (sparse, ErrorCode.MATERIAL_TOO_LARGE),
        (io.BytesIO(bytes(1024 * 1024 + 1)), ErrorCode.MATERIAL_TOO_LARGE),
        (tmp_path / "absent.pdf", ErrorCode.MATERIAL_UNREADABLE),
        (tmp_path, ErrorCode.MATERIAL_UNREADABLE),
    ):
        with pytest.raises(RuleViolation) as refusal:
            store.keep(source)
        assert refusal.value.code is code
    assert list(store.names()) == []
    assert not list(store.folder.glob("*.part")) if store.folder.is_dir() else True


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_is_not_waited_for(store: MaterialStore, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pdf")
    with pytest.raises(RuleViolation) as refusal:
        store.keep(tmp_path / "pipe.pdf")
    assert refusal.value.code is ErrorCode.MATERIAL_UNREADABLE


def test_progress_and_cancel(store: MaterialStore) -> None:
    content = os.urandom(3 * 1024 * 1024)
    seen: list[tuple[int, int]] = []
    store.keep(content, Watch(progress=lambda done, total: seen.append((done, total))))
    assert seen[-1] == (len(content), len(content))
    assert [done for done, _total in seen] == sorted(done for done, _total in seen)

    stop = Event()
    other = os.urandom(3 * 1024 * 1024)
    with pytest.raises(Cancelled):
        store.keep(other, Watch(progress=lambda done, _total: stop.set() if done > 500_000 else None, cancel=stop))
    assert list(store.names()) == [hashlib.sha256(content).hexdigest()]
    assert not list(store.folder.glob("*.part"))


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, ErrorCode.DISK_FULL), (errno.EROFS, ErrorCode.FOLDER_READ_ONLY)],
)
def test_the_disk_says_no(store: MaterialStore, monkeypatch: pytest.MonkeyPatch, number: int, code: ErrorCode) -> None:
    real = vault.Vault.seal

    class Failing:
        def __init__(self, inner: Any) -> None:
            self.inner = inner

        def write(self, content: bytes) -> int:
            raise OSError(number, os.strerror(number))

    def seal(self: Vault, source: Any, target: Any, watch: Watch) -> Any:
        return real(self, source, Failing(target), watch)

    monkeypatch.setattr(material_store.Vault, "seal", seal)
    with pytest.raises(EnvironmentProblem) as problem:
        store.keep(CONTENT)
    assert problem.value.code is code
    assert list(store.names()) == []
    assert not list(store.folder.glob("*.part"))


def test_intake_stops_before_the_disk_is_full(store: MaterialStore, monkeypatch: pytest.MonkeyPatch) -> None:
    real = shutil.disk_usage(store.folder.parent)
    nearly_full = real._replace(free=material_store.LEAST_FREE + len(CONTENT) - 1)
    monkeypatch.setattr(material_store.shutil, "disk_usage", lambda _folder: nearly_full)
    with pytest.raises(EnvironmentProblem) as problem:
        store.keep(CONTENT)
    assert problem.value.code is ErrorCode.DISK_FULL
    monkeypatch.setattr(material_store.shutil, "disk_usage", lambda _folder: real)
    assert store.keep(CONTENT).is_new


def test_an_unreadable_source_is_its_own_refusal(store: MaterialStore) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(errno.EIO, "gone")

    with pytest.raises(RuleViolation) as refusal:
        store.keep(Broken())
    assert refusal.value.code is ErrorCode.MATERIAL_UNREADABLE


def test_no_name_from_outside_becomes_a_path(store: MaterialStore) -> None:
    for name in ("../../etc/passwd", "", "a" * 63, "A" * 64, "g" * 64):
        with pytest.raises(ValueError, match="checksum"):
            store.path_of(name)


def test_strangers_orphans_and_setting_aside(store: MaterialStore, tmp_path: Path) -> None:
    store.keep(CONTENT)
    (store.folder / "notes.txt").write_text("left here", encoding="utf-8")
    (store.folder / "unfinished.part").touch()
    assert [path.name for path in store.strangers()] == ["notes.txt"]
    store.set_aside(NAME, tmp_path / "quarantine")
    assert list(store.names()) == []
    assert (tmp_path / "quarantine" / f"{NAME}.age").is_file()


def test_memory_stays_flat(store: MaterialStore, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    source = tmp_path / "large.bin"
    with source.open("wb") as stream:
        for _ in range(120):
            stream.write(os.urandom(1024 * 1024))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    store.keep(source)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 64 * 1024


def test_a_target_that_fails_at_the_very_end_is_said_so(store: MaterialStore) -> None:
    """The key library does not tell of the last write: half a copy must not pass for a whole one."""

    class FullTarget:
        def write(self, content: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    for content in (b"small", bytes(3 * 1024 * 1024 + 17)):
        sha256 = store.keep(content).sha256
        with pytest.raises(OSError, match="No space"):
            store.fetch_into(sha256, FullTarget())


def test_a_good_copy_takes_the_place_of_another_valid_file_under_its_name(store: MaterialStore) -> None:
    """A file exchanged for another one that opens just as well is not what somebody hands in again."""
    other = store.keep(b"another paper")
    wanted = hashlib.sha256(b"the paper").hexdigest()
    place = store.path_of(wanted)
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(store.path_of(other.sha256).read_bytes())
    kept = store.keep(b"the paper")
    assert kept.is_new
    assert store.fetch(wanted) == b"the paper"


def test_a_new_seal_needs_its_room_too(store: MaterialStore, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = store.keep(b"x" * 1000)
    before = store.path_of(kept.sha256).read_bytes()
    real = shutil.disk_usage

    def nearly_full(folder: Path) -> Any:
        return real(folder)._replace(free=material_store.LEAST_FREE + 999)

    monkeypatch.setattr(shutil, "disk_usage", nearly_full)
    with pytest.raises(EnvironmentProblem) as caught:
        store.reseal(kept.sha256)
    assert caught.value.code is ErrorCode.DISK_FULL
    assert store.path_of(kept.sha256).read_bytes() == before
    assert list(store.folder.glob("*.part")) == []


def exchanged(store: MaterialStore) -> str:
    """Return the name of a paper in whose place another valid file lies."""
    other, wanted = store.keep(b"another paper"), store.keep(b"the paper")
    store.path_of(wanted.sha256).write_bytes(store.path_of(other.sha256).read_bytes())
    return wanted.sha256


def test_an_exchanged_file_is_not_sealed_anew_under_the_wrong_name(store: MaterialStore) -> None:
    name = exchanged(store)
    before = store.path_of(name).read_bytes()
    with pytest.raises(EnvironmentProblem) as caught:
        store.reseal(name)
    assert caught.value.code is ErrorCode.MATERIAL_SWAPPED
    assert store.path_of(name).read_bytes() == before
    assert list(store.folder.glob("*.part")) == []


def test_what_was_set_aside_before_stays(store: MaterialStore, tmp_path: Path) -> None:
    quarantine = tmp_path / "quarantine"
    for content in (b"first bad one", b"second bad one"):
        name = store.keep(CONTENT).sha256
        store.path_of(name).write_bytes(content)
        store.set_aside(name, quarantine)
    assert {path.read_bytes() for path in quarantine.iterdir()} == {b"first bad one", b"second bad one"}


def opens(store: MaterialStore, name: str, content: bytes) -> ErrorCode | None:
    store.path_of(name).write_bytes(content)
    try:
        store.open_parts(name).close()
    except EnvironmentProblem as problem:
        return problem.code
    return None


def test_a_file_read_in_parts_is_cut_or_changed_in_its_head_and_says_so_at_once(store: MaterialStore) -> None:
    name = store.keep(bytes(200_000)).sha256
    whole = store.path_of(name).read_bytes()
    assert opens(store, name, whole) is None
    for cut in (1, 17, 65_552, len(whole) - 300):
        assert opens(store, name, whole[:-cut]) is ErrorCode.MATERIAL_DAMAGED
    end = whole.index(b"\n--- ")
    stanza = whole[whole.index(b"\n-> ") + 1 : end + 1]
    for changed in (
        # one more recipient written into the head, the same one twice, another seal of the head
        whole[: end + 1] + stanza + whole[end + 1 :],
        whole[: end + 1] + b"-> grease x\nAAAA\n" + whole[end + 1 :],
        whole[: end + 5] + (b"A" if whole[end + 5 : end + 6] != b"A" else b"B") + whole[end + 6 :],
    ):
        assert opens(store, name, changed) is ErrorCode.MATERIAL_DAMAGED
