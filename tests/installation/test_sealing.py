"""The encrypted stream: gives back what went in, and refuses every other passphrase, byte, order or end."""

import io

import pytest

from canbo.common.findings import Refused
from canbo.installation import sealing
from canbo.installation.sealing import PIECE, SealedReader, SealingWriter

WORDS = "chim én về tổ tháng ba"
CONTENT = bytes(range(256)) * 4096 + b"end"  # one piece and three bytes


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "_COST", {"n": 1 << 10, "r": 8, "p": 1})


def sealed(content: bytes = CONTENT, words: str = WORDS) -> bytes:
    target = io.BytesIO()
    writer = SealingWriter(target, words)
    writer.write(content)
    writer.finish()
    return target.getvalue()


def opened(data: bytes, words: str = WORDS) -> bytes:
    reader = SealedReader(io.BytesIO(data), words)
    content = reader.read()
    reader.drain()
    return bytes(content)


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE])
def test_what_goes_in_comes_out(size: int) -> None:
    assert opened(sealed(b"x" * size)) == b"x" * size


def test_the_passphrase_is_the_same_in_both_unicode_forms() -> None:
    import unicodedata

    assert opened(sealed(words=unicodedata.normalize("NFD", WORDS))) == CONTENT


def test_nothing_of_the_content_is_readable_in_the_file() -> None:
    assert "Trần Thị Bình".encode() not in sealed("Trần Thị Bình".encode() * 100)


def test_a_wrong_passphrase_is_told_from_a_damaged_file() -> None:
    with pytest.raises(Refused, match="Mật khẩu của bản sao lưu không đúng"):
        opened(sealed(), "chim én về tổ tháng tư")


def test_every_cut_is_noticed() -> None:
    data = sealed(b"x" * 300)
    for length in range(len(data)):
        with pytest.raises(Refused):
            opened(data[:length])


def test_a_cut_between_two_pieces_is_noticed() -> None:
    data = sealed()
    with pytest.raises(Refused, match="hỏng"):
        opened(data[: -(4 + 3 + 16)])


def test_every_altered_byte_is_noticed() -> None:
    data = sealed(b"x" * 40)
    for place in range(len(data)):
        altered = bytearray(data)
        altered[place] ^= 1
        with pytest.raises(Refused):
            opened(bytes(altered))


def test_pieces_out_of_order_repeated_or_added_are_noticed() -> None:
    data = sealed(b"a" * PIECE + b"b" * PIECE + b"c")
    size = 4 + PIECE + 16
    start = len(data) - 2 * size - (4 + 1 + 16)
    first, second, last = data[start : start + size], data[start + size : start + 2 * size], data[start + 2 * size :]
    head = data[:start]
    assert opened(head + first + second + last)[-1:] == b"c"
    for parts in ((second, first, last), (first, last), (first, first, last), (first, second, last, last)):
        with pytest.raises(Refused, match="hỏng"):
            opened(head + b"".join(parts))


def test_other_files_and_newer_versions_are_refused() -> None:
    with pytest.raises(Refused, match="không phải là bản sao lưu"):
        opened(b"PK\x03\x04 something else\n{}\n")
    with pytest.raises(Refused, match="mới hơn"):
        opened(sealed().replace(b"canbo-backup 1\n", b"canbo-backup 2\n", 1))


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(Refused, match="ít nhất 12"):
        SealingWriter(io.BytesIO(), "ngan qua")


def test_a_forged_head_cannot_take_all_memory() -> None:
    with pytest.raises(Refused, match="hỏng"):
        opened(sealed().replace(b'"n": 1024', b'"n": 1073741824', 1))
