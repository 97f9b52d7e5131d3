"""The story of one assistance file before its requests: person, policy, uses, authorization, illness, history."""

from datetime import date, timedelta

from lian_desk.models.rules.working_time import in_shanghai, midnight
from lian_desk.models.vocabulary import (
    CarePhase,
    Certainty,
    EntryCategory,
    EntryKind,
    EvidenceForm,
    FactSource,
    GuardianRelation,
    HistoryKind,
    IdentityCheckMethod,
    IdentityDocumentKind,
    Knownness,
    PolicyStatus,
    ServiceKind,
    Sex,
    SignerKind,
    TerminationReason,
)
from lian_desk.services.demo.first_messages import tell_first_message
from lian_desk.services.demo.names import InventedPerson
from lian_desk.services.demo.pages.papers import clinical_words
from lian_desk.services.demo.told_file import FilePlan, FileStory, feed
from lian_desk.services.demo.words import ASSESSMENTS, SUSPENSION_NOTE
from lian_desk.services.demo.world import DemoWorld, department_of
from lian_desk.services.names.name_order import sort_key
from lian_desk.services.names.search_terms import terms_for
from lian_desk.services.words.wording import phrase

_ADULT_AGE_DAYS = 18 * 365.2425
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


def begin_file(world: DemoWorld, plan: FilePlan, ordinal: int) -> FileStory:
    """Tell everything of the first day; ``ordinal`` counts the files and turns the rarer cases."""
    rng = world.rng
    person = _person_for(world, ordinal)
    disease = rng.choice(world.diseases)
    department_code, department = department_of(disease)
    is_minor = (world.today - person.born_on).days < _ADULT_AGE_DAYS
    story = FileStory(
        id=world.new_id(),
        number=world.number("A", plan.opened_at),
        person=person,
        person_id=world.new_id(),
        policy_id=world.new_id(),
        manager_id=rng.choice(world.managers),
        disease=disease,
        disease_entry_id=world.new_id(),
        department_code=department_code,
        department=department,
        opened_at=plan.opened_at,
        effective_on=_effective_on(world, plan, ordinal),
        signer=SignerKind.GUARDIAN if is_minor else SignerKind.INSURED,
        signer_name=person.name,
        is_suspected=rng.random() < _SHARE_SUSPECTED,
        last_event_at=plan.opened_at,
    )
    policy_number = f"88{ordinal % 10**8:08d}{rng.randrange(1000):03d}"
    guardian = _guardian(world, story, person) if is_minor else None
    _person_rows(world, story)
    _policy_rows(world, story, plan, policy_number, guardian.name if guardian else "")
    tell_first_message(world, story, plan)
    feed(
        world,
        story,
        EntryCategory.FILE,
        "建立电子就医协助服务档案",
        f"身份核对：{phrase(IdentityCheckMethod.INSURER_SYSTEM_MATCH)}",
        story.opened_at,
    )
    if guardian is not None:
        relation = GuardianRelation.MOTHER if guardian.sex is Sex.FEMALE else GuardianRelation.FATHER
        feed(world, story, EntryCategory.FILE, "登记监护人", f"{phrase(relation)}，代为启用服务", story.opened_at)
    _disease_and_history(world, story)
    _authorization(world, story, plan, ordinal)
    _search_terms(world, story, policy_number)
    return story


def finish_file(world: DemoWorld, story: FileStory) -> None:
    """Write the row of the file itself: only now its last event is known."""
    if world.rng.random() < _SHARE_ASSESSED and story.closed_at is None:
        title, detail = world.rng.choice(ASSESSMENTS)
        at = min(world.in_hours(story.opened_at + world.rng.randint(1, 40) * timedelta(hours=1)), world.now)
        feed(
            world,
            story,
            EntryCategory.FILE,
            title,
            detail,
            max(at, story.opened_at),
            phase=CarePhase.PRE_VISIT_PLANNING,
        )
    world.rows.add(
        "assistance_file",
        id=story.id,
        number=story.number,
        insured_person_id=story.person_id,
        policy_id=story.policy_id,
        case_manager_id=story.manager_id,
        sort_name=sort_key(story.person.name),
        opened_at=story.opened_at,
        opened_by=story.manager_id,
        last_event_at=story.last_event_at,
        identity_method=IdentityCheckMethod.INSURER_SYSTEM_MATCH,
        identity_checked_at=story.opened_at,
        identity_checked_by=story.manager_id,
        closed_at=story.closed_at,
    )


_SHARE_SUSPECTED = 0.25
_SHARE_ASSESSED = 0.5


def _person_for(world: DemoWorld, ordinal: int) -> InventedPerson:
    """A person; the first files show the ages at which the rules turn."""
    turning = {2: 13, 5: 14, 8: 17, 11: 18, 14: 84, 17: 0}
    return world.people.person(age=turning.get(ordinal))


