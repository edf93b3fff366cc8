/*
task: value
description: The length of a film, with its unit (the mapping says that runtimes are minutes).
given: [m.title, m.year]
answer: m.runtime
question:
  - "How long is the film “{{ m.title }}” ({{ m.year }}){{ answer.unit }}?"
  - "What is the runtime of the {{ m.year }} film “{{ m.title }}”{{ answer.unit }}?"
*/
MATCH (m:Movie)
RETURN m
