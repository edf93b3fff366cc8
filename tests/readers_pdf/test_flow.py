"""Paragraphs of a document from the blocks of its pages."""

from extraction.readers.pdf_captions import captions
from extraction.readers.pdf_flow import flow
from extraction.readers.pdf_lines import Vocabulary, lines_of
from extraction.readers.pdf_pages import Block, Page
from extraction.readers.pdf_sections import Levels, number_of, section_label
from extraction.readers.references import own_label
from runtime.pdf_words import Word
from tests.readers_pdf.pages import phrase


def block(kind: str, rows: list[str], x: float, y: float, page: int = 1, **style: object) -> Block:
    words: list[Word] = [w for i, row in enumerate(rows) for w in phrase(row, x, y + 12 * i, **style)]
    box = (min(w.box[0] for w in words), y - 8, max(w.box[2] for w in words), y + 12 * len(rows))
    return Block(kind, page, box, words, lines_of(words, page))


def page(number: int, *blocks: Block) -> Page:
    return Page(number, 600, 800, list(blocks), [w for b in blocks for w in b.words], [], [])


def texts(*pages: Page) -> list[tuple[str, str]]:
    vocabulary = Vocabulary.of(line for p in pages for b in p.blocks for line in b.lines)
    return [(item.kind, item.paragraph(vocabulary).text) for item in flow(pages)]


def test_a_paragraph_goes_on_after_a_page_end_and_a_footnote() -> None:
    first = page(
        1,
        block("text", ["the cat sat on the mat and then it", "went away to look for the"], 50, 700),
        block("text", ["*Corresponding author."], 50, 780, size=7.0),
        block("page-footer", ["12"], 300, 795),
    )
    second = page(2, block("text", ["mouse that lives in the barn."], 50, 60, page=2))
    assert texts(first, second) == [
        ("text", "the cat sat on the mat and then it went away to look for the mouse that lives in the barn."),
        ("footnote", "*Corresponding author."),
        ("page-footer", "12"),
    ]


def test_a_paragraph_that_ends_does_not_go_on() -> None:
    first = page(1, block("text", ["the cat sat on the mat."], 50, 700))
    second = page(2, block("text", ["iPhones are telephones."], 50, 60, page=2))
    assert [kind for kind, _ in texts(first, second)] == ["text", "text"]


def test_a_line_that_ends_early_ends_its_paragraph() -> None:
    rows = ["Occurrence #1: IN FLIGHT COLLISION WITH OBJECT THAT IS LONG", "Phase of Operation: APPROACH", "Findings"]
    prose = ["this is a paragraph that is as wide as the column of the page where both stand"] * 3
    wide = block("text", prose, 50, 300)
    assert [text for _, text in texts(page(1, block("text", rows, 50, 100), wide))][:3] == rows


def test_entries_of_a_reference_list_are_parted_by_their_hanging_indent() -> None:
    heading = block("section-header", ["References"], 50, 80)
    words = [
        *phrase("Tom Brown and Ann Smith. 2020. Models", 50, 100), *phrase("that learn. In Venue.", 60, 112),
        *phrase("Eve White. 2021. Other models. In", 50, 124), *phrase("another venue.", 60, 136),
    ]  # fmt: skip
    entries = Block("text", 1, (50, 92, 250, 140), words, lines_of(words, 1))
    assert texts(page(1, heading, entries))[1:] == [
        ("reference", "Tom Brown and Ann Smith. 2020. Models that learn. In Venue."),
        ("reference", "Eve White. 2021. Other models. In another venue."),
    ]


def test_captions_go_to_the_side_that_the_document_uses() -> None:
    """Two tables with captions below them: the upper caption stands as near to the lower table."""
    blocks = [
        block("table", ["1 2", "3 4"], 50, 100),
        block("caption", ["Table 1: First."], 50, 145),
        block("table", ["5 6", "7 8"], 50, 175),
        block("caption", ["Table 2: Second."], 50, 225),
    ]
    found = captions([page(1, *blocks)])
    assert [own_label(found[id(table)].text)[0] for table in (blocks[0], blocks[2])] == ["table 1", "table 2"]


def test_headings_take_their_level_from_numbers_and_others_from_their_style() -> None:
    items = flow(
        [
            page(
                1,
                block("section-header", ["1 Introduction"], 50, 100, size=12.0, bold=True),
                block("section-header", ["1.1 Data"], 50, 140, size=11.0, bold=True),
                block("section-header", ["Limitations"], 50, 180, size=12.0, bold=True),
            )
        ]
    )
    levels = Levels.of(items)
    assert [levels.level(item) for item in items] == [1, 2, 1]


def test_a_heading_that_begins_with_an_article_is_no_appendix() -> None:
    assert section_label("A small step") is None
    assert section_label("A Theoretical Details") == "section a"
    assert number_of("B.2 Settings") == "B.2"
