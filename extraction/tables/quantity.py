"""Quantities of statements: row label and row groups as one noun phrase.

`Net sales:` > `Services` -> net sales of services; `Earnings per share:` > `Basic` -> basic earnings per share;
`Operating expenses:` > `Research and development` -> research and development expenses;
`Americas:` > `Net sales` -> net sales of Americas; `Non-current liabilities:` > `Term debt` (where `Term debt` occurs
twice) -> term debt within non-current liabilities.
"""

from __future__ import annotations

import re
from typing import Final

from extraction.tables.phrase import Vocabulary, lowered, noun_phrase
from kg.values.name import normal, singular
from kg.values.period import parse_period

_FLOW: Final = re.compile(
    r"\b(?:sales|revenues?|turnover|gross margin|margins?|profits?|costs? of (?:sales|revenues?|goods sold"
    r"|services)|percentage"
    r"|earnings per share|net income per share|loss per share|per share computation|shares?|volume|production"
    r"|deliveries|shipments"
    r"|bookings|orders|subscribers|headcount|employees|stock-based compensation(?: expense)?"
    r"|share-based compensation(?: expense)?"
    r"|long-lived assets|inventor(?:y|ies)|capital expenditures?|income taxes)\b$",
    re.IGNORECASE,
)
_EXPENSES: Final = re.compile(r"^(?:.*\s)?(?:expenses?|costs and expenses|costs)$", re.IGNORECASE)
_MEASURE: Final = re.compile(
    r"\b(?:sales|revenues?|income|expenses?|costs?|margins?|profits?|loss(?:es)?|earnings|percentage|rates?|cash"
    r"|balances?|assets?"
    r"|liabilit\w+|equity|payables?|receivables?|tax(?:es)?|provision|shares|amortization|amortisation"
    r"|depreciation|compensation"
    r"|dividends?|debt|securities|investments?|gains?|proceeds|payments?|purchases?|repurchases?|repayments?"
    r"|changes?|decrease"
    r"|increase|goodwill|interest|fees|charges?|contracts?|numbers?|average|value|reserves?|allowance|benefits?)\b",
    re.IGNORECASE,
)
_ADJECTIVES: Final = frozenset(
    ["basic", "diluted", "gross", "net", "current", "deferred", "domestic", "foreign", "federal", "state", "other",
     "basic and diluted",
     "non-current", "long-term", "short-term", "variable", "fixed", "international"]
)  # fmt: skip
_MEMBER_OF: Final = re.compile(
    r"^(?:net |total |gross |segment |operating )*(?:sales|revenues?|turnover|income|loss|profit|income \(loss\)"
    r"|gross margin|gross profit)$",
    re.IGNORECASE,
)
_BARE: Final = frozenset(
    ["other", "total", "subtotal", "others", "all other", "net", "basic", "diluted", "sum", "other, net", "balance",
     "current", "gross",
     "additions", "deductions", "granted", "vested", "ending balances", "beginning balances", "ending balance",
     "beginning balance"]
)  # fmt: skip
_NO_CHANGE: Final = r"(?:other$|change|net change|adjustment|total|(?:net )?cash (?:generated|provided|used|from)\b)"
"""What stands under `Changes in operating assets and liabilities` and is no change of something."""
_TITLE: Final = re.compile(
    r"^(?!Other|All\b|Rest\b|Total)(?:[A-Z][\w&.-]*|&|and|of|the)(?: (?:[A-Z][\w&.-]*|&|and|of|the))*$"
)
"""Names of segments, markets and regions as a table by them prints them: `Data Center`, not `Other countries`."""
_SHARE_OF: Final = re.compile(r"^(?:as\s+)?(?:a\s+)?(?:percentage|percent|%)\s+of\s+(?P<of>.+)$", re.IGNORECASE)
_TOTAL: Final = re.compile(r"^total\s+", re.IGNORECASE)


def phrase(
    label: str, groups: tuple[str, ...], vocabulary: Vocabulary, *, repeated: bool = False, above: str | None = None
) -> str | None:
    """The noun phrase of a statement's row, None where its words do not stand on their own.

    Args:
        label: the row's label.
        groups: labels of the groups that it stands in, outside in.
        vocabulary: the document's words.
        repeated: another row of the table has the same label.
        above: the quantity of the data row right above, which `% of net revenue` is about.
    """
    text = _plain(label)
    if share := _SHARE_OF.match(text):
        whole = noun_phrase(share["of"], vocabulary)
        return f"{above} as a percentage of {whole}" if above and whole else None
    groups = tuple(g for g in groups if parse_period(g) is None)
    if groups and re.match(r"(?:net )?(?:changes?|\(?increase\)?[ /(]+decrease\)?) in\b", groups[-1], re.IGNORECASE):
        own = noun_phrase(_net_first(text), vocabulary)
        return f"change in {own}" if own and not re.match(_NO_CHANGE, own) else own
    if ending := re.match(r"^(.+),\s+((?:ending|beginning) balances?)$", text, re.IGNORECASE):
        text, groups = ending[2], (*groups, ending[1])
    for group in reversed(groups):
        if joined := _joined(text, _plain(group), vocabulary):
            return joined
        if normal(text) in {normal(b) for b in _BARE} and not repeated:
            break
    if normal(text) in {normal(b) for b in _BARE}:
        return _bare(text, groups, vocabulary)
    own = noun_phrase(_net_first(text), vocabulary)
    if own is None or not re.search(r"(?:^|\s)[a-z]|[A-Z]{3}", own):
        return None
    if repeated:
        outer = noun_phrase(_net_first(groups[-1]), vocabulary) if groups else None
        return f"{own} within {outer}" if outer else None
    return own


