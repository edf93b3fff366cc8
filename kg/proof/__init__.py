"""What "proved" means: section 6 of the design, on a snapshot.

Notation:
    claims C    what the question says: `variable.property` in normal form (`claims`)
    match       a binding of the template's pattern, predicates left out, that satisfies C (`putback`)
    Ans(C)      the answers of all matches of C, over the whole snapshot (`unique`)
    fact key    (subject, quantity, qualifiers, scope): facts that share it are about the same thing (`contested`)
    group       the evidence that stands in one element: table, chunk, formula, image (`needed`)
    closed set  what a count, superlative or list runs over, with a certificate that it is complete (`closed`)

From a binding to an answer:    derive = relations + (sql | arithmetic: expression, sympy | reading)
From a draft to a sample:       prove = derivation, said, closed, contested, unique, needed, source (on one `case`)
From an export to a verdict:    verify

Each check is pass, fail, not_applicable or unknown; proved = no fail and no unknown.
"""
