"""Envelope, password and demo wraps: what opens, what does not, and what a tampered file leads to."""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lian_desk.adapters.disk.durable_files import pending_file, write_durably
from lian_desk.adapters.keys.envelope import (
    LARGEST_BYTES,
    Envelope,
    WorkspaceIdentity,
    Wrap,
    envelope_bytes,
    open_wrap,
    read_envelope,
    seal_keys,
    write_envelope,
)
from lian_desk.adapters.keys.password_wrap import PasswordCost, open_by_password, wrap_by_password
from lian_desk.adapters.keys.throw_away_wrap import open_throw_away, wrap_throw_away
from lian_desk.adapters.keys.unlocking import by_throw_away_key, has_password, is_remembered, opens_by_itself
from lian_desk.adapters.keys.workspace_keys import WorkspaceKeys
from lian_desk.models.errors import EnvironmentProblem, ErrorCode

CHEAP = PasswordCost(memory_kib=64, passes=1, lanes=1)
KEYS = WorkspaceKeys.generate()
PASSWORD = "correct horse battery"


def identity(*, is_demo: bool = False) -> WorkspaceIdentity:
    return WorkspaceIdentity("ab" * 16, "NJ01", is_demo, KEYS.database.mark.hex(), datetime(2026, 11, 20, tzinfo=UTC))


def sealed(password: str = PASSWORD) -> Envelope:
    return Envelope(identity(), (wrap_by_password(identity(), KEYS, password, CHEAP),))


def same(keys: WorkspaceKeys) -> bool:
    return keys.to_bytes() == KEYS.to_bytes()


def code_of(act: Callable[[], object]) -> ErrorCode:
    with pytest.raises(EnvironmentProblem) as caught:
        act()
    return caught.value.code


def rewritten(path: Path, change: Callable[[dict[str, Any]], object]) -> Envelope:
    """What is read after somebody changed the fields of an envelope's file."""
    fields = json.loads(envelope_bytes(sealed()))
    change(fields)
    path.write_text(json.dumps(fields), encoding="utf-8")
    return read_envelope(path)


def test_an_envelope_comes_back_from_the_disk_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "envelope.json"
    write_envelope(path, sealed())
    envelope = read_envelope(path)
    assert envelope.identity == identity()
    assert same(open_by_password(envelope, PASSWORD))
    assert (has_password(envelope), is_remembered(envelope), opens_by_itself(envelope)) == (True, False, False)
    assert [file.name for file in tmp_path.iterdir()] == ["envelope.json"]


def test_the_default_cost_is_the_one_of_the_plan() -> None:
    assert PasswordCost() == PasswordCost(memory_kib=65536, passes=3, lanes=4)


@given(st.text(min_size=8, max_size=40))
def test_any_password_of_any_script_opens_its_own_envelope(password: str) -> None:
    try:
        envelope = sealed(password)
    except EnvironmentProblem as problem:
        # some signs melt into fewer when they are made comparable
        assert problem.code is ErrorCode.PASSWORD_TOO_SHORT  # noqa: PT017
        return
    assert same(open_by_password(envelope, password))
    assert code_of(lambda: open_by_password(envelope, password + "x")) is ErrorCode.PASSWORD_WRONG


@pytest.mark.parametrize("password", ["", "1234567", "短", "ﬃ"])
def test_no_wrap_is_made_under_a_password_that_is_too_short(password: str) -> None:
    assert code_of(lambda: wrap_by_password(identity(), KEYS, password, CHEAP)) is ErrorCode.PASSWORD_TOO_SHORT


def test_each_wrap_is_salted_anew() -> None:
    first, second = sealed().wraps[0], sealed().wraps[0]
    assert first.fields["salt"] != second.fields["salt"]
    assert first.sealed != second.sealed


