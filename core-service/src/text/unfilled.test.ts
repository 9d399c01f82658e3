import { expect, test } from 'vitest';
import { unfilled, unfilledName, unfilledQuery } from './unfilled.ts';

test.each([
  ['{{query}}', 'a mark of a template, which was not filled in'],
  ['${query}', 'a mark of a template, which was not filled in'],
  ['%s', 'a mark of a template, which was not filled in'],
  ['{query}', 'a mark of a template, which was not filled in'],
  ['[object Object]', 'what a program writes in place of an object'],
  ['<Wish object at 0x7f3c2d1e>', 'what a program writes in place of an object'],
  ['com.shop.Wish@1b6d3586', 'what a program writes in place of an object'],
  ['{"query": "tent"}', 'data of a program; send the words alone'],
  ['["tent"]', 'data of a program; send the words alone'],
  ['[query]', 'a placeholder, which was not filled in'],
  ['[Your Name]', 'a placeholder, which was not filled in'],
  [
    '<search_words>',
    'the name of a variable in place of what it holds; leave its sign out if it is meant',
  ],
  [
    '<query>',
    'the name of a variable in place of what it holds; leave its sign out if it is meant',
  ],
  ['$QUERY', 'the name of a variable in place of what it holds; leave its sign out if it is meant'],
  [
    '%QUERY%',
    'the name of a variable in place of what it holds; leave its sign out if it is meant',
  ],
  ['undefined', "a program's word for nothing"],
  [' (null) ', "a program's word for nothing"],
])('%j is %s', (text, what) => {
  expect(unfilled(text)).toBe(`has ${JSON.stringify(text.trim())}, ${what}`);
});

test.each([
  ['hotel in {{city}}', '{{city}}'],
  ['hotel in ${city} by the sea', '${city}'],
  ['tent for %s people', '%s'],
  ['tent by [brand name]', '[brand name]'],
  ['TypeError: x is undefined', 'TypeError: '],
])('of %j %j is told', (text, part) => {
  expect(unfilled(text)).toContain(`has ${JSON.stringify(part)}, `);
});

test.each([
  ['hotel in undefined', 'undefined'],
  ['undefined hotel in Bali', 'undefined'],
  ['hotel in undefined, 2 people', 'undefined'],
  ['hotel in $CITY', '$CITY'],
  ['hotel ($city) by the sea', '$city'],
  ['tent under $max_price', '$max_price'],
  ['cheap hotel in %CITY%', '%CITY%'],
  ['hotel in :city', ':city'],
  ['hotel in :destination please', ':destination'],
  ['hotel in NaN', 'NaN'],
  ['NaN', 'NaN'],
  ['tent for NaN people', 'NaN'],
  ['hotel in (null)', '(null)'],
  ['hotel in <nil>', '<nil>'],
  ['hotel in %!s(<nil>)', '%!s(<nil>)'],
  ['hotel in {{city}}', '{{city}}'],
])('of the query %j %j is told', (query, part) => {
  expect(unfilledQuery(query)).toContain(`has ${JSON.stringify(part)}, `);
});

test.each([
  'hotel in null',
  'None of these',
  'Null island shirt',
  'undefined behaviour, the book',
  'Undefined, the album',
  'well-undefined',
  'Nan bread, naan',
  'tent under $100',
  'tent under $AUD 100',
  'US$ 100',
  'A$AP shirt',
  '$uicideboy$ hoodie',
  '100 % cotton',
  '100%cotton%wool',
  'ratio 3:city',
  'hotel :) city',
  'smile :D',
  'nil',
])('%j may be asked for', (query) => expect(unfilledQuery(query)).toBeUndefined());

test.each([
  'null',
  'None',
  'Nan',
  'NULL and void',
  'undefined behaviour, the book',
  '[NEW] tent',
  '[Best price] tent',
  '[New model] lamp',
  '[1] a',
  'A$AP',
  '$100 tent',
  '100 %',
  '<3',
  ':D',
  '5 < 6 > 4',
  'C++',
  'R&B',
  '20%s',
  'me@example.com',
  'set {a, b}',
  'snake_case',
  'error: 404 shirt',
  "b'ball",
  'data: a book',
  'QSB0ZW50IGZvciB0d28',
])('%j is text', (text) => expect(unfilled(text)).toBeUndefined());

test.each([
  'undefined',
  'null',
  'None',
  'NaN',
  'did:web:undefined',
  'did:key:null',
  '{{$guid}}',
  '${uuid}',
  '$(uuidgen)',
  '<did>',
  '$DID',
  '%s',
  '[object Object]',
  '__KEY__',
  'string',
  'did:example:string',
  '00000000-0000-0000-0000-000000000000',
  'id:00000000-0000-0000-0000-000000000000',
  'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF',
])('nobody is called %j', (name) => expect(unfilledName(name)).toContain(JSON.stringify(name)));

test.each([
  'null-and-void',
  'did:web:null.example',
  'nonesuch',
  'test-agent',
  'stringer',
  '00000000-0000-0000-0000-000000000001',
  'bot@1234abc',
  'order[id]',
  'kZk4c2RmZ2hqa2xxd2VydHl1aW9wYXNkZmdoamtsenhjdg==',

  '{3F2504E0-4F89-11D3-9A0C-0305E82C3301}',
  '"8e03978e-40d5-43dd"',
  'a__B2__c',
  'a,b;c="d"\\e%0A',
])('somebody may be called %j', (name) => expect(unfilledName(name)).toBeUndefined());
