import gzip

import pytest

from ruqi.adapters.files.csv_text import Stream, cut_character, repaired
from ruqi.adapters.files.parts import Unreadable
from ruqi.tape.block import DAMAGE

TEXT = "客户号,余额\n甲,1\n" * 50


def read(path, encoding="utf-8", size=7):
    stream = Stream(path, encoding)
    return b"".join(stream.pieces(size)), stream.cut


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-be"]
)
def test_every_encoding_becomes_utf8_without_its_mark(tmp_path, encoding):
    path = tmp_path / "x.csv"
    path.write_bytes(TEXT.encode(encoding))
    assert read(path, encoding) == (TEXT.encode(), None)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le"])
def test_a_byte_order_mark_is_no_text(tmp_path, encoding):
    (tmp_path / "x.csv").write_bytes(("\ufeff" + TEXT).encode(encoding))
    assert read(tmp_path / "x.csv", encoding) == (TEXT.encode(), None)


def test_damage_is_kept_as_private_characters(tmp_path):
    (tmp_path / "x.csv").write_bytes(b"a,\xff\n")
    data, _ = read(tmp_path / "x.csv", "gb18030", 1)
    assert data.decode() == f"a,{chr(DAMAGE + 0xFF)}\n"
    assert repaired(bytearray(b"a,\xff\n")) == (bytearray(data), True)
    assert repaired(bytearray("甲".encode())) == (bytearray("甲".encode()), False)


def test_a_file_that_ends_inside_a_character(tmp_path):
    for encoding in ("gb18030", "utf-16-le"):
        (tmp_path / "x.csv").write_bytes("ab甲".encode(encoding)[:-1])
        data, cut = read(tmp_path / "x.csv", encoding)
        assert (data, cut) == (b"ab", "the file ends inside a character")


@pytest.mark.parametrize(
    ("data", "lack"),
    [
        (b"ab", 0),
        ("甲".encode(), 0),
        ("甲".encode()[:2], 2),
        ("甲".encode()[:1], 1),
        (b"", 0),
        ("a😀".encode()[:-1], 3),
        (b"\x80\x80", 0),
        (b"\xff", 0),
    ],
)
def test_a_cut_character(data, lack):
    assert cut_character(data) == lack


def test_gzip_with_several_members_and_padding(tmp_path):
    data = gzip.compress(TEXT.encode()) + gzip.compress(TEXT.encode()) + b"\0" * 20
    (tmp_path / "x.csv.gz").write_bytes(data)
    assert read(tmp_path / "x.csv.gz", size=16) == (TEXT.encode() * 2, None)


def test_gzip_that_ends_early_or_is_none(tmp_path):
    path = tmp_path / "x.csv.gz"
    path.write_bytes(gzip.compress(TEXT.encode())[:-9])
    assert read(path)[1] == "the gzip stream ends early"
    path.write_bytes(b"id,on\n1,2\n")
    with pytest.raises(Unreadable):
        read(path)
    whole = bytearray(gzip.compress(TEXT.encode()))
    whole[-6] ^= 255  # its check sum
    path.write_bytes(whole)
    with pytest.raises(Unreadable):
        read(path)
