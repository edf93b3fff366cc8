"""Answer matching: is what a model said the answer of a sample?

expected  the right answer: text, aliases, unit, scale, tolerance, choices, language
output    the final answer in an output: thinking, JSON, tags, boxes, `Answer: ...`, last sentence
clean     Markdown and LaTeX away
amount    numbers in several locales, with scale and unit; words: the words of several languages
numbers, dated, names, sets, choice, formula   one judge each: True, False, or None where nothing of the kind is said
squad     exact match, soft exact match, F1
grade     all together

A judge is strict: doubt, contradiction and an answer next to an alternative are not correct. Nothing to grade (an empty
output, a transport error) is None, which is not wrong.
"""

from scoring.answers.expected import Expected, of_sample, of_text
from scoring.answers.grade import Grade, grade

__all__ = ["Expected", "Grade", "grade", "of_sample", "of_text"]
