"""A package as a zip file: what programs write is read, what an enemy writes is refused, the way back is exact."""

from __future__ import annotations

import io
import stat
import struct
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from agreements.errors import TemplateInvalid
from agreements.package_files import MAX_FILE_BYTES, MAX_FILES, Mistakes, Package, files_named, read_package
from agreements.package_zip import MAX_ARCHIVE_BYTES, read_zip, write_zip
from agreements.templates import library, library_folders
from tests.factories import packages
from tests.factories.packages import zipped


def read(data: bytes) -> Package:
    return read_zip(data, "small.zip", Mistakes())


@contextmanager
def refused(*expected: str) -> Iterator[None]:
    """Refused with exactly these mistakes, soon."""
    begun = time.process_time()
    with pytest.raises(TemplateInvalid) as told:
        yield
    assert [problem.text for problem in told.value.problems] == list(expected)
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("folder", ["", "small/", "My template (2)/", "模板/"])
def test_a_zip_file_as_programs_write_it(folder: str) -> None:
    assert read(zipped(packages.small(), folder)).sha256 == packages.read(packages.small()).sha256


def test_folders_of_their_own_and_what_a_mac_adds() -> None:
    files = {"small/": "", "small/clauses/": "", "small/.DS_Store": b"\0\1", "__MACOSX/small/._template.yaml": b"\0"}
    files |= {f"small/{path}": data for path, data in packages.small().items()}
    assert read(zipped(files)).sha256 == packages.read(packages.small()).sha256


@pytest.mark.parametrize("template_id", [folder.name for folder in library_folders()])
def test_a_package_taken_home_and_uploaded_again_is_the_same(template_id: str) -> None:
    template = library()[template_id]
    taken = write_zip(template.package, template.id)
    assert read(taken).sha256 == template.sha256
    assert taken == write_zip(read(taken), template.id)


def test_the_bytes_do_not_depend_on_anything_but_the_package() -> None:
    backwards = dict(reversed(packages.small().items()))
    one, other = (write_zip(packages.read(files).package, "small") for files in (packages.small(), backwards))
    assert one == other
    assert zlib.compress(one) != one, "nothing in it is packed, so no library's version changes a byte"


def test_the_manifest_names_every_file() -> None:
    package = packages.read(packages.small()).package
    assert set(files_named(package.manifest)) == set(package.files)
    windows = read(zipped({path: str(data).replace("\n", "\r\n") for path, data in packages.small().items()}))
    assert windows.texts == package.texts, "line ends do not change what is read"
    assert windows.sha256 != package.sha256, "but every byte is named"


# --- what an enemy writes ----------------------------------------------------------------------------------------

OUT = "The name of a file in a package is a path inside it."


LEADING_OUT = ["../../etc/cron.d/x", "/etc/passwd", "clauses/../../x.en.md", "C:/x.md", "clauses\\fee.en.md"]
LEADING_OUT += ["./template.yaml", "clauses//fee.en.md", "clauses/./x.en.md", ".."]


@pytest.mark.parametrize("path", LEADING_OUT)
def test_a_path_that_leads_out(path: str) -> None:
    with refused(f"{path}: {OUT}"):
        read(zipped({**packages.small(), path: "x"}))


def test_a_name_that_is_cut_off_at_a_nul() -> None:
    data = zipped({**packages.small(), "clauses/fee.en.mdX": "x"}).replace(b"fee.en.mdX", b"fee.en.md\0")
    with refused(f"clauses/fee.en.md\\u0000: {OUT}"):
        read(data)


def test_a_name_in_another_form_of_unicode() -> None:
    with refused("clauses/fe\u0301e.en.md: The name is not in the composed form of Unicode (NFC)."):
        read(zipped({**packages.small(), "clauses/fe\u0301e.en.md": "x"}))


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK, stat.S_IFDIR])
def test_an_entry_that_is_no_file(mode: int) -> None:
    def linked(info: zipfile.ZipInfo) -> None:
        info.external_attr = (mode | 0o777) << 16

    with refused("clauses/fee.en.md: Links and special files are refused."):
        read(altered("clauses/fee.en.md", linked, b"/etc/passwd"))


