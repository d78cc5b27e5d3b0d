"""The zip of an office file: what is refused, what is kept, and that equal input gives equal bytes."""

from __future__ import annotations

import contextlib
import io
import random
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.issues import RefusedError
from generator.office import package as zips
from generator.office.package import Package, open_package

CONTENT_TYPES = "[Content_Types].xml"


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def opened(content: bytes) -> Package:
    package, issues = open_package(content, "a.xlsx")
    assert not issues
    assert package is not None
    return package


def codes(content: bytes) -> list[str]:
    package, issues = open_package(content, "a.xlsx")
    assert (package is None) == bool(issues)
    return [found.code for found in issues]


def test_members_are_read_by_name_in_the_order_of_the_zip() -> None:
    package = opened(zipped({"b.xml": b"B" * 1000, "a.xml": b"", "thư mục/tên.xml": "nội dung".encode()}))
    assert package.names() == ("b.xml", "a.xml", "thư mục/tên.xml")
    assert package.read("b.xml") == b"B" * 1000
    assert package.read("a.xml") == b""
    assert package.read("thư mục/tên.xml").decode() == "nội dung"
    assert "a.xml" in package
    assert "c.xml" not in package
    with pytest.raises(KeyError):
        package.read("c.xml")


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_stored_and_deflated_members_are_read(method: int) -> None:
    assert opened(zipped({"a": b"xyz" * 50}, method)).read("a") == b"xyz" * 50


def test_a_zip_written_as_a_stream_with_zip64_sizes_is_read() -> None:
    class Pipe(io.RawIOBase):
        """Cannot seek, so that sizes stand after the bytes."""

        def __init__(self) -> None:
            self.written = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, chunk: bytes) -> int:  # type: ignore[override]
            self.written += chunk
            return len(chunk)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a", "w", force_zip64=True) as one:
        one.write(b"stream" * 100)
    assert opened(bytes(pipe.written)).read("a") == b"stream" * 100


def test_a_zip64_directory_is_read() -> None:
    plain = zipped({"a": b"x" * 100})
    directory = plain.rfind(b"PK\x01\x02")
    end = plain.rfind(b"PK\x05\x06")
    entry = bytearray(plain[directory:end])
    _, packed, size = struct.unpack_from("<3L", entry, 16)
    extra = struct.pack("<2H3Q", 1, 24, size, packed, 0)
    struct.pack_into("<2L", entry, 20, 0xFFFFFFFF, 0xFFFFFFFF)
    struct.pack_into("<H", entry, 30, len(extra))
    struct.pack_into("<L", entry, 42, 0xFFFFFFFF)
    entry += extra
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, len(entry), directory)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, directory + len(entry), 1)
    last = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    content = plain[:directory] + bytes(entry) + end64 + locator + last
    assert zipfile.ZipFile(io.BytesIO(content)).read("a") == b"x" * 100
    assert opened(content).read("a") == b"x" * 100


# --- writing --------------------------------------------------------------------------------


def test_unchanged_members_keep_their_compressed_bytes() -> None:
    content = zipped({"a.xml": bytes(range(256)) * 20, CONTENT_TYPES: b"<t/>", "b.xml": b"old"})
    changed = opened(content).replace({"b.xml": b"new", "z.xml": b"Z", "y.xml": b"Y"})
    with zipfile.ZipFile(io.BytesIO(changed)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [CONTENT_TYPES, "a.xml", "b.xml", "y.xml", "z.xml"]
        assert archive.read("b.xml") == b"new"
        assert archive.read("a.xml") == bytes(range(256)) * 20
        assert {found.date_time for found in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    before = zipfile.ZipFile(io.BytesIO(content)).getinfo("a.xml")
    packed = content[before.header_offset + 30 + 5 :][: before.compress_size]
    assert packed in changed


def test_a_member_set_to_none_is_left_out() -> None:
    assert opened(opened(zipped({"a": b"1", "b": b"2"})).replace({"a": None})).names() == ("b",)


def test_equal_input_gives_equal_bytes_whatever_the_time_and_order_of_changes() -> None:
    first = opened(zipped({"a": b"1", "b": b"2"})).replace({"x": b"X", "y": b"Y"})
    old = io.BytesIO()
    with zipfile.ZipFile(old, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (("a", b"1"), ("b", b"2")):
            entry = zipfile.ZipInfo(name, (1999, 9, 9, 9, 9, 9))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o777 << 16
            archive.writestr(entry, content)
    assert opened(old.getvalue()).replace({"y": b"Y", "x": b"X"}) == first


NAMES = st.text("abcđệ /._", min_size=1, max_size=8).filter(
    lambda name: not name.startswith("/") and ".." not in name.split("/")
)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(NAMES, st.binary(max_size=200), max_size=6),
    st.dictionaries(NAMES, st.binary(max_size=200), max_size=4),
)
def test_replaced_package_reads_as_the_changed_members(old: dict[str, bytes], new: dict[str, bytes]) -> None:
    again = opened(opened(zipped(old)).replace(new))
    assert {name: again.read(name) for name in again.names()} == {**old, **new}


# --- what is refused ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "office.not_zip"),
        (b"<html><body>xin ch\xc3\xa0o</body></html>", "office.not_zip"),
        (b"a;b;c\n1;2;3\n", "office.not_zip"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "office.not_zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "office.not_zip"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "office.encrypted",
        ),
        (b"PK\x03\x04 cut short", "office.damaged"),
        (zipped({"../evil.xml": b"x"}), "office.unsafe"),
        (zipped({"a/../../evil.xml": b"x"}), "office.unsafe"),
        (zipped({"/etc/passwd": b"x"}), "office.unsafe"),
        (zipped({"C:/x.xml": b"x"}), "office.unsafe"),
        (zipped({"xl/a.xml": b"x"}).replace(b"xl/a", b"xl\\a"), "office.unsafe"),
        (zipped({"A.xml": b"x", "a.xml": b"x"}), "office.unsafe"),
        (zipped({"aa.xml": b"x", "bb.xml": b"x"}).replace(b"bb.xml", b"aa.xml"), "office.unsafe"),
        (zipped({"a.xml": b"x"}, zipfile.ZIP_BZIP2), "office.damaged"),
        (zipped({str(number): b"" for number in range(2001)}), "office.too_large"),
        (zipped({"bomb.xml": bytes(9 << 20)}), "office.unsafe"),
    ],
)
def test_what_is_no_zip_of_ours_is_refused_with_its_code(content: bytes, code: str) -> None:
    assert codes(content) == [code]


