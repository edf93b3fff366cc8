/*
task: text_evidence
description: Which film a sentence is about, and from there who directed it.
given: [s.text]
answer: p.name
question:
  - "Who directed the film with the plot “{{ s.text }}”?"
*/
MATCH (s:Synopsis)-[:DESCRIBES]->(m:Movie)<-[:DIRECTED]-(p:Person)
RETURN s, m, p
