"""Conservative resolution of names over the whole corpus.

Two names are one entity if their normal forms without legal forms are equal and their kinds have one head noun (coined
names like `GPT-4o` need no equal kind), or if the text defines one as the acronym of the other and no document defines
it otherwise. Nothing is closed transitively. What is only possible is kept apart and said: `same_as`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kg.corpus import names
from kg.corpus.apart import NOTHING_APART, Apart
from kg.corpus.typing import Typing
from kg.graph.ids import digest
from kg.ontology.vocabulary import Known
from kg.values.name import normal
from schemas.element import Elements
from schemas.fact import Facts

Fragment = tuple[Elements, Facts]
Key = tuple[str, str]
"""(head of the kind or "" where it says nothing, base name)"""


@dataclass(slots=True)
class Cluster:
    """What is known about one entity."""

    key: Key
    surfaces: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    aliases: set[str] = field(default_factory=set)
    former: set[str] = field(default_factory=set)
    documents: set[str] = field(default_factory=set)
    discriminator: str = ""
    """What tells subjects of one name apart: the case number of an event."""
    known: Known | None = None
    """The member of the schema's gazetteer that this is."""
    own: bool = False
    """A user keeps this form apart from its base name: the legal form belongs to the name."""

    @property
    def id(self) -> str:
        """From head kind, base name and discriminator: other documents do not change it."""
        return entity_id(*self.key, self.discriminator)

    @property
    def name(self) -> str:
        """As the schema spells it, else the most frequent surface form, without its legal form."""
        if self.known:
            return self.known.name
        plain: Counter[str] = Counter()
        for surface, count in self.surfaces.items():
            plain[surface if self.own else names.plain(surface)] += count
        return names.most_frequent(plain)

    @property
    def kind(self) -> str:
        """The one kind that is said; of several their head noun: a `reward model` and an `LLM` are a `model`."""
        typed = {kind: n for kind, n in self.kinds.items() if kind not in names.UNTYPED}
        if len(typed) <= 1:
            return next(iter(typed), "term")
        heads: Counter[str] = Counter()
        for kind, count in typed.items():
            heads[self.key[0] or names.kind_head(kind)] += count
        return names.most_frequent(heads)


def entity_id(head: str, base: str, discriminator: str = "") -> str:
    """Id of an entity."""
    return digest("entity", head or "term", base, *([discriminator] if discriminator else []))


@dataclass(slots=True)
class Resolved:
    """Clusters by id, the resolution of `kind|normal name` to ids, and possible pairs."""

    clusters: dict[str, Cluster]
    resolution: dict[str, str]
    possible: list[tuple[str, str, str]]


def resolve(
    fragments: Sequence[Fragment],
    typing: Typing | None = None,
    further: Iterable[tuple[str, str, str]] = (),
    apart: Apart = NOTHING_APART,
) -> Resolved:
    """Resolve every name that facts and mentions use.

    Args:
        fragments: elements and facts per document.
        typing: the user's schema: kinds of one node type are one kind, spellings of one instance one name.
        further: more (document, kind, name): values that name the other end of a relation.
        apart: names that a user keeps apart.
    """
    found = [use for use in (*_uses(fragments), *further) if names.base(use[2])]
    uses = Counter((kind, name) for _, kind, name in found)
    spelled = {short: min(found.values()) for short, found in _long_forms(fragments).items() if len(found) == 1}
    heads_of = {kind: _head(kind, spelled, typing) for kind, _ in uses}
    typed = _typed_heads(uses, heads_of)
    coined = {names.base(name) for _, name in uses if names.is_coined(name)}
    clusters: dict[Key, Cluster] = {}
    place: dict[tuple[str, str], Key] = {}
    for (kind, name), count in sorted(uses.items()):
        base = names.base(name)
        heads = typed.get(base, [])
        head = "" if base in coined else heads_of[kind] or (heads[0] if len(heads) == 1 else "")
        own = apart.own(name)
        known = typing.known(kind, name) if typing and not own else None
        if own:
            base = own
        elif typing and known:
            head, base = typing.key(known)
        cluster = clusters.setdefault((head, base), Cluster((head, base)))
        cluster.known, cluster.own = cluster.known or known, bool(own)
        cluster.surfaces[name] += count
        cluster.kinds[kind] += count
        place[kind, name] = (head, base)
    for document, kind, name in found:
        clusters[place[kind, name]].documents.add(document)
    possible = _merge_acronyms(fragments, clusters, place, apart)
    resolution = {f"{kind}|{normal(name)}": clusters[key].id for (kind, name), key in sorted(place.items())}
    by_id = {cluster.id: cluster for cluster in clusters.values() if cluster.surfaces}
    possible += _homonyms(by_id.values())
    return Resolved(by_id, resolution, sorted(set(possible)))


