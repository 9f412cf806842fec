"""Tiles: paths as the specification spells them, and a client that has only tiles rebuilds the root."""

from __future__ import annotations

import pytest

from signing_service.audit import merkle, proofs, tiles
from signing_service.audit.errors import NodesMissing, TileNotFound
from signing_service.audit.tiles import Tile, parse_path, read_tile, tiles_of
from tests.signing_service.audit.log_fixture import TestLog

PATHS = [
    (Tile(0, 0), "0/000"),
    (Tile(0, 999), "0/999"),
    (Tile(0, 1000), "0/x001/000"),
    (Tile(4, 1234067), "4/x001/x234/067"),
    (Tile(4, 1234067, 1), "4/x001/x234/067.p/1"),
    (Tile(63, 5, 255), "63/005.p/255"),
    (Tile(None, 1234067), "entries/x001/x234/067"),
    (Tile(None, 17, 17), "entries/017.p/17"),
]


@pytest.mark.parametrize(("tile", "path"), PATHS)
def test_paths(tile: Tile, path: str) -> None:
    assert tile.path() == path
    assert parse_path(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "0",
        "0/",
        "0/0",
        "0/00",
        "0/0000",
        "00/000",
        "01/000",
        "64/000",
        "-1/000",
        "0/-01",
        "0/x000/001",
        "0/x001",
        "0/001/000",
        "0/x001/x000",
        "0/000.p/0",
        "0/000.p/01",
        "0/000.p/256",
        "0/000.p/",
        "0/000.p",
        "0/000/",
        "data/000",
        "entries/000.p/300",
        "0/٠٠٠",
        "0/" + "x001/" * 30 + "000",
        "../secret",
    ],
)
def test_any_other_spelling_is_refused(path: str) -> None:
    with pytest.raises(TileNotFound):
        parse_path(path)


def test_the_tiles_of_a_log_of_70_000_entries() -> None:
    found = tiles_of(70_000)
    assert [(tile.level, tile.number) for tile in found if tile.width < 256] == [(0, 273), (1, 1), (2, 0)]
    assert [tile.width for tile in found if tile.width < 256] == [112, 17, 1]
    assert sum(tile.level == 0 for tile in found) == 274
    assert tiles_of(256) == [Tile(0, 0), Tile(1, 0, 1)]
    assert tiles_of(0) == []


def root_from_tiles(read: dict[Tile, bytes], size: int) -> bytes:
    """What a reader of C2SP tiles does: every node it needs comes out of a tile or is hashed out of its row."""

    def node(level: int, index: int) -> bytes:
        tile_level, above = divmod(level, 8)
        if above:
            return merkle.node_hash(node(level - 1, 2 * index), node(level - 1, 2 * index + 1))
        number, place = divmod(index, 256)
        width = min(256, (size >> (8 * tile_level)) - number * 256)
        return read[Tile(tile_level, number, width)][place * 32 : place * 32 + 32]

    return merkle.fold([node(*each) for each in merkle.perfect_subtrees(0, size)])


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 600])
def test_a_reader_of_tiles_finds_the_root_and_the_entries(sqlite_log: TestLog, size: int) -> None:
    with sqlite_log.database.write() as session:
        recorded = [sqlite_log.record_into(session).entry for _ in range(size)]
    with sqlite_log.database.read() as session:
        read = {tile: read_tile(session, tile, size) for tile in tiles_of(size)}
        assert root_from_tiles(read, size) == proofs.root_at(session, size)
        bundled = []
        for number in range(-(-size // 256)):
            width = min(256, size - number * 256)
            bundle = read_tile(session, Tile(None, number, width), size)
            while bundle:
                length = int.from_bytes(bundle[:2], "big")
                bundled.append(bundle[2 : 2 + length])
                bundle = bundle[2 + length :]
        assert bundled == recorded


def test_tiles_beyond_the_published_size_do_not_exist(log: TestLog) -> None:
    log.append(5)
    with log.database.read() as session:
        assert len(read_tile(session, Tile(0, 0, 5), 5)) == 160
        assert read_tile(session, Tile(0, 0, 3), 5) == read_tile(session, Tile(0, 0, 5), 5)[:96]
        for tile in (Tile(0, 0, 6), Tile(0, 0), Tile(0, 1, 1), Tile(1, 0, 1), Tile(None, 0, 6), Tile(63, 0, 1)):
            with pytest.raises(TileNotFound):
                read_tile(session, tile, 5)
        with pytest.raises(TileNotFound):
            read_tile(session, Tile(0, 0, 5), 4)


def test_a_lost_hash_is_not_passed_over(log: TestLog) -> None:
    log.append(5)
    log.tamper("DELETE FROM log_node WHERE level = 0 AND idx = 3")
    with log.database.read() as session, pytest.raises(NodesMissing):
        tiles.read_tile(session, Tile(0, 0, 5), 5)
