import { expect, test } from 'vitest';
import { CommandError, errorReply, mongoCodeOf, unpackSqlState } from '../../../src/local-stack/documentdb/errors.ts';

/** PostgreSQL's MAKE_SQLSTATE. */
function pack(state: string): number {
  return [...state].reduce((packed, character, at) => packed | ((character.charCodeAt(0) - 48) << (6 * at)), 0);
}

test.each(['23505', 'M001C', 'M000M', '00000', 'ZZZZZ'])('unpackSqlState – %s survives packing', (state) => {
  expect(unpackSqlState(pack(state))).toBe(state);
});

test('unpackSqlState – the number a duplicate key arrives as', () => {
  expect(mongoCodeOf(unpackSqlState(0x1304001d))).toEqual([11000, 'DuplicateKey']);
});

test.each([
  ['23505', 11000],
  ['23P01', 11000],
  ['M001C', 11000],
  ['M0008', 26],
  ['M000E', 43],
  ['M000M', 66],
  ['M003A', 17419],
  ['57014', 50],
  ['XX000', 8],
])('errorReply – SQLSTATE %s is code %i', (state, code) => {
  expect(errorReply(Object.assign(new Error('why'), { code: state }))).toMatchObject({ ok: 0, code });
});

test('errorReply – a duplicate key says so in MongoDB’s words', () => {
  expect(errorReply(Object.assign(new Error('why'), { code: '23505' })).errmsg).toBe('E11000 duplicate key error: why');
});

test('errorReply – a refusal of our own and an unexpected error', () => {
  expect(errorReply(new CommandError(59, 'CommandNotFound', 'no'))).toEqual({
    ok: 0,
    code: 59,
    codeName: 'CommandNotFound',
    errmsg: 'no',
  });
  expect(errorReply(new TypeError('bug'))).toMatchObject({ ok: 0, code: 8, errmsg: 'bug' });
});
