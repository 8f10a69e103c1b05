import { MongoNetworkError, MongoServerError } from 'mongodb';
import { expect, test } from 'vitest';
import { PermanentError, ThrottledError } from '../../../src/shared/errors.ts';
import { explainStoreError } from '../../../src/shared/stores/mongo-errors.ts';

test.each([
  ['the primary steps down', 189],
  ['another is primary now', 10_107],
  ['an operation is interrupted by an election', 11_602],
  ['the server shuts down', 91],
  ['too few members acknowledge a write', 64],
  ['the disk is full', 14_031],
])('explainStoreError – %s', (_case, code) => {
  const explained = explainStoreError(new MongoServerError({ message: 'not now', code }));
  expect(explained).toBeInstanceOf(ThrottledError);
  expect(explained).toMatchObject({ code: 'STORE_DOWN' });
});

test.each([10_334, 17_419, 17_420])('explainStoreError – a document is too large (%i)', (code) => {
  const explained = explainStoreError(new MongoServerError({ message: 'too large', code }));
  expect(explained).toBeInstanceOf(PermanentError);
  expect(explained).toMatchObject({ code: 'DOCUMENT_TOO_LARGE' });
});

test('explainStoreError – a connection that broke', () => {
  expect(explainStoreError(new MongoNetworkError('closed'))).toMatchObject({ code: 'STORE_DOWN' });
});

test.each([
  ['a key is there already', new MongoServerError({ message: 'E11000', code: 11_000 })],
  ['a mistake of ours', new TypeError('undefined is not a function')],
])('explainStoreError – %s', (_case, error) => {
  expect(explainStoreError(error)).toBe(error);
});
