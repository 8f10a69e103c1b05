import { expect, test } from 'vitest';
import { findEntities } from '../../../../src/workers/extract-entities/tagger/find-entities.ts';

test.each([
  [
    'de',
    'Gestern sprach Außenministerin Anna Lindner in Hamburg vor dem Europäischen Parlament.',
    ['person:Anna Lindner', 'location:Hamburg'],
  ],
  [
    'fr',
    'La ministre Claire Dubois est arrivée à Bruxelles avec la délégation de la France.',
    ['person:Claire Dubois', 'location:Bruxelles', 'location:France'],
  ],
  [
    'es',
    'El alcalde Pablo Ruiz viajó a Madrid para reunirse con la Unión Europea.',
    ['person:Pablo Ruiz', 'location:Madrid', 'organization:Unión Europea'],
  ],
  [
    'ru',
    'Вчера президент Иван Соколов прилетел в Белград из Москвы.',
    ['person:Иван Соколов', 'location:Белград', 'location:Москвы'],
  ],
  ['fa', 'وزیر خارجه فرانسه دیروز به ژاپن سفر کرد', ['location:فرانسه', 'location:ژاپن']],
])('findEntities – capitals and lists in %s: %s', (language, text, expected) => {
  expect(findEntities(text, language).map(({ type, text: name }) => `${type}:${name}`)).toEqual(
    expect.arrayContaining(expected),
  );
});

test('findEntities – German nouns are not names', () => {
  expect(findEntities('Die neue Brücke kostet die Gemeinde mehr Geld als der alte Tunnel.', 'de')).toEqual([]);
});

test('findEntities – a headline in capitals yields no acronyms', () => {
  expect(findEntities('NEUE BRÜCKE WIRD TEURER', 'de')).toEqual([]);
});
