"""Every paper of the house: complete, in order, sound on each page, frozen, and honest about what fonts lack."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from lian_desk.adapters.drawing import NUMBER_MARK
from lian_desk.adapters.paper_forms import drawing
from lian_desk.adapters.paper_forms.drawing import draw
from lian_desk.adapters.paper_forms.paper_views import HistoryLine, LedgerLine
from lian_desk.models.vocabulary import DocumentKind
from lian_desk.services.words.wording import phrase
from tests.integration.paper_forms import paper_samples as samples
from tests.integration.paper_forms.reading import assert_in_order, assert_sound, read_back
from tests.integration.paper_forms.samples import FOLLOW_UPS, at, record

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

EVERY = sorted(samples.EVERY_PAPER)
LONG = "复诊后第{}日，患者自述“胸闷减轻”；夜间平卧可入睡（每晚约6小时），继续服用原处方药物。"
RARE = "张𬭎、𫖯䶮㛃与阿依古丽·买买提"


def note(length: int) -> str:
    return "".join(LONG.format(number) for number in range(1, 3000))[:length]


def drawn_to(path: Path, view: Any) -> Any:
    content, facts = draw(view)
    path.write_bytes(content)
    return facts


def test_every_kind_has_a_paper_and_every_paper_is_drawn() -> None:
    # the pack of chosen pages has tests of its own
    kinds = set(DocumentKind) - {DocumentKind.DISCLOSURE_PACK}
    assert {phrase(kind) for kind in kinds} == set(samples.EVERY_PAPER)
    assert {type(make()) for make in samples.EVERY_PAPER.values()} <= set(drawing._DRAWN_BY)


@pytest.mark.parametrize("title", EVERY)
def test_a_paper_is_sound_and_says_who_stands_behind_it(tmp_path: Path, title: str) -> None:
    view = samples.EVERY_PAPER[title]()
    facts = drawn_to(tmp_path / "p.pdf", view)
    got = assert_sound(tmp_path / "p.pdf", facts.page_count)
    assert got.outline[0] == title
    assert got.metadata["Title"] == f"{title} {view.stamp.record_number}"
    assert_in_order(got.run, [title, "手册版本 2024-11", f"记录编号 {view.stamp.record_number}", "服务须知"])
    tail = got.run[got.run.rindex("服务须知") :]
    for notice in view.imprint.notices:
        assert "".join(notice.text.split()) in tail
    for fact in ("400-005-7995", "956009", "2024年11月版"):
        assert fact in tail
    raw = (tmp_path / "p.pdf").read_bytes()
    assert f"({NUMBER_MARK}{view.stamp.record_number})".encode() in raw
    assert b"Helvetica" not in raw


@pytest.mark.parametrize("title", EVERY)
def test_the_same_view_gives_the_same_bytes_and_another_seal_for_another_word(title: str) -> None:
    view = samples.EVERY_PAPER[title]()
    first, facts = draw(view)
    assert draw(view) == (first, facts)
    changed = replace(view, stamp=replace(view.stamp, case_manager="周敏"))
    assert draw(changed)[1].seal != facts.seal


@pytest.mark.parametrize("title", EVERY)
def test_a_correction_names_what_it_corrects(tmp_path: Path, title: str) -> None:
    view = samples.EVERY_PAPER[title]()
    stamp = replace(view.stamp, issue=2, corrects="XX-26-000001", correction_reason="联系电话有误")
    facts = drawn_to(tmp_path / "p.pdf", replace(view, stamp=stamp))
    run = assert_sound(tmp_path / "p.pdf", facts.page_count).run
    assert "第2次签发" in run
    assert "本件更正XX-26-000001" in run
    assert "更正原因：联系电话有误" in run


#: What makes one table of a paper reach over several pages.
_LONGER: dict[str, Callable[[Any], dict[str, Any]]] = {
    "随访记录": lambda _view: {"follow_ups": FOLLOW_UPS * 14},
    "个案摘要": lambda _view: {"follow_ups": FOLLOW_UPS * 14},
    "病史与用药单": lambda view: {"history": tuple(replace(view.history[0], text=f"第{n}项病史") for n in range(90))},
    "预约结果与注意事项": lambda _view: {"instructions": tuple(f"第{n}条注意事项，请务必遵守。" for n in range(90))},
    "权益使用清单": lambda view: {"entries": view.entries * 45},
    "时限达标说明": lambda _view: {"requests": tuple(samples.proven(number) for number in range(24))},
    "健康宣教单": lambda _view: {"body": note(6_000)},
    "团队小结": lambda view: {"weeks": view.weeks * 30},
}


def _lengthened(title: str) -> Any:
    view = samples.EVERY_PAPER[title]()
    return replace(view, **_LONGER[title](view))


#: A word of the table's head and one that stands in each of its rows.
_REPEATED = {
    "随访记录": ("时间·方式", "检查后第2天"),
    "个案摘要": ("时间·方式", "检查后第2天"),
    "病史与用药单": ("陈述日期", "项病史"),
    "权益使用清单": ("服务申请·事由", "开启扣除"),
    "团队小结": ("90分位", "起一周"),
}


@pytest.mark.parametrize("title", EVERY)
def test_a_long_paper_is_sound_on_each_page_and_repeats_the_head_of_its_table(tmp_path: Path, title: str) -> None:
    facts = drawn_to(tmp_path / "p.pdf", _lengthened(title))
    assert facts.page_count >= 3
    got = assert_sound(tmp_path / "p.pdf", facts.page_count)
    if title not in _REPEATED:
        return
    head, row = _REPEATED[title]
    with_rows = ["".join(page.split()) for page in got.pages if row in "".join(page.split())]
    assert len(with_rows) >= 2
    for page in with_rows:
        assert 0 <= page.index(head) < page.index(row)


@pytest.mark.parametrize("title", ["随访记录", "病史与用药单", "权益使用清单", "健康宣教单", "时限达标说明"])
def test_a_text_of_50_000_characters_in_one_cell_is_complete(tmp_path: Path, title: str) -> None:
    text = note(50_000)
    view = samples.EVERY_PAPER[title]()
    if title == "随访记录":
        view = record(follow_ups=(replace(FOLLOW_UPS[0], condition=text),))
    elif title == "病史与用药单":
        line = HistoryLine(kind="既往病史", text=text, source="被保险人自述", stated_on=view.history[0].stated_on)
        view = replace(view, history=(line,))
    elif title == "权益使用清单":
        view = replace(view, entries=(replace(view.entries[0], reason=text),))
    elif title == "时限达标说明":
        view = replace(view, requests=(replace(samples.proven(1), remarks=(text,)),))
    else:
        view = replace(view, body=text)
    facts = drawn_to(tmp_path / "p.pdf", view)
    assert facts.page_count > 20
    rest = iter(assert_sound(tmp_path / "p.pdf", facts.page_count).run)
    assert all(character in rest for character in text)


@pytest.mark.parametrize("title", EVERY)
def test_rare_characters_are_found_again_and_missing_ones_are_named(tmp_path: Path, title: str) -> None:
    view = samples.EVERY_PAPER[title]()
    if title == "团队小结":
        view = replace(view, load=(replace(view.load[0], name=RARE), replace(view.load[0], name="𠮷田")))
    else:
        view = replace(view, party=replace(view.party, name=RARE), stamp=replace(view.stamp, case_manager="𠮷田"))
    if title == "健康宣教单":
        view = replace(view, given="𠮷田")
    facts = drawn_to(tmp_path / "p.pdf", view)
    got = read_back(tmp_path / "p.pdf")
    # a narrow cell may cut the name, with other fields between its lines
    rest = iter(got.run)
    assert all(character in rest for character in RARE)
    assert "〔U+20BB7〕田" in got.run
    assert [item.code_point for item in facts.replaced] == [0x20BB7]
    assert "𠮷" not in got.run


def test_a_leaflet_is_read_like_a_text(tmp_path: Path) -> None:
    facts = drawn_to(tmp_path / "p.pdf", samples.education_leaflet())
    got = assert_sound(tmp_path / "p.pdf", facts.page_count)
    assert_in_order(got.run, ["出院后自我观察", "请按出院小结复查", "如有发热", "2026-11.1", "参阅"])
    assert "出院后自我观察" in got.outline


def test_the_proof_shows_how_each_end_was_reckoned(tmp_path: Path) -> None:
    facts = drawn_to(tmp_path / "p.pdf", samples.deadline_proof())
    got = assert_sound(tmp_path / "p.pdf", facts.page_count)
    assert_in_order(
        got.run,
        [
            "共 2 项承诺：守时 1 项，超时 1 项",
            "S-26-000001",
            "2026-09-28 10:00",
            "2026-10-23 21:00",
            "守时",
            "国庆节 7 天不计 · 10月10日调休计入",
            "手册 2-5，手册版本 2024-11",
            "待客户答复",
            "停诊，09-30 起协调改期",
            "S-26-000002",
            "超时",
        ],
    )


def test_the_sheet_for_the_doctor_dates_each_line_and_carries_the_chosen_page(tmp_path: Path) -> None:
    facts = drawn_to(tmp_path / "p.pdf", samples.medical_sheet())
    got = assert_sound(tmp_path / "p.pdf", facts.page_count)
    assert_in_order(
        got.run,
        [
            "供本次就诊使用",
            "氨氯地平片",
            "5 mg 每日一次",
            "2026-08-11",
            "青霉素",
            "高血压十年",
            "阑尾切除",
            "2026-07-02",
            "江苏省人民医院 心内科",
            "接收：",
        ],
    )
    assert got.outline[-1] == "门诊病历 · 2026-08-09 · 第 2 页"
    assert "门诊病历·2026-08-09·第2页" in "".join(got.pages[-1].split())


def test_every_field_of_a_view_reaches_the_paper_or_its_seal() -> None:
    for make in samples.EVERY_PAPER.values():
        view = make()
        before = draw(view)[1].seal
        for field in fields(view):
            value = getattr(view, field.name)
            if isinstance(value, tuple) and value:
                assert draw(replace(view, **{field.name: value[:-1]}))[1].seal != before, field.name


def test_a_minus_is_no_hyphen_and_the_balance_follows(tmp_path: Path) -> None:
    entries = tuple(
        LedgerLine(
            happened_at=at(8, 12, 9) + timedelta(days=day),
            service="门诊协调",
            kind="开启扣除",
            amount=-1,
            left=2 - day,
            request_number=f"S-{day}",
            reason="",
        )
        for day in range(3)
    )
    drawn_to(tmp_path / "p.pdf", samples.entitlement_statement(entries=entries))
    assert_in_order(read_back(tmp_path / "p.pdf").run, ["−12S-0", "−11S-1", "−10S-2"])
