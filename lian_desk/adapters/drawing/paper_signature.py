"""PAdES signatures of a workstation on papers: the extra ``[seal]``, loaded only when a paper is signed or checked.

The key is made from the workspace's seal key, so it lies in the envelope with the other keys and is restored with
them; the certificate is signed by that key itself and comes out the same each time. It proves that a paper left this
workstation and was not changed since, nothing more.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from lian_desk.models.errors import EnvironmentProblem, ErrorCode

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

FIELD: Final = "lian_desk"
_PURPOSE: Final = b"lian_desk paper signature P-256"
_DERIVED_BYTES: Final = 48
_VALID: Final = timedelta(days=365 * 50)
#: Order of the curve P-256; a private key is a number from 1 to one less.
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def can_sign() -> bool:
    """Tell whether the extra is installed; without it papers go out unsigned, and the window says so."""
    return importlib.util.find_spec("pyhanko") is not None


@dataclass(frozen=True, repr=False)
class WorkstationSigner:
    """Whose signature it is: the key of the workspace, the code of the workstation, and when the workspace was made."""

    seal_key: bytes
    workstation_code: str
    created_at: datetime

    @property
    def name(self) -> str:
        """Common name in the certificate."""
        return f"lian_desk {self.workstation_code}"


@dataclass(frozen=True)
class SignatureFinding:
    """What a signature says of a file; ``is_whole``: intact, over the entire file, and nothing came after it.

    ``is_ours``: made with the key of this workspace.
    """

    signer: str
    signed_at: datetime | None
    is_whole: bool
    is_ours: bool


def certificate_of(signer: WorkstationSigner) -> bytes:
    """Return the certificate in PEM, for whoever checks papers elsewhere; it holds no secret."""
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415 - with the extra's machinery

    pem: bytes = _certificate(signer).public_bytes(Encoding.PEM)
    return pem


def sign(content: bytes, signer: WorkstationSigner, at: datetime) -> bytes:
    """Return ``content`` with a signature over all of it; ``at`` (aware) is the time it claims.

    Raises:
        EnvironmentProblem: ``SIGNING_UNAVAILABLE`` without the extra.
    """
    if not can_sign():
        raise EnvironmentProblem(ErrorCode.SIGNING_UNAVAILABLE)
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415 - 0.6 s, an extra
    from pyhanko.sign import fields, signers  # noqa: PLC0415

    class Signer(signers.PdfSigner):
        """Signs at the desk's time instead of the machine's."""

        def init_signing_session(self, *arguments: Any, **options: Any) -> Any:
            session = super().init_signing_session(*arguments, **options)
            session.system_time = at
            return session

    settings = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        name=signer.name,
    )
    writer = IncrementalPdfFileWriter(BytesIO(content))
    signed: BytesIO = Signer(settings, signer=_simple_signer(signer)).sign_pdf(writer)
    return signed.getvalue()


def find_signature(content: bytes, signer: WorkstationSigner) -> SignatureFinding | None:
    """Return what the last signature of a file says; None for a file without one, or that cannot be read as a PDF.

    Raises:
        EnvironmentProblem: ``SIGNING_UNAVAILABLE`` without the extra.
    """
    if b"/ByteRange" not in content:
        return None
    if not can_sign():
        raise EnvironmentProblem(ErrorCode.SIGNING_UNAVAILABLE)
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415 - 0.6 s, an extra
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    try:
        embedded = PdfFileReader(BytesIO(content)).embedded_signatures
        return _finding(embedded[-1], signer) if embedded else None
    except (PdfError, ValueError, TypeError, KeyError, IndexError, OverflowError, RecursionError, AttributeError):
        # a damaged file breaks its reader in many ways; for the person who checks it, it has no signature that holds
        return SignatureFinding("", None, is_whole=False, is_ours=False)


def _finding(embedded: Any, signer: WorkstationSigner) -> SignatureFinding:
    from pyhanko.sign.diff_analysis import ModificationLevel  # noqa: PLC0415 - 0.6 s, an extra
    from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature  # noqa: PLC0415
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    shown = embedded.signer_cert
    own = _as_library_certificate(signer)
    is_ours = shown.dump() == own.dump()
    name = str(shown.subject.native.get("common_name", ""))
    if embedded.evaluate_signature_coverage() != SignatureCoverageLevel.ENTIRE_FILE:
        # something was appended; what it is does not matter
        return SignatureFinding(name, embedded.self_reported_timestamp, is_whole=False, is_ours=is_ours)
    # the certificate is its own root: whose it is was decided above, here only the signature is judged
    context = ValidationContext(trust_roots=[shown], allow_fetching=False, moment=embedded.self_reported_timestamp)
    status = validate_pdf_signature(embedded, signer_validation_context=context)
    unmodified = status.modification_level == ModificationLevel.NONE
    covers_all = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    return SignatureFinding(
        signer=name,
        signed_at=status.signer_reported_dt,
        is_whole=bool(status.bottom_line and covers_all and unmodified),
        is_ours=is_ours,
    )


@cache
def _simple_signer(signer: WorkstationSigner) -> Any:
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - only when a paper is signed
        Encoding,
        NoEncryption,
        PrivateFormat,
    )
    from pyhanko.keys import load_private_key_from_pemder_data  # noqa: PLC0415
    from pyhanko.sign import signers  # noqa: PLC0415
    from pyhanko_certvalidator.registry import SimpleCertificateStore  # noqa: PLC0415

    certificate = _as_library_certificate(signer)
    library: Any = SimpleCertificateStore
    store = library.from_certs([certificate])
    key = _private_key(signer).private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return signers.SimpleSigner(
        signing_cert=certificate,
        signing_key=load_private_key_from_pemder_data(key, None),
        cert_registry=store,
    )


def _as_library_certificate(signer: WorkstationSigner) -> Any:
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415 - only for signatures
    from pyhanko.keys import load_certs_from_pemder_data  # noqa: PLC0415

    return next(iter(load_certs_from_pemder_data(_certificate(signer).public_bytes(Encoding.DER))))


def _private_key(signer: WorkstationSigner) -> EllipticCurvePrivateKey:
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - a start does not need it
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

    raw = HKDF(algorithm=SHA256(), length=_DERIVED_BYTES, salt=None, info=_PURPOSE).derive(signer.seal_key)
    return ec.derive_private_key(int.from_bytes(raw, "big") % (_ORDER - 1) + 1, ec.SECP256R1())


@cache
def _certificate(signer: WorkstationSigner) -> Any:
    from cryptography import x509  # noqa: PLC0415 - a start does not need it
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
    from cryptography.x509.oid import NameOID  # noqa: PLC0415

    key = _private_key(signer)
    public = key.public_key()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, signer.name)])
    identifier = x509.SubjectKeyIdentifier.from_public_key(public)
    begin = signer.created_at - timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(int.from_bytes(identifier.digest[:16], "big") >> 1 or 1)
        .not_valid_before(begin)
        .not_valid_after(begin + _VALID)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(identifier, critical=False)
        .sign(key, SHA256(), ecdsa_deterministic=True)
    )