def altered(path: str, change: Callable[[zipfile.ZipInfo], None], data: bytes | None = None) -> bytes:
    """The small package with one entry made otherwise."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in packages.small().items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            if name == path:
                change(info)
            archive.writestr(info, data if data is not None and name == path else text)
    return target.getvalue()


def in_directory(data: bytes, path: str, offset: int, field: bytes) -> bytes:
    """The zip file with some bytes of one entry of its directory replaced."""
    at = data.rindex(path.encode()) - 46
    assert data[at : at + 4] == b"PK\x01\x02"
    return data[: at + offset] + field + data[at + offset + len(field) :]


def test_an_encrypted_entry() -> None:
    with refused("clauses/fee.en.md: Encrypted files are refused."):
        read(in_directory(zipped(packages.small()), "clauses/fee.en.md", 8, struct.pack("<H", 1)))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, 97])
def test_another_way_of_packing(method: int) -> None:
    with refused("clauses/fee.en.md: The file is packed in a way that is not read here; use “deflate”."):
        read(in_directory(zipped(packages.small()), "clauses/fee.en.md", 10, struct.pack("<H", method)))


def test_a_gigabyte_that_is_only_declared() -> None:
    with refused(f"clauses/fee.en.md: The file is larger than {MAX_FILE_BYTES} bytes."):
        read(in_directory(zipped(packages.small()), "clauses/fee.en.md", 24, struct.pack("<I", 1 << 30)))


@pytest.mark.parametrize("declared", [0, 1, 10, 5000])
def test_a_size_that_is_not_the_real_one(declared: int) -> None:
    """More comes out than was declared, or less: neither is believed."""
    text = "# Fee\n\n" + "".join(f"word{n} " for n in range(400))
    data = zipped({**packages.small(), "clauses/fee.en.md": text})
    with refused("clauses/fee.en.md: The file is damaged, or is not what the zip file says of it."):
        read(in_directory(data, "clauses/fee.en.md", 24, struct.pack("<I", declared)))


def test_a_bomb() -> None:
    with refused("clauses/fee.en.md: The file is packed more than 100 times smaller."):
        read(zipped({**packages.small(), "clauses/fee.en.md": b"a" * 200_000}))


def test_a_stream_that_does_not_end_where_it_should() -> None:
    """The directory lies about the size of a bomb: it is unpacked as far as the directory says, and then refused."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    stream = b"".join(packer.compress(b"\0" * (1 << 20)) for _ in range(64)) + packer.flush()
    data = zipped(packages.small() | {"samples/two.yaml": b"x"})
    head = data.index(b"samples/two.yaml") - 30
    local = bytearray(data[head : head + 46])
    local[18:26] = struct.pack("<II", len(stream), 100_000)
    body = data[:head] + bytes(local) + stream
    at = data.rindex(b"samples/two.yaml") - 46
    entry = bytearray(data[at : at + 62])
    entry[20:28] = struct.pack("<II", len(stream), 100_000)
    first = data.index(b"PK\x01\x02")
    directory = data[first:at] + bytes(entry)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 5, 5, len(directory), len(body), 0)
    with refused("samples/two.yaml: The file is damaged, or is not what the zip file says of it."):
        read(body + directory + end)


def test_many_files_that_are_each_small_enough() -> None:
    words = "".join(f"word{n} " for n in range(20_000))
    more = {f"clauses/c{n}.en.md": f"# A\n\n{n} {words}" for n in range(8)}
    with refused(": The package is larger than 1048576 bytes."):
        read(zipped({**packages.small(), **more}))


def test_too_many_files() -> None:
    with refused(f": The package has more than {MAX_FILES} files."):
        read(zipped({f"clauses/c{n}.en.md": "x" for n in range(3000)}))


def test_one_file_twice() -> None:
    data = zipped({**packages.small(), "clauses/fee.eN.md": "# Other\n\nOther.\n"}).replace(b"fee.eN.md", b"fee.en.md")
    with refused("clauses/fee.en.md: The file is there twice."):
        read(data)


@pytest.mark.parametrize(
    "path", ["clauses/more/fee.en.md", "notes.txt", "clauses/FEE.en.md", "samples/x.yml", "other/", "clauses/in/"]
)
def test_what_does_not_belong_into_a_package(path: str) -> None:
    with refused(f"{path}: A package holds template.yaml, clauses/<id>.<language>.md and samples/*.yaml only."):
        read(zipped({**packages.small(), path: "" if path.endswith("/") else "x"}))


def test_two_packages_in_one_file() -> None:
    both = {f"{top}/{path}": data for top in ("a", "b") for path, data in packages.small().items()}
    with pytest.raises(TemplateInvalid) as told:
        read(zipped(both))
    assert "template.yaml: The file is missing." in [problem.text for problem in told.value.problems]


NO_ZIP = ": This is not a zip file that can be read."


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"PK\x03\x04" + b"\0" * 100,
        b"PK\x05\x06" + b"\0" * 18,
        b"\0" * 70_000,
        b"PK\x05\x06" + b"\xff" * 18,
    ],
    ids=["nothing", "text", "a beginning", "an end", "zeros", "an end full of ones"],
)
def test_what_is_no_zip_file(data: bytes) -> None:
    expected = "template.yaml: The file is missing." if data[:8] == b"PK\x05\x06\0\0\0\0" else NO_ZIP
    with refused(expected):
        read(data)


def test_every_cut_off_zip_file_is_refused() -> None:
    whole = zipped(packages.small())
    for length in range(0, len(whole), 37):
        with pytest.raises(TemplateInvalid):
            read(whole[:length])


def test_every_altered_byte_is_noticed_or_changes_nothing() -> None:
    """Whatever one byte does to the container: an ordinary refusal, or the very same package."""
    whole, expected = zipped(packages.small()), packages.read(packages.small()).sha256
    for at in range(0, len(whole), 7):
        changed = whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :]
        try:
            assert read(changed).sha256 == expected, at
        except TemplateInvalid:
            continue


def test_a_file_that_is_too_large_is_not_opened() -> None:
    with refused(f": The zip file is larger than {MAX_ARCHIVE_BYTES} bytes."):
        read(b"PK" * MAX_ARCHIVE_BYTES)


def test_a_folder_and_a_zip_file_of_it_are_one_package() -> None:
    folder = library_folders()[0]
    package = read_package(folder, Mistakes())
    assert read(zipped(package.files, f"{folder.name}/")).manifest == package.manifest
