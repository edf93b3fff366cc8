"""What needs many documents, computed from all live fragments: resolution, subjects, boilerplate, links."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from kg.corpus import names
from kg.corpus.apart import Apart
from kg.corpus.boilerplate import boilerplate
from kg.corpus.constrain import constrain
from kg.corpus.links import links
from kg.corpus.relations import ends
from kg.corpus.resolve import Cluster, Fragment, Resolved, discriminator, resolve
from kg.corpus.typing import Typing
from kg.corpus.views import About, descriptions, references
from kg.values.name import normal
from schemas.ontology import Schema
from schemas.overlay import DocumentView, Overlay, ResolvedEntity


def build(
    fragments: Sequence[Fragment], schema: Schema | None = None, *, splits: Iterable[tuple[str, str]] = ()
) -> Overlay:
    """The overlay of a corpus. The order of the fragments is immaterial.

    Args:
        fragments: elements and facts per document, each content once.
        schema: the user's; types entities, relates them and prunes what it does not allow.
        splits: pairs of names that a user keeps apart (`kg.graph.edits.splits`).
    """
    ordered = sorted(fragments, key=lambda fragment: fragment[0].document.id)
    documents = [About(elements, facts) for elements, facts in ordered]
    apart = Apart(splits)
    if schema is None:
        return _overlay(documents, resolve(ordered, apart=apart), None)
    typing = Typing(schema)
    overlay = _overlay(documents, resolve(ordered, typing, apart=apart), typing)
    before = frozenset(entity.id for entity in overlay.entities)
    further = ends(ordered, overlay, typing)
    if further:
        overlay = _overlay(documents, resolve(ordered, typing, further, apart), typing)
    return constrain(overlay, ordered, typing, before=before)


def _overlay(documents: list[About], resolved: Resolved, typing: Typing | None) -> Overlay:
    described = descriptions(documents)
    subjects = {about.elements.document.id: _subject(about, documents, resolved, typing) for about in documents}
    phrases = references(documents, described)
    kinds = {about.elements.document.id: about.kind for about in documents}
    own: defaultdict[str, set[str]] = defaultdict(set)
    for document, subject in subjects.items():
        if subject:
            own[subject].add(described[document])
    return Overlay(
        entities=_entities(resolved, own, typing),
        resolution=resolved.resolution | {f"document:{d}": s for d, s in sorted(subjects.items()) if s},
        documents=tuple(
            DocumentView(
                document=about.elements.document.id,
                title=about.title,
                kind=about.kind,
                reference=phrases[about.elements.document.id],
                subject=subjects[about.elements.document.id],
            )
            for about in documents
        ),
        boilerplate=boilerplate([about.elements for about in documents], kinds),
        same_as=tuple(resolved.possible),
        links=links([about.elements for about in documents]),
    )


def _event_name(about: About, documents: Sequence[About]) -> str:
    """`Cessna 210`; with the place where another event has a subject of that name."""
    name = about.facts.subject.name if about.facts.subject else None
    named = [
        d for d in documents if d.event and d.facts.subject and normal(d.facts.subject.name or "") == normal(name or "")
    ]
    place = about.roles.get("location") or about.roles.get("date")
    return f"{name} ({place})" if len(named) > 1 and place else str(name)


def _subject(about: About, documents: Sequence[About], resolved: Resolved, typing: Typing | None) -> str | None:
    """Entity id of a document's own subject; the subject of an event is an entity of its own."""
    subject = about.facts.subject
    if subject is None or subject.name is None:
        return None
    found = discriminator(about.facts)
    if not found:
        return resolved.resolution.get(f"{subject.kind}|{normal(subject.name)}")
    head = (typing.head(subject.kind) if typing else None) or names.kind_head(subject.kind)
    cluster = Cluster((head, names.base(subject.name)), discriminator=found)
    cluster.surfaces[_event_name(about, documents)] += 1
    cluster.kinds[subject.kind] += 1
    cluster.aliases |= {subject.name} | {v for k, v in about.roles.items() if k in ("registration", "accession")}
    resolved.clusters[cluster.id] = cluster
    return cluster.id


def _shared_names(resolved: Resolved) -> frozenset[str]:
    """Ids of entities whose name another entity of the same document has: there the kind must be said."""
    by_name: defaultdict[str, list[Cluster]] = defaultdict(list)
    for cluster in resolved.clusters.values():
        by_name[normal(cluster.name)].append(cluster)
    return frozenset(
        a.id for found in by_name.values() for a in found for b in found if a is not b and a.documents & b.documents
    )


def _entities(resolved: Resolved, own: dict[str, set[str]], typing: Typing | None) -> tuple[ResolvedEntity, ...]:
    shared = _shared_names(resolved)
    entities = []
    for id_, cluster in sorted(resolved.clusters.items()):
        if id_ in own:
            described = min(own[id_], key=lambda text: (len(text), text))
        elif id_ in shared and cluster.kind not in names.UNTYPED:
            described = f"the {cluster.kind} {cluster.name}"
        else:
            described = cluster.name
        listed = {cluster.known.name, *cluster.known.instance.synonyms} if cluster.known else set()
        plain = set() if cluster.own else {names.plain(s) for s in cluster.surfaces}
        aliases = plain | set(cluster.surfaces) | cluster.aliases | listed
        entities.append(
            ResolvedEntity(
                id=id_,
                name=cluster.name,
                kind=cluster.kind,
                described=described,
                aliases=tuple(sorted(aliases - {cluster.name})),
                former_ids=tuple(sorted(cluster.former)),
                type=typing.decided(cluster.kinds, cluster.known) if typing else None,
            )
        )
    return tuple(entities)