def _effective_on(world: DemoWorld, plan: FilePlan, ordinal: int) -> date:
    """First day of the policy: mostly years ago, now and then so long that the ten years end soon."""
    rng = world.rng
    opened_on = in_shanghai(plan.opened_at).date()
    years = world.pack.thresholds.covered_policy_years
    if ordinal % 17 == 3:
        ends_on = world.today + rng.randint(1, 29) * _DAY
        return min(_same_day(ends_on, ends_on.year - years), opened_on - _DAY)
    return opened_on - rng.randint(30, 3 * 365) * _DAY


def _same_day(day: date, year: int) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=year, day=28) if is_leap_day else day.replace(year=year)


def _guardian(world: DemoWorld, story: FileStory, child: InventedPerson) -> InventedPerson:
    age = (world.today - child.born_on).days // 365 + world.rng.randint(24, 34)
    guardian = world.people.person(age=age)
    relation = GuardianRelation.MOTHER if guardian.sex is Sex.FEMALE else GuardianRelation.FATHER
    world.rows.add(
        "guardian",
        id=world.new_id(),
        insured_person_id=story.person_id,
        name=guardian.name,
        identity_number=guardian.identity_number,
        relation=relation,
        phone=guardian.phone,
        proof_note="户口簿首页与本人页，已核对原件照片",
        recorded_at=story.opened_at,
    )
    story.signer_name = guardian.name
    return guardian


def _person_rows(world: DemoWorld, story: FileStory) -> None:
    world.rows.add(
        "insured_person",
        id=story.person_id,
        name=story.person.name,
        identity_document=IdentityDocumentKind.RESIDENT_IDENTITY_CARD,
        identity_number=story.person.identity_number,
        sex=story.person.sex,
        born_on=story.person.born_on,
        phone=story.person.phone,
        created_at=story.opened_at,
    )


def _policy_rows(world: DemoWorld, story: FileStory, plan: FilePlan, number: str, policyholder: str) -> None:
    rng = world.rng
    if not policyholder:
        policyholder = story.person.name if rng.random() < 0.7 else world.people.name(Sex.MALE)
    world.rows.add(
        "policy",
        id=story.policy_id,
        insured_person_id=story.person_id,
        policy_number=number,
        product_code=world.pack.product.code,
        policyholder_name=policyholder,
        effective_on=story.effective_on,
        created_at=story.opened_at,
    )
    _periods(world, story, plan)
    for kind in world.pack.limited_services:
        uses = world.pack.service(kind).uses or 0
        world.rows.add(
            "entitlement_entry",
            id=world.new_id(),
            policy_id=story.policy_id,
            service_kind=kind,
            kind=EntryKind.GRANT,
            amount=uses,
            reason=f"{world.pack.label} {world.pack.service(kind).clause_of('uses')}",
            happened_at=story.opened_at,
            recorded_at=story.opened_at,
            recorded_by=story.manager_id,
        )
        for place in range(1, uses + 1):
            add_slot(world, story, kind, place)


def add_slot(world: DemoWorld, story: FileStory, kind: ServiceKind, ordinal: int) -> int:
    """Add one use of ``kind`` and remember it by its place."""
    key = world.new_id()
    world.rows.add(
        "entitlement_slot",
        id=key,
        policy_id=story.policy_id,
        service_kind=kind,
        ordinal=ordinal,
        created_at=story.opened_at,
    )
    story.slots[kind, ordinal] = key
    return key


def _periods(world: DemoWorld, story: FileStory, plan: FilePlan) -> None:
    """The periods of effect; each begins where the one before it ends (R5 to R7)."""
    rng = world.rng
    edges: list[tuple[PolicyStatus, date, TerminationReason | None]] = [
        (PolicyStatus.IN_FORCE, story.effective_on, None)
    ]
    lived = (in_shanghai(story.opened_at).date() - story.effective_on).days
    if rng.random() < 0.03 and lived > 200:
        first = story.effective_on + rng.randint(60, lived - 100) * _DAY
        edges += [
            (PolicyStatus.SUSPENDED, first, None),
            (PolicyStatus.IN_FORCE, first + rng.randint(10, 60) * _DAY, None),
        ]
    if plan.suspended_from is not None:
        edges.append((PolicyStatus.SUSPENDED, plan.suspended_from, None))
    if plan.terminated_on is not None:
        edges.append((PolicyStatus.TERMINATED, plan.terminated_on, plan.termination))
    for index, (status, first_on, reason) in enumerate(edges):
        is_last = index == len(edges) - 1
        known = max(story.opened_at, midnight(first_on) + 10 * timedelta(hours=1))
        world.rows.add(
            "policy_status_period",
            id=world.new_id(),
            policy_id=story.policy_id,
            status=status,
            true_from=midnight(first_on),
            true_to=None if is_last else midnight(edges[index + 1][1]),
            known_from=min(known, world.now),
            termination_reason=reason,
            source=FactSource.INSURER_SYSTEM if index == 0 else FactSource.INSURER_NOTICE,
            note=SUSPENSION_NOTE if status is PolicyStatus.SUSPENDED else "",
            recorded_by=story.manager_id,
        )
    looked = [("period", story.opened_at)]
    if rng.random() < 0.8:
        looked.append(
            ("verify", max(story.opened_at, world.in_hours(world.now - rng.randint(1, 120) * timedelta(hours=1))))
        )
    for gate, checked_at in looked:
        world.rows.add(
            "policy_status_check",
            id=world.new_id(),
            policy_id=story.policy_id,
            gate=gate,
            status=edges[-1][0] if gate == "verify" else PolicyStatus.IN_FORCE,
            source=FactSource.INSURER_SYSTEM,
            checked_at=checked_at,
            operator_id=story.manager_id,
        )