def _head(kind: str, spelled: Mapping[str, str], typing: Typing | None) -> str:
    """Head noun of a kind; of a declared node type its whole noun."""
    declared = typing.head(kind) if typing else None
    return declared or names.kind_head(spelled.get(names.base(kind), kind))


def _uses(fragments: Sequence[Fragment]) -> Iterator[tuple[str, str, str]]:
    """(document, kind, name) of every use of a name."""
    for _, facts in fragments:
        document = facts.document
        for fact in facts.facts:
            if fact.subject.name:
                yield document, fact.subject.kind, fact.subject.name
            if fact.value.kind == "entity":
                yield document, "term", fact.value.text
        for mention in facts.mentions:
            yield document, mention.kind, mention.name
            if mention.alias_of:
                yield document, mention.kind, mention.alias_of
        if facts.subject and facts.subject.name and not discriminator(facts):
            yield document, facts.subject.kind, facts.subject.name


def discriminator(facts: Facts) -> str:
    """What tells a document's subject apart from others of its name: an event's case number, or its date and place."""
    roles = facts.subject_facts
    if "event" not in roles:
        return ""
    return normal(roles.get("accession") or f"{roles.get('date', '')} {roles.get('location', '')}")


def _typed_heads(uses: Iterable[Key], heads_of: Mapping[str, str]) -> dict[str, list[str]]:
    heads: defaultdict[str, set[str]] = defaultdict(set)
    for kind, name in uses:
        if head := heads_of[kind]:
            heads[names.base(name)].add(head)
    return {base: sorted(found) for base, found in heads.items()}


def _long_forms(fragments: Sequence[Fragment]) -> dict[str, dict[str, str]]:
    """Base of an acronym -> bases of its long forms -> a surface of each."""
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for _, facts in fragments:
        for mention in facts.mentions:
            if mention.alias_of:
                surfaces = found[names.base(mention.name)]
                base = names.base(mention.alias_of)
                surfaces[base] = min(surfaces.get(base, mention.alias_of), mention.alias_of)
    # `script planning tasks` adds words to `script planning`: one long form, the shortest.
    return {
        short: {b: text for b, text in long.items() if not any(b != o and b.startswith(f"{o} ") for o in long)}
        for short, long in found.items()
    }


def _merge_acronyms(
    fragments: Sequence[Fragment], clusters: dict[Key, Cluster], place: dict[tuple[str, str], Key], apart: Apart
) -> list[tuple[str, str, str]]:
    """Moves acronyms into their long form's cluster, where the corpus defines them in one way only."""
    possible = []
    for short, found in sorted(_long_forms(fragments).items()):
        if any(apart.are(short, long) for long in found):
            continue
        short_keys = sorted(key for key in clusters if key[1] == short)
        long_keys = sorted(key for key in clusters if key[1] in found)
        if len(found) > 1 or len(short_keys) != 1 or len(long_keys) != 1 or not _compatible(short_keys, long_keys):
            evidence = f"{short} is defined as {'; '.join(sorted(found.values()))}"
            possible += [
                (*sorted((clusters[a].id, clusters[b].id)), evidence) for a in short_keys for b in long_keys if a != b
            ]
            continue
        _absorb(clusters, place, short_keys[0], long_keys[0])
    return [(one, other, evidence) for one, other, evidence in possible]


def _compatible(short: list[Key], long: list[Key]) -> bool:
    return short != long and (short[0][0] == long[0][0] or not short[0][0] or not long[0][0])


def _absorb(clusters: dict[Key, Cluster], place: dict[tuple[str, str], Key], short: Key, long: Key) -> None:
    """The typed one of the two keeps its id; the other's becomes a former id."""
    source, target = (long, short) if short[0] and not long[0] else (short, long)
    gone, kept = clusters[source], clusters[target]
    kept.surfaces += gone.surfaces
    kept.kinds += gone.kinds
    kept.former |= {gone.id} | gone.former
    kept.documents |= gone.documents
    kept.known = kept.known or gone.known
    clusters[source] = Cluster(source)
    for used, key in place.items():
        if key == source:
            place[used] = target
    del clusters[source]


def _homonyms(clusters: Iterable[Cluster]) -> list[tuple[str, str, str]]:
    by_base: defaultdict[str, list[Cluster]] = defaultdict(list)
    for cluster in clusters:
        by_base[cluster.key[1]].append(cluster)
    return [
        (*_ordered(a.id, b.id), f"same name, {a.kind} and {b.kind}")
        for found in by_base.values()
        for i, a in enumerate(sorted(found, key=lambda c: c.key))
        for b in sorted(found, key=lambda c: c.key)[i + 1 :]
    ]


def _ordered(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one <= other else (other, one)
