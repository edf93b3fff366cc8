/*
task: difference
description: The years between the birth of a film's director and the film; the director is hidden.
given: [m.title]
derive:
  sympy: "m.year - p.born"
  unit: year
question:
  - "How many years before the film “{{ m.title }}” came out was its director born, by calendar year?"
  - "By calendar year, how many years passed from the birth of the director of “{{ m.title }}” to the release of the film?"
*/
MATCH (m:Movie)<-[:DIRECTED]-(p:Person)
RETURN m, p