def _disease_and_history(world: DemoWorld, story: FileStory) -> None:
    rng = world.rng
    certainty = Certainty.SUSPECTED if story.is_suspected else Certainty.CONFIRMED
    note = "门诊病历与检查报告" if story.is_suspected else "病理检验报告与诊断证明书"
    world.rows.add(
        "disease_entry",
        id=story.disease_entry_id,
        assistance_file_id=story.id,
        disease_code=story.disease.code,
        disease_name=story.disease.name,
        list_version=world.disease_version,
        severity=story.disease.severity,
        certainty=certainty,
        noted_on=in_shanghai(story.opened_at).date() - rng.randint(1, 40) * _DAY,
        evidence_note=note,
        recorded_at=story.opened_at,
        recorded_by=story.manager_id,
    )
    title = f"登记疾病：{phrase(certainty)} {story.disease.name}（{phrase(story.disease.severity)}）"
    feed(world, story, EntryCategory.FILE, title, note, story.opened_at)
    words = clinical_words()["history"]
    medication, _, dosage = rng.choice(words["medications"]).partition("|")
    _history(world, story, HistoryKind.CONDITION, rng.choice(words["conditions"]))
    _history(world, story, HistoryKind.MEDICATION, medication, dosage)
    _history(world, story, HistoryKind.ALLERGY, rng.choice(words["allergies"]) if rng.random() < 0.3 else "")
    if rng.random() < 0.4:
        _history(world, story, HistoryKind.OPERATION, rng.choice(words["operations"]))


def _history(world: DemoWorld, story: FileStory, kind: HistoryKind, text: str, dosage: str = "") -> None:
    draw = world.rng.random()
    if story.is_minor and kind is not HistoryKind.ALLERGY:
        # the words of the list are those of adults: years of an illness, operations long ago
        text, dosage = "", ""
    knownness = Knownness.KNOWN if text else Knownness.NONE if draw < 0.9 else Knownness.UNKNOWN
    if draw > 0.99:
        text, dosage, knownness = "", "", Knownness.DECLINED
    world.rows.add(
        "history_item",
        id=world.new_id(),
        assistance_file_id=story.id,
        kind=kind,
        knownness=knownness,
        text=text,
        dosage=dosage,
        source=FactSource.INSURED_STATEMENT,
        stated_on=in_shanghai(story.opened_at).date(),
        recorded_at=story.opened_at,
        recorded_by=story.manager_id,
    )


def _authorization(world: DemoWorld, story: FileStory, plan: FilePlan, ordinal: int) -> None:
    """Signed and verified as a rule; where no request depends on it also missing, unverified or withdrawn."""
    turn = 3 if plan.must_be_authorized else ordinal // 20 % 3
    if turn == 0:
        return
    signed_at = story.opened_at + world.rng.randint(4, 30) * _MINUTE
    verified_at = None if turn == 1 else signed_at + world.rng.randint(1, 20) * _MINUTE
    withdrawn_at = None
    if turn == 2:
        withdrawn_at = max(signed_at, world.in_hours(world.now - world.rng.randint(2, 60) * timedelta(hours=1)))
    key = world.new_id()
    if verified_at is not None and withdrawn_at is None:
        story.authorization_id = key
    world.rows.add(
        "information_authorization",
        id=key,
        assistance_file_id=story.id,
        text_version=world.pack.edition,
        signer_kind=story.signer,
        signer_name=story.signer_name,
        signed_at=signed_at,
        evidence_form=EvidenceForm.SIGNED_FORM,
        evidence_note="已签署信息授权书",
        truth_declared=True,
        verified_at=verified_at,
        verified_by=None if verified_at is None else story.manager_id,
        withdrawn_at=withdrawn_at,
        withdrawal_reason="客户要求停止使用个人信息" if withdrawn_at else "",
        recorded_at=signed_at,
    )
    title = "完成信息授权" if verified_at else "登记信息授权，待核实"
    detail = f"{phrase(story.signer)}签署 · {phrase(EvidenceForm.SIGNED_FORM)}"
    feed(world, story, EntryCategory.FILE, title, detail, signed_at)
    if withdrawn_at is not None:
        feed(world, story, EntryCategory.FILE, "撤回信息授权", "客户要求停止使用个人信息", withdrawn_at)


def _search_terms(world: DemoWorld, story: FileStory, policy_number: str) -> None:
    found = terms_for(
        names=[story.person.name],
        policy_number=policy_number,
        phones=[story.person.phone],
        identity_number=story.person.identity_number,
        file_number=story.number,
    )
    for term in found:
        world.rows.add("search_term", term=term, assistance_file_id=story.id)
