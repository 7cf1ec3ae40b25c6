"""The bytes of a text file as a stream of UTF-8, whatever they were: encodings, gzip, damage.

Bytes that do not decode are kept as private characters (`block.DAMAGE`), so that their cells
can be named.
"""

import codecs
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from ruqi.adapters.files.parts import Unreadable
from ruqi.tape.block import DAMAGE

BOM = "\ufeff".encode()
_HANDLER = "ruqi-damage"
_MARK = re.compile(b"\xf4\x8f[\xbc-\xbf]")  # chr(DAMAGE) to chr(DAMAGE + 255) in UTF-8


def _keep_damage(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(chr(DAMAGE + byte) for byte in bad), error.end


codecs.register_error(_HANDLER, _keep_damage)


class Stream:
    """Reads a file in pieces of UTF-8. `cut` tells, at the end, that it ended too early."""

    def __init__(self, path: Path, encoding: str) -> None:
        self.path = path
        self.cut: str | None = None
        self.done = 0
        self._utf8 = codecs.lookup(encoding).name in ("utf-8", "utf-8-sig")
        self._encoding = encoding
        self.plain = self._utf8 and not _is_gzip(path)  # comes as it lies on the disk

    def pieces(self, size: int) -> Iterator[bytes]:
        """The file from its start, about `size` bytes at a time, without a byte order mark.

        UTF-8 comes as it stands, with bytes that may not decode. Raises Unreadable.
        """
        first = True
        with self.path.open("rb") as file:
            raw = self._unzipped(file, size) if _is_gzip(self.path) else self._raw(file, size)
            for piece in raw if self._utf8 else self._decoded(raw):
                if first and piece:
                    first = False
                    piece = piece.removeprefix(BOM)
                yield piece

    def _raw(self, file: BinaryIO, size: int) -> Iterator[bytes]:
        while piece := file.read(size):
            self.done += len(piece)
            yield piece

    def _unzipped(self, file: BinaryIO, size: int) -> Iterator[bytes]:
        mend = "compress the file again"
        unzip = zlib.decompressobj(wbits=31)
        started = False
        for packed in self._raw(file, max(size // 4, 1)):
            while packed:
                if unzip.eof:
                    packed = packed.lstrip(b"\0")
                    if not packed:
                        break
                    unzip = zlib.decompressobj(wbits=31)
                try:
                    piece = unzip.decompress(packed, size)
                except zlib.error as error:
                    raise Unreadable(str(error), "a gzip file", mend) from error
                started = True
                packed = unzip.unused_data if unzip.eof else unzip.unconsumed_tail
                if piece:
                    yield piece
        if started and not unzip.eof:
            self.cut = "the gzip stream ends early"

    def _decoded(self, raw: Iterator[bytes]) -> Iterator[bytes]:
        decoder = codecs.getincrementaldecoder(self._encoding)(_HANDLER)
        for piece in raw:
            yield decoder.decode(piece).encode("utf-8", "replace")
        if decoder.getstate()[0]:
            self.cut = self.cut or "the file ends inside a character"
        else:
            yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def repaired(data: bytearray) -> tuple[bytearray, bool]:
    """UTF-8 with its undecodable bytes marked, and whether there are any.

    Text of another encoding comes with its marks already.
    """
    if data.isascii():
        return data, False
    try:
        data.decode()
    except UnicodeDecodeError:
        return bytearray(data.decode("utf-8", _HANDLER).encode()), True
    return data, _MARK.search(data) is not None


def cut_character(data: bytes | bytearray) -> int:
    """Bytes at the end that start a UTF-8 character and lack its rest."""
    for back in range(1, min(4, len(data) + 1)):
        byte = data[-back]
        if byte & 0xC0 == 0x80:
            continue
        needs = 2 if byte >> 5 == 6 else 3 if byte >> 4 == 14 else 4 if byte >> 3 == 30 else 1
        return back if needs > back else 0
    return 0


def _is_gzip(path: Path) -> bool:
    return path.suffix.lower() in (".gz", ".gzip")