@pytest.mark.parametrize("field", ["database_id", "workstation_code"])
def test_a_wrap_moved_to_another_identity_does_not_open(tmp_path: Path, field: str) -> None:
    envelope = rewritten(tmp_path / "e.json", lambda fields: fields.update({field: "XX"}))
    assert code_of(lambda: open_by_password(envelope, PASSWORD)) is ErrorCode.PASSWORD_WRONG


def test_the_fields_and_the_kind_of_a_wrap_are_bound_to_it() -> None:
    """A key that fits is no key to a wrap whose fields or kind somebody changed."""
    key = bytes(32)
    wrap = seal_keys(identity(), "keyring", {"entry": "x"}, key, KEYS)
    opened = open_wrap(identity(), wrap, key)
    assert opened is not None
    assert same(opened)
    for changed in (
        replace(wrap, fields={"entry": "y"}),
        replace(wrap, fields={**wrap.fields, "more": 1}),
        replace(wrap, kind="password"),
    ):
        assert open_wrap(identity(), changed, key) is None


@pytest.mark.parametrize(
    "changes",
    [{"database_id": "cd" * 16}, {"workstation_code": "NJ02"}, {"is_demo": True}, {"key_mark": "00" * 16}],
)
def test_a_wrap_is_bound_to_its_workspace(changes: dict[str, Any]) -> None:
    wrap = seal_keys(identity(), "keyring", {}, bytes(32), KEYS)
    assert open_wrap(replace(identity(), **changes), wrap, bytes(32)) is None


def test_keys_of_another_database_are_no_keys_of_this_workspace() -> None:
    wrap = seal_keys(identity(), "keyring", {}, bytes(32), WorkspaceKeys.generate())
    assert open_wrap(identity(), wrap, bytes(32)) is None


def test_an_envelope_beyond_all_size_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "e.json"
    path.write_bytes(envelope_bytes(sealed()) + b" " * LARGEST_BYTES)
    assert code_of(lambda: read_envelope(path)) is ErrorCode.ENVELOPE_DAMAGED


