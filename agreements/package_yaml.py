"""YAML of a package without surprises: plain data only, bounded in every direction, with the line of each place.

A file may come from outside: no aliases, tags, merges or objects, no number that takes long to read, and no invisible
character by way of an escape. The limits hold for all YAML files of a package together.
"""

from __future__ import annotations

from typing import Any

import yaml

from agreements.errors import N_
from agreements.invisible import first_invisible
from agreements.package_files import Mistakes

MAX_NODES = 20_000
MAX_CHARACTERS = 256 * 1024
MAX_DEPTH = 24
MAX_KEY = 64
MAX_NUMBER = 40
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the pinned wheels bring it; a PyYAML built by hand may not
"""libyaml's parser under the same safe constructor: the shipped library is there after a quarter of the time."""
_BY_VALUE = tuple(f"tag:yaml.org,2002:{name}" for name in ("int", "float", "timestamp"))


def read_yaml(name: str, text: str, mistakes: Mistakes) -> Any:
    """The data of a YAML file; None after a mistake. Only plain data; aliases, tags and double keys are refused."""
    mistakes.yaml_characters += len(text)
    if mistakes.yaml_characters > MAX_CHARACTERS:
        mistakes.add(name, "", N_("The file is too deep, too long or has several documents."))
        return None
    try:
        if not _events_are_plain(name, text, mistakes):
            return None
        node = yaml.compose(text, Loader=LOADER)
        if node is None or not _Nodes(name, mistakes).read(node, ""):
            return None
        return yaml.constructor.SafeConstructor().construct_document(node)
    except yaml.MarkedYAMLError as error:
        lines = text.count("\n") + 1  # libyaml finds an unexpected end behind the last line
        line = min(error.problem_mark.line + 1, lines) if error.problem_mark else None
        mistakes.add(name, "", N_("The YAML cannot be read: {reason}."), line, reason=error.problem or "syntax")
    except (yaml.YAMLError, ValueError) as error:
        mistakes.add(name, "", N_("The YAML cannot be read: {reason}."), reason=str(error).split("\n")[0])
    return None


def _events_are_plain(name: str, text: str, mistakes: Mistakes) -> bool:
    depth = documents = 0
    for event in yaml.parse(text, Loader=LOADER):
        line = event.start_mark.line + 1 if event.start_mark else None
        mistakes.yaml_nodes += isinstance(event, yaml.NodeEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            mistakes.add(name, "", N_("Anchors and aliases are refused."), line)
        elif isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag:
            mistakes.add(name, "", N_("Tags are refused."), line)
        elif depth > MAX_DEPTH or mistakes.yaml_nodes > MAX_NODES or documents > 1:
            mistakes.add(name, "", N_("The file is too deep, too long or has several documents."), line)
        else:
            continue
        return False
    return True


class _Nodes:
    """Goes through the nodes of one file: notes the line of each place, refuses what must not become data."""

    def __init__(self, name: str, mistakes: Mistakes) -> None:
        self.name = name
        self.mistakes = mistakes

    def read(self, node: yaml.Node, place: str) -> bool:
        """Whether the node may become data."""
        if place:
            self.mistakes.lines.setdefault((self.name, place), node.start_mark.line + 1)
        if isinstance(node, yaml.SequenceNode):
            rows = [self.read(row, f"{place}[{index}]") for index, row in enumerate(node.value)]
            return all(rows)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        return self._scalar(node, place)

    def _mapping(self, node: yaml.MappingNode, place: str) -> bool:
        seen: set[str] = set()
        sound = True
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not self._key(key, place, line):
                sound = False
                continue
            inner = f"{place}.{key.value}" if place else str(key.value)
            if key.value in seen:
                self.mistakes.add(self.name, inner, N_("The key is there twice."), line)
            seen.add(key.value)
            self.mistakes.lines[(self.name, inner)] = line
            sound &= self.read(value, inner)
        return sound

    def _key(self, key: yaml.Node, place: str, line: int) -> bool:
        plain = isinstance(key, yaml.ScalarNode) and key.tag != "tag:yaml.org,2002:merge" and len(key.value) <= MAX_KEY
        if not plain:
            self.mistakes.add(self.name, place, N_("This key is not known here."), line)
        return plain and self._scalar(key, place)

    def _scalar(self, node: yaml.Node, place: str) -> bool:
        line = node.start_mark.line + 1
        strange = first_invisible(node.value, allowed="\n")
        if strange is not None:
            code = f"U+{ord(strange):04X}"
            self.mistakes.add(self.name, place, N_("The invisible character {code} is refused."), line, code=code)
            return False
        if node.tag not in _BY_VALUE:
            return True
        try:
            if len(node.value) > MAX_NUMBER:
                raise ValueError("the number is too long")
            yaml.constructor.SafeConstructor().construct_document(node)
        except (ValueError, OverflowError) as error:
            self.mistakes.add(self.name, place, N_("The YAML cannot be read: {reason}."), line, reason=str(error))
            return False
        return True
