"""An encrypted, authenticated stream: the file of a backup. Knows nothing of what is in it.

A line with the format's name and version, a line of JSON (salt and cost of scrypt, a check of the passphrase), then
pieces: 4 bytes of length, AES-256-GCM of up to 1 MiB. The nonce is 7 random bytes, the piece's number and a mark of the
last one, and each piece is bound to the two lines: a piece altered, moved, repeated or missing is noticed, and so is
an end that is cut off (the STREAM construction, Hoang, Reyhanitabar, Rogaway and Vizár 2015).
"""

import hashlib
import io
import json
import os
import struct
from typing import IO, TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from canbo.common.findings import Refused
from canbo.common.language import pick

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

NAME = b"canbo-backup"
VERSION = 1
PIECE = 1 << 20
SHORTEST = 12  # characters of a passphrase
_COST = {"n": 1 << 17, "r": 8, "p": 1}  # 128 MiB and about half a second a guess
_TAG = 16


class SealingWriter(io.RawIOBase):
    """Encrypts what is written into a file; ``close`` writes the last piece, without which nothing can be read."""

    def __init__(self, target: IO[bytes], passphrase: str) -> None:
        check_passphrase(passphrase)
        self._target, self._pending, self._number = target, bytearray(), 0
        self._prefix = os.urandom(7)
        salt = os.urandom(16)
        key, check = _derive(passphrase, salt, **_COST)
        head = {**_COST, "salt": salt.hex(), "nonce": self._prefix.hex(), "check": check}
        lines = NAME + b" %d\n" % VERSION + json.dumps(head).encode() + b"\n"
        self._cipher, self._bound = AESGCM(key), hashlib.sha256(lines).digest()
        target.write(lines)

    def writable(self) -> bool:
        return True

    def write(self, data: "ReadableBuffer") -> int:
        view = memoryview(data)
        self._pending += view
        while len(self._pending) > PIECE:
            self._put(bytes(self._pending[:PIECE]), last=False)
            del self._pending[:PIECE]
        return view.nbytes

    def finish(self) -> None:
        """Write the last piece. A writer that fails is never finished, so what it left cannot be taken for whole."""
        self._put(bytes(self._pending), last=True)
        self._target.flush()

    def _put(self, piece: bytes, *, last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._prefix, self._number, last), piece, self._bound)
        self._target.write(struct.pack(">I", len(sealed)) + sealed)
        self._number += 1


class SealedReader(io.RawIOBase):
    """Decrypts such a file, piece by piece.

    :raises Refused: another kind of file or a newer version, a wrong passphrase, a file altered or cut off.
    """

    def __init__(self, source: IO[bytes], passphrase: str) -> None:
        self._source, self._number, self._last = source, 0, False
        self._ready = b""
        first, second = source.readline(64), source.readline(4096)
        self._version(first)
        try:
            head = json.loads(second)
            key, check = _derive(passphrase, bytes.fromhex(head["salt"]), head["n"], head["r"], head["p"])
            self._prefix = bytes.fromhex(head["nonce"])
        except (ValueError, KeyError, TypeError, MemoryError) as error:
            raise _damaged() from error
        if check != head.get("check"):
            raise Refused(
                pick(
                    "Mật khẩu của bản sao lưu không đúng. Chưa thay đổi gì.",
                    "The passphrase of the backup is wrong. Nothing was changed.",
                )
            )
        self._cipher, self._bound = AESGCM(key), hashlib.sha256(first + second).digest()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer)
        while not self._ready and not self._last:
            self._next()
        size = min(len(self._ready), view.nbytes)
        view[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def drain(self) -> None:
        """Read to the end: only then is it sure that nothing was cut off."""
        while not self._last:
            self._next()
        if self._source.read(1):
            raise _damaged()

    def _next(self) -> None:
        head = self._source.read(4)
        if len(head) < 4:
            raise _damaged()
        (length,) = struct.unpack(">I", head)
        sealed = self._source.read(length) if _TAG <= length <= PIECE + _TAG else b""
        if not sealed or len(sealed) < length:
            raise _damaged()
        for last in (False, True):
            try:
                self._ready = self._cipher.decrypt(_nonce(self._prefix, self._number, last), sealed, self._bound)
            except InvalidTag:
                continue
            self._number, self._last = self._number + 1, last
            return
        raise _damaged()

    @staticmethod
    def _version(line: bytes) -> None:
        name, _, version = line.strip().partition(b" ")
        if name != NAME or not version.isdigit():
            raise Refused(
                pick(
                    "Tệp này không phải là bản sao lưu của CanBo. Chưa thay đổi gì.",
                    "This file is no backup of CanBo. Nothing was changed.",
                )
            )
        if int(version) > VERSION:
            raise Refused(
                pick(
                    "Bản sao lưu do một bản CanBo mới hơn ghi. Hãy cài bản mới rồi khôi phục. Chưa thay đổi gì.",
                    "The backup was written by a newer CanBo. Install that, then restore. Nothing was changed.",
                )
            )


def check_passphrase(passphrase: str) -> None:
    """:raises Refused: it is too short to withstand guessing."""
    if len(passphrase) < SHORTEST:
        raise Refused(
            pick(
                f"Mật khẩu của bản sao lưu phải có ít nhất {SHORTEST} ký tự. Chưa ghi gì.",
                f"The passphrase of a backup needs at least {SHORTEST} characters. Nothing was written.",
            )
        )


def _derive(passphrase: str, salt: bytes, n: int, r: int, p: int) -> tuple[bytes, str]:
    """The key and a check of it; the check tells a wrong passphrase from a damaged file and nothing of the key."""
    import unicodedata

    if n > 1 << 20 or r > 32 or p > 16:  # a forged head must not take all memory
        raise ValueError
    derived = Scrypt(salt=salt, length=64, n=n, r=r, p=p).derive(unicodedata.normalize("NFC", passphrase).encode())
    return derived[:32], hashlib.sha256(derived[32:]).hexdigest()[:32]


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + struct.pack(">IB", number, last)


def _damaged() -> Refused:
    return Refused(
        pick(
            "Bản sao lưu bị hỏng: nội dung đã bị sửa hoặc tệp bị cắt cụt. Chưa thay đổi gì. Hãy dùng bản sao khác.",
            "The backup is damaged: it was altered or cut off. Nothing was changed. Use another copy.",
        )
    )