@pytest.mark.parametrize(
    "change",
    [
        lambda fields: fields.pop("wraps"),
        lambda fields: fields.pop("database_id"),
        lambda fields: fields.update(format="other"),
        lambda fields: fields.update(version="1"),
        lambda fields: fields.update(created_at="2026-11-20T00:00:00"),
        lambda fields: fields.update(key_mark="xyz"),
        lambda fields: fields["wraps"][0].pop("nonce"),
        lambda fields: fields["wraps"][0].update(nonce="AAAA"),
        lambda fields: fields["wraps"][0].update(sealed="not base 64"),
        lambda fields: fields.update(wraps=[3]),
    ],
)
def test_a_malformed_envelope_is_named(tmp_path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    assert code_of(lambda: rewritten(tmp_path / "e.json", change)) is ErrorCode.ENVELOPE_DAMAGED


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]", b"null", b"[" * 100_000, b" " * 300_000])
def test_a_file_that_is_no_envelope_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "e.json"
    path.write_bytes(content)
    assert code_of(lambda: read_envelope(path)) is ErrorCode.ENVELOPE_DAMAGED


def test_an_envelope_of_a_newer_program_is_named(tmp_path: Path) -> None:
    found = code_of(lambda: rewritten(tmp_path / "e.json", lambda fields: fields.update(version=2)))
    assert found is ErrorCode.ENVELOPE_TOO_NEW


@pytest.mark.parametrize(
    "bad",
    [
        {"memory_kib": 2**31},
        {"memory_kib": 1},
        {"passes": 10**6},
        {"lanes": 0},
        {"kdf": "md5"},
        {"salt": "AAAA"},
        {"salt": 7},
        {"passes": None},
    ],
)
def test_costs_beyond_reason_are_refused_before_anything_is_reckoned(tmp_path: Path, bad: dict[str, object]) -> None:
    envelope = rewritten(tmp_path / "e.json", lambda fields: fields["wraps"][0].update(bad))
    assert code_of(lambda: open_by_password(envelope, PASSWORD)) is ErrorCode.ENVELOPE_DAMAGED


def test_ways_that_this_version_does_not_know_are_kept(tmp_path: Path) -> None:
    later = Wrap("recovery_code", {"hint": "第 1 张"}, bytes(12), b"sealed elsewhere")
    path = tmp_path / "e.json"
    write_envelope(path, sealed().with_wrap(later))
    changed = read_envelope(path).with_wrap(wrap_by_password(identity(), KEYS, "another password", CHEAP))
    write_envelope(path, changed)
    found = read_envelope(path).wrap_of("recovery_code")
    assert found is not None
    assert (found.fields, found.nonce, found.sealed) == (later.fields, later.nonce, later.sealed)
    assert same(open_by_password(read_envelope(path), "another password"))


def test_a_demo_carries_its_own_key_and_a_real_one_never_does() -> None:
    demo = identity(is_demo=True)
    envelope = Envelope(demo, (wrap_throw_away(demo, KEYS),))
    assert same(by_throw_away_key()(envelope))
    assert opens_by_itself(envelope)
    assert code_of(lambda: wrap_throw_away(identity(), KEYS)) is ErrorCode.THROW_AWAY_REFUSED
    assert code_of(lambda: open_throw_away(sealed())) is ErrorCode.THROW_AWAY_REFUSED
    assert code_of(lambda: open_by_password(envelope, PASSWORD)) is ErrorCode.PASSWORD_NOT_SET


@pytest.mark.parametrize("key", ["AAAA", None, "not base 64", "A" * 43 + "="])
def test_a_demo_with_a_changed_key_is_damaged(key: str | None) -> None:
    demo = identity(is_demo=True)
    wrap = wrap_throw_away(demo, KEYS)
    changed = Envelope(demo, (Wrap(wrap.kind, {"wrapping_key": key}, wrap.nonce, wrap.sealed),))
    assert code_of(lambda: open_throw_away(changed)) is ErrorCode.ENVELOPE_DAMAGED


def test_nothing_shows_the_keys_in_words() -> None:
    shown = f"{KEYS!r} {KEYS.database!r} {sealed()!r} {sealed().wraps[0]!r}"
    assert not any(
        secret in shown for secret in (KEYS.database.secret.hex(), KEYS.seal_key.hex(), KEYS.file_identity, PASSWORD)
    )


@pytest.mark.parametrize("content", [b"", b"{}", b'{"database": "00", "files": "", "seal": ""}', b"[1]"])
def test_sealed_bytes_that_are_no_keys_are_damage(content: bytes) -> None:
    assert code_of(lambda: WorkspaceKeys.from_bytes(content)) is ErrorCode.ENVELOPE_DAMAGED


def test_a_pending_file_takes_no_place_that_is_taken(tmp_path: Path) -> None:
    """Neither a file of that name nor where a link points to is written over."""
    there = tmp_path / "there"
    there.write_bytes(b"mine")
    with pytest.raises(FileExistsError), pending_file(there):
        pass
    assert there.read_bytes() == b"mine"
    if sys.platform != "win32":
        link = tmp_path / "link"
        link.symlink_to(tmp_path / "elsewhere")
        with pytest.raises(FileExistsError), pending_file(link):
            pass
        assert not (tmp_path / "elsewhere").exists()


def test_what_a_crash_left_beside_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "e.json.new").write_bytes(b"half")
    write_durably(tmp_path / "e.json", b"whole")
    assert [path.name for path in tmp_path.iterdir()] == ["e.json"]
    assert (tmp_path / "e.json").read_bytes() == b"whole"


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "taken"
    path.mkdir()
    (path / "inside").write_bytes(b"old")
    with pytest.raises(OSError, match="taken"):
        write_durably(path, b"new")
    assert [file.name for file in tmp_path.iterdir()] == ["taken"]
    assert (path / "inside").read_bytes() == b"old"
