"""Signatures of a workstation: whole file or nothing, the same certificate each time, judged by poppler too."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from lian_desk.adapters.drawing import paper_signature
from lian_desk.adapters.drawing.paper_signature import WorkstationSigner, certificate_of, find_signature, sign
from lian_desk.adapters.paper_forms.drawing import draw
from lian_desk.adapters.paper_forms.pressing import press_paper
from lian_desk.models.errors import EnvironmentProblem, ErrorCode
from lian_desk.models.rules.working_time import SHANGHAI
from tests.integration.paper_forms.samples import record

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2026, 9, 30, 17, 20, tzinfo=SHANGHAI)
OURS = WorkstationSigner(bytes(range(32)), "NJ01", AT - timedelta(days=100))
OTHERS = replace(OURS, seal_key=bytes(32), workstation_code="SH02")


@pytest.fixture(scope="module")
def signed() -> bytes:
    return sign(draw(record())[0], OURS, AT)


def test_a_signature_covers_the_whole_file_at_the_desk_s_time(signed: bytes) -> None:
    found = find_signature(signed, OURS)
    assert found is not None
    assert (found.signer, found.is_whole, found.is_ours) == ("lian_desk NJ01", True, True)
    assert found.signed_at == AT


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content + b"\n",
        lambda content: content + b"\n% something else\n%%EOF\n",
        lambda content: content[:2000] + bytes([content[2000] ^ 1]) + content[2001:],
        lambda content: content[:-200],
        lambda content: content.replace(b"/ByteRange", b"/ByteRangf", 1) + b"/ByteRange",
    ],
    ids=["a byte more", "another end", "one bit", "cut off", "the range renamed"],
)
def test_any_change_breaks_it(signed: bytes, change: object) -> None:
    found = find_signature(change(signed), OURS)  # type: ignore[operator]
    assert found is None or not found.is_whole


def test_an_update_that_a_reader_would_accept_is_refused(signed: bytes) -> None:
    from io import BytesIO

    from pyhanko.pdf_utils.generic import pdf_name
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(BytesIO(signed))
    writer.root[pdf_name("/PageMode")] = pdf_name("/UseOutlines")
    writer.update_root()
    target = BytesIO()
    writer.write(target)
    found = find_signature(target.getvalue(), OURS)
    assert found is not None
    assert not found.is_whole


def test_another_workstation_is_whole_but_not_ours(signed: bytes) -> None:
    found = find_signature(signed, OTHERS)
    assert found is not None
    assert (found.is_whole, found.is_ours, found.signer) == (True, False, "lian_desk NJ01")


def test_the_certificate_comes_out_the_same_and_holds_no_secret() -> None:
    first = certificate_of(OURS)
    paper_signature._certificate.cache_clear()
    assert certificate_of(OURS) == first
    assert first.startswith(b"-----BEGIN CERTIFICATE-----")
    assert certificate_of(OTHERS) != first
    assert OURS.seal_key.hex() not in repr(OURS)
    assert repr(OURS.seal_key) not in repr(OURS)


def test_a_file_without_a_signature_and_rubbish_are_told_apart() -> None:
    assert find_signature(draw(record())[0], OURS) is None
    rubbish = find_signature(b"%PDF-1.4 /ByteRange [0 1 2 3] %%EOF", OURS)
    assert rubbish is None or not rubbish.is_whole


def test_without_the_extra_papers_stay_unsigned_and_it_is_said(monkeypatch: pytest.MonkeyPatch, signed: bytes) -> None:
    monkeypatch.setattr(paper_signature, "can_sign", lambda: False)
    monkeypatch.setattr("lian_desk.adapters.paper_forms.pressing.can_sign", lambda: False)
    pressed = press_paper(record(), OURS)
    assert not pressed.is_signed
    assert pressed.content == pressed.unsigned
    for work in (lambda: sign(b"", OURS, AT), lambda: find_signature(signed, OURS)):
        with pytest.raises(EnvironmentProblem) as refused:
            work()
        assert refused.value.code is ErrorCode.SIGNING_UNAVAILABLE


def test_poppler_agrees(tmp_path: Path, signed: bytes) -> None:
    program = shutil.which("pdfsig")
    if program is None:
        assert find_signature(signed, OURS) is not None
        return
    (tmp_path / "s.pdf").write_bytes(signed)
    told = subprocess.run([program, "-nocert", str(tmp_path / "s.pdf")], capture_output=True, check=False).stdout
    assert b"Total document signed" in told
    assert b"Signature is Valid" in told