def inside(phrase: str, whole: str, vocabulary: Vocabulary) -> str:
    """`operating leases` that a total of accrued liabilities sums -> `operating leases within accrued liabilities`.

    A label with a word of money or balance says by itself what it is an amount of.
    """
    outer = noun_phrase(whole, vocabulary)
    shared = set(normal(phrase).split()) & set(normal(whole).split())
    if outer is None or " of " in phrase or is_measure(phrase) or any(len(word) > 3 for word in shared):
        return phrase
    return f"{phrase} within {outer}"


def _net_first(label: str) -> str:
    """`Accounts receivable, net` -> `Net accounts receivable`; `Total property, net` -> `Total net property`."""
    match = re.match(r"^(total\s+)?(.+),\s+net$", label, re.IGNORECASE)
    if match is None:
        return label
    rest = match[2] if match[2][1:2].isupper() else match[2][0].lower() + match[2][1:]
    return f"{match[1] or ''}net {rest}" if match[1] else f"Net {rest}"


def _plain(label: str) -> str:
    """A label without its colon, and stock without par value and numbers of shares."""
    label = re.sub(r",\s+(?:no|\$?[\d.]+) par value\b.*$", "", " ".join(label.split()), flags=re.IGNORECASE)
    return label.strip(" :.-–—")


def _joined(label: str, group: str, vocabulary: Vocabulary) -> str | None:
    """Group and label as one phrase, where one of them is a quantity and the other names its part."""
    main, _, by = group.partition(" by ")
    quantity, member = noun_phrase(_net_first(main), vocabulary), part(label, vocabulary)
    if by and member and _TITLE.match(label):
        member = label
    if quantity is None or member is None:
        return None
    low = label.casefold()
    if low in _ADJECTIVES and (_FLOW.search(main) or _EXPENSES.match(main) or "share" in main.casefold()):
        return f"{low} {quantity}"
    if _EXPENSES.match(main) and not re.search(
        r"\b(?:expenses?|costs?|loss(?:es)?|gains?|amortization|charges?|income)\b", low
    ):
        return f"{member} {'expenses' if quantity.endswith('expenses') else quantity.split()[-1]}"
    if _FLOW.search(main) and not _TOTAL.match(label) and not _MEASURE.search(label):
        return f"{quantity} of {_member(member, by)}"
    if _MEMBER_OF.match(low) and low not in ("net income", "net loss"):
        whole = _member(part(group, vocabulary) or "", "")
        return f"{member} of {whole}" if whole and not _MEASURE.search(group) and len(group.split()) <= 5 else None
    return None


def part(label: str, vocabulary: Vocabulary) -> str | None:
    """A label as a part: a name keeps its capitals, words go to lower case."""
    words = label.split()
    if not words or len(words) > 8 or re.search(r"[:;=]|^(?:fiscal\s+)?\d{4}\b|\bthereafter$", label, re.IGNORECASE):
        return None
    if vocabulary.is_name(label):
        return label
    low = lowered(label, vocabulary)
    kept = [w[:1].isupper() for w in low.split()]
    return label if any(kept[1:]) or (kept[0] and len(words) > 1) else low


def _member(part: str, by: str) -> str:
    """A part with the noun that says what it is: `the Europe segment` for `net sales by reportable segment`."""
    noun = singular(by.rsplit(maxsplit=1)[-1].casefold()) if by else ""
    if re.match(r"(?:United|Americas$|Netherlands$|Philippines$|Rest of|Middle East|EU$|US$|UK$)", part):
        part = f"the {part}"
    if "geographic" in by.casefold():
        return part  # `revenue of Taiwan`: regions that are countries
    if noun in ("segment", "region", "division", "geography", "market") and not normal(part).endswith(noun):
        return f"the {part.removeprefix('the ')} {'region' if noun == 'geography' else noun}"
    return part


def _bare(text: str, groups: tuple[str, ...], vocabulary: Vocabulary) -> str | None:
    """`Ending balances` under `Retained earnings` -> ending balance of retained earnings; others say nothing."""
    if "balance" in text.casefold() and text.casefold() != "balance" and groups:
        outer = noun_phrase(groups[-1], vocabulary)
        return f"{text.casefold().rstrip('s')} of {outer}" if outer else None
    return None


def is_measure(label: str) -> bool:
    """Whether a label has a word of money or balance: then a plural does not count anything."""
    return bool(_MEASURE.search(label) or _FLOW.search(label))


def is_expense(label: str) -> bool:
    """Whether a label names expenses, whose parts are named with that word: `research and development expenses`."""
    return bool(_EXPENSES.match(label))


def is_member_quantity(label: str) -> bool:
    """Whether a label is a quantity that segments and regions have: sales, revenue, operating income."""
    return bool(_MEMBER_OF.match(label.casefold()))


def total_name(label: str) -> str | None:
    """What a total is the total of: `Total net sales` -> `net sales`; None for a bare `Total`."""
    rest = _TOTAL.sub("", label).strip()
    return rest if rest and rest.casefold() != "total" and normal(rest) != "total" else None


def named_by(text: str) -> str | None:
    """The quantity by members that a head announces, `net sales by reportable segment`; None where it names none."""
    match = re.search(
        r"\b((?:net |total |gross |our )*(?:sales|revenues?|operating income|gross margin|long-lived assets|inventory)"
        r"(?: and [a-z ]{3,20})?)\s+(?:disaggregated\s+|from customers[a-z ]{0,40}?\s)?by\s+(?:each of\s+)?"
        r"(?:the\s+|our\s+)?((?:[a-z\-]+\s)?[a-z\-]+)\b",
        text,
        re.IGNORECASE,
    )
    if match is None or " and " in match[1]:
        return None
    return f"{re.sub(r'^our ', '', match[1], flags=re.IGNORECASE)} by {match[2]}"
