"""Reads any part of a sealed file without decrypting the rest: what makes a scan of 2 GB open at once in little memory.

The age v1 format seals the payload in pieces of 64 KiB, each authenticated with its number and whether it is the last.
The key library offers no access to single pieces, so the header is opened here by the published rules, with the
primitives of ``cryptography``; sealing stays with the key library. A changed, moved or missing piece is refused as
damage. What this cannot see is a whole file exchanged for another valid one: the checksum of the row tells that.
"""

import base64
import binascii
import os
from collections import OrderedDict
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lian_desk.models.errors import EnvironmentProblem, ErrorCode

PIECE: Final = 64 * 1024
"""Plain bytes of a piece."""
_TAG: Final = 16
_SEALED_PIECE: Final = PIECE + _TAG
_NONCE: Final = 16
_PIECES_KEPT: Final = 32
_LONGEST_HEADER: Final = 16 * 1024
_INTRO: Final = b"age-encryption.org/v1\n"
_STANZA: Final = b"-> X25519 "
_WRAP_INFO: Final = b"age-encryption.org/v1/X25519"
_ALPHABET: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_CHECKSUM_LETTERS: Final = 6


class SealedReader:
    """A sealed file as one that can be read anywhere; close it at the end. Not for several threads at once."""

    def __init__(self, stream: BinaryIO, identity: str) -> None:
        """Open the header with the age ``identity`` and make sure of the last piece, so that a cut file is noticed.

        Raises:
            EnvironmentProblem: ``MATERIAL_DAMAGED`` when it is no such file, is cut, or is sealed for somebody else.
        """
        self._stream = stream
        self._kept: OrderedDict[int, bytes] = OrderedDict()
        self._place = 0
        try:
            header_size, file_key = _opened_header(stream, identity)
            nonce = _exactly(stream, _NONCE)
        except (ValueError, InvalidTag, InvalidSignature, binascii.Error) as error:
            raise EnvironmentProblem(ErrorCode.MATERIAL_DAMAGED) from error
        self._cipher = ChaCha20Poly1305(_derived(file_key, nonce, b"payload"))
        self._start = header_size + _NONCE
        sealed_bytes = stream.seek(0, os.SEEK_END) - self._start
        self._pieces = -(-sealed_bytes // _SEALED_PIECE)
        self.size = sealed_bytes - self._pieces * _TAG
        if self._pieces < 1 or self.size < 0:
            raise EnvironmentProblem(ErrorCode.MATERIAL_DAMAGED)
        self._piece(self._pieces - 1)

    def read_at(self, place: int, size: int) -> bytes:
        """Return up to ``size`` bytes from ``place``; fewer only at the end.

        Raises:
            EnvironmentProblem: ``MATERIAL_DAMAGED``, ``FILE_UNREADABLE``.
        """
        end = min(place + size, self.size)
        if place >= end:
            return b""
        first, last = place // PIECE, (end - 1) // PIECE
        content = b"".join(self._piece(number) for number in range(first, last + 1))
        return content[place - first * PIECE : end - first * PIECE]

    def read(self, size: int = -1, /) -> bytes:
        """Return what follows what was read last, up to ``size`` bytes.

        Raises:
            EnvironmentProblem: ``MATERIAL_DAMAGED``, ``FILE_UNREADABLE``.
        """
        content = self.read_at(self._place, self.size if size < 0 else size)
        self._place += len(content)
        return content

    def close(self) -> None:
        """Let go of the file and of what was decrypted."""
        self._kept.clear()
        self._stream.close()

    def _piece(self, number: int) -> bytes:
        if number in self._kept:
            self._kept.move_to_end(number)
            return self._kept[number]
        try:
            self._stream.seek(self._start + number * _SEALED_PIECE)
            sealed = self._stream.read(_SEALED_PIECE)
        except OSError as error:
            raise EnvironmentProblem(ErrorCode.FILE_UNREADABLE) from error
        mark = b"\x01" if number == self._pieces - 1 else b"\x00"
        try:
            content = self._cipher.decrypt(number.to_bytes(11, "big") + mark, sealed, None)
        except (InvalidTag, ValueError) as error:
            raise EnvironmentProblem(ErrorCode.MATERIAL_DAMAGED) from error
        self._kept[number] = content
        while len(self._kept) > _PIECES_KEPT:
            self._kept.popitem(last=False)
        return content


def recipient_count(stream: BinaryIO) -> int:
    """Return for how many recipients a file is sealed; 0 for what is no sealed file."""
    head = stream.read(_LONGEST_HEADER)
    end = head.find(b"\n--- ")
    # other stanzas may stand there too, some writers add meaningless ones on purpose
    return head[:end].count(b"\n" + _STANZA) if head.startswith(_INTRO) and end > 0 else 0


def _opened_header(stream: BinaryIO, identity: str) -> tuple[int, bytes]:
    """Return the size of the header and the key of the payload."""
    head = stream.read(_LONGEST_HEADER)
    if not head.startswith(_INTRO):
        raise ValueError("not an age file")
    end_of_stanzas = head.index(b"\n--- ") + 1
    end = head.index(b"\n", end_of_stanzas) + 1
    stream.seek(end)
    secret = X25519PrivateKey.from_private_bytes(_secret_of(identity))
    file_key = _file_key(head[len(_INTRO) : end_of_stanzas], secret)
    seal = hmac.HMAC(_derived(file_key, b"", b"header"), hashes.SHA256())
    # the seal covers everything up to the three dashes
    seal.update(head[: end_of_stanzas + 3])
    seal.verify(_unpadded(head[end_of_stanzas + 4 : end - 1]))
    return end, file_key


def _file_key(stanzas: bytes, secret: X25519PrivateKey) -> bytes:
    own = secret.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    lines = stanzas.split(b"\n")
    for number, line in enumerate(lines):
        if not line.startswith(_STANZA):
            continue
        share = _unpadded(line[len(_STANZA) :])
        shared = secret.exchange(X25519PublicKey.from_public_bytes(share))
        key = _derived(shared, share + own, _WRAP_INFO)
        try:
            return ChaCha20Poly1305(key).decrypt(bytes(12), _unpadded(lines[number + 1]), None)
        except InvalidTag:
            # another recipient's
            continue
    raise ValueError("not for this identity")


def _derived(key: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt or None, info).derive(key)


def _exactly(stream: BinaryIO, size: int) -> bytes:
    content = stream.read(size)
    if len(content) != size:
        raise ValueError("cut short")
    return content


def _unpadded(text: bytes) -> bytes:
    return base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)


def _secret_of(identity: str) -> bytes:
    """Return the 32 bytes of an identity; its letters were checked when the vault took it."""
    letters = identity.lower().rpartition("1")[2][:-_CHECKSUM_LETTERS]
    bits = "".join(f"{_ALPHABET.index(letter):05b}" for letter in letters)
    return int(bits[:256], 2).to_bytes(32, "big")
