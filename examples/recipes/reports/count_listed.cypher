/*
task: count
description: In how many of the reports that state it a field has one value.
given: [e.kind, d.kind, f.quantity, f.text]
derive:
  rows:
    r: >-
      MATCH (o:Document)-[:ABOUT]->(x:Entity)<-[:SUBJECT]-(g:Assertion)
      WHERE x.kind = e.kind AND o.kind = d.kind AND g.quantity = f.quantity AND g.document = o.id
      RETURN x.name AS name, g.text AS text
  sql: "SELECT count(*) FROM r, f WHERE r.text = f.text"
answer_type: count
closed: stating(f)
question:
  - "{{ f.quantity | picked(f.text, 'how many of the', closed, e.kind, d.kind) }}?"
strata: [f.quantity, answer]
*/
MATCH (d:Document)-[:ABOUT]->(e:Entity)<-[:SUBJECT]-(f:Assertion)
WHERE f.quantity IN ['landing gear type', 'runway surface type in the accident', 'lowest cloud condition at the time of the accident',
  'airworthiness certificate', 'runway surface condition in the accident', 'ELT', 'medical certification of the pilot']
RETURN d, e, f