def test_a_zip_with_its_maximum_of_members_is_opened() -> None:
    assert codes(zipped({str(number): b"" for number in range(2000)})) == []


def with_entry(content: bytes, at: int, form: str, value: int) -> bytes:
    """The zip with one field of its first directory entry overwritten."""
    changed = bytearray(content)
    struct.pack_into(form, changed, content.find(b"PK\x01\x02") + at, value)
    return bytes(changed)


@pytest.mark.parametrize(
    ("at", "form", "value", "code"),
    [
        (8, "<H", 1, "office.encrypted"),
        (24, "<L", (128 << 20) + 1, "office.too_large"),
        (20, "<L", 10_000, "office.damaged"),
        (42, "<L", 5, "office.damaged"),
        (28, "<H", 60_000, "office.damaged"),
        (0, "<L", 0, "office.damaged"),
    ],
)
def test_a_directory_that_lies_is_refused(at: int, form: str, value: int, code: str) -> None:
    assert codes(with_entry(zipped({"a.xml": b"hello" * 9, "b.xml": b"1"}), at, form, value)) == [code]


def test_members_that_together_exceed_the_limit_are_refused() -> None:
    content = zipped({name: random.Random(1).randbytes(1 << 20) for name in "abc"})
    lying = content
    at = -1
    for _ in "abc":
        at = lying.find(b"PK\x01\x02", at + 1)
        lying = lying[: at + 24] + struct.pack("<L", 100 << 20) + lying[at + 28 :]
    assert codes(lying) == ["office.too_large"]


def test_members_that_lie_over_each_other_are_refused() -> None:
    content = zipped({"a": random.Random(1).randbytes(5000)})
    directory, end = content.find(b"PK\x01\x02"), content.find(b"PK\x05\x06")
    entry = content[directory:end]
    entries = b"".join(entry[:-1] + name for name in (b"a", b"b", b"c"))
    last = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 3, 3, len(entries), directory, 0)
    assert codes(content[:directory] + entries + last) == ["office.unsafe"]


@pytest.mark.parametrize("declared", [0, 1, 99_999, 100_001, 150_000])
def test_a_member_is_never_inflated_beyond_the_size_it_declares(declared: int) -> None:
    package = opened(with_entry(zipped({"a.xml": b"0" * 100_000}), 24, "<L", declared))
    with pytest.raises(RefusedError) as refused:
        package.read("a.xml")
    assert [found.code for found in refused.value.issues] == ["office.damaged"]
    assert str(refused.value.issues[0].place) == "a.xlsx:a.xml"


def test_a_wrong_checksum_is_damage() -> None:
    with pytest.raises(RefusedError):
        opened(with_entry(zipped({"a.xml": b"0" * 100}), 16, "<L", 1)).read("a.xml")


def test_cut_and_flipped_zips_are_refused_and_never_raise_anything_else() -> None:
    chance = random.Random(20)
    content = zipped({f"{name}.xml": chance.randbytes(200) * 3 for name in "abcdef"})
    for _ in range(400):
        broken = bytearray(content)
        for _ in range(chance.randint(1, 3)):
            broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        if chance.random() < 0.3:
            del broken[chance.randrange(len(broken)) :]
        package, issues = open_package(bytes(broken), "a.xlsx")
        assert (package is None) == bool(issues)
        for name in package.names() if package else ():
            with contextlib.suppress(RefusedError):
                package.read(name)  # type: ignore[union-attr]


def test_a_file_above_the_limit_is_refused_unread() -> None:
    assert codes(b"PK" + bytes(zips.MAX_FILE)) == ["office.too_large"]


@pytest.mark.parametrize("tail", [b"\r\n", b"x" * 60_000])
def test_bytes_appended_by_a_mail_gateway_do_no_harm(tail: bytes) -> None:
    assert opened(zipped({"a": b"1"}) + tail).read("a") == b"1"
