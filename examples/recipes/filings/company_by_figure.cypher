/*
task: bridge
description: The company is told by a figure of its income statement; asked is a figure of another table.
given: [e.kind, f.quantity, f.text, f.period, g.quantity, g.period]
answer: g.number
question:
  - "For the {{ e.kind | noun }} whose {{ f.quantity | phrase }}{{ f.period | period }} {{ f.quantity | be }} {{ f.text | spoken }}, {{ g.quantity | ask_of }}{{ g.period | period }}{{ answer.unit }}?"
strata: [document, answer]
limit_per: {answer: 1}
*/
MATCH (f:Assertion)-[:SUBJECT]->(e:Entity)<-[:SUBJECT]-(g:Assertion)
WHERE f.shape = 'statement' AND g.shape = 'statement' AND f.element <> g.element AND f.document <> g.document
  AND f.quantity IN ['total net sales', 'revenue', 'total revenue', 'net income', 'operating income', 'income from operations']
  AND g.quantity IN ['inventories', 'goodwill', 'retained earnings', 'accounts payable', 'total assets', 'total current liabilities', 'deferred revenue']
RETURN f, e, g
