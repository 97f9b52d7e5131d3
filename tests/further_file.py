"""A further file of a person who has one: for another policy of the same insured."""

from datetime import date

from lian_desk.models.vocabulary import Certainty, FactSource, IdentityCheckMethod
from lian_desk.services.assistance_files.assistance_files import DiseaseInput
from lian_desk.services.assistance_files.further_policies import OpenFurtherFile
from lian_desk.services.assistance_files.views import load_file_view
from lian_desk.services.policies.policies import PolicyInput
from lian_desk.services.reference_data.diseases import load_disease_list
from tests.desk_world import World


def further_file(world: World, file_id: int) -> int:
    """Open a second file for the person of ``file_id`` and return its key."""
    known = load_file_view(world.desk, file_id, revealed=True)
    assert known is not None
    return world.run(
        OpenFurtherFile,
        assistance_file_id=file_id,
        insured_name=known.insured_name,
        policy=PolicyInput(
            policy_number="JLB202509000777",
            effective_on=date(2025, 9, 1),
            policyholder_name=known.insured_name,
            product_code=world.desk.pack.product.code,
            status_source=FactSource.INSURER_SYSTEM,
        ),
        identity_method=IdentityCheckMethod.INSURER_SYSTEM_MATCH,
        diseases=(
            DiseaseInput(load_disease_list().diseases[0].code, Certainty.CONFIRMED, date(2026, 9, 1), "诊断证明书"),
        ),
    )
