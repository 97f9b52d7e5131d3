"""The library of education: whole, in bounds, and offered to whom it is written for."""

from __future__ import annotations

import pytest

from lian_desk.models.vocabulary import ServiceKind
from lian_desk.services.follow_ups.note_wording import HintKind, hints_for
from lian_desk.services.reference_data.diseases import load_disease_list
from lian_desk.services.reference_data.education_texts import EducationPhase, load_education_texts, texts_in_order
from lian_desk.services.rules.rule_packs import load_rule_pack


def test_codes_and_topics_are_unique_and_sources_are_named() -> None:
    texts = load_education_texts()
    assert len({text.code for text in texts}) == len({text.topic for text in texts}) == len(texts)
    assert [text.topic for text in texts if not text.sources or not text.version] == []


@pytest.mark.parametrize("kind", list(ServiceKind))
@pytest.mark.parametrize("phase", [EducationPhase.BEFORE, EducationPhase.AFTER])
def test_every_service_has_a_text_for_before_and_after(kind: ServiceKind, phase: EducationPhase) -> None:
    assert [text for text in load_education_texts() if kind in text.services and text.phase is phase] != []


def test_every_group_of_diseases_has_a_text() -> None:
    groups = set(load_disease_list().groups)
    assert {group for text in load_education_texts() for group in text.groups} == groups


def test_no_text_decides_on_claims_or_treats() -> None:
    pack = load_rule_pack("2024-11")
    found = [
        (text.topic, hint.words)
        for text in load_education_texts()
        for hint in hints_for(text.body, pack)
        if hint.kind is HintKind.CLAIM
        or (hint.kind is HintKind.MEDICAL_ADVICE and text.code != "medication_as_ordered")
    ]
    assert found == []


def test_a_text_written_for_the_service_or_the_disease_is_offered_first() -> None:
    offered = texts_in_order(ServiceKind.SURGERY_COORDINATION, frozenset({"oncology"}), EducationPhase.AFTER)
    first = {text.code for text in offered[:6]}
    assert {"after_surgery", "leaving_hospital", "group_oncology"} <= first
    assert "before_surgery" not in first
    assert len(offered) == len(load_education_texts())
