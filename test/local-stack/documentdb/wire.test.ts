import { deserialize, serialize } from 'bson';
import { describe, expect, test } from 'vitest';
import {
  encodeReply,
  MAX_MESSAGE_BYTES,
  MessageReader,
  parseRequest,
  WireError,
} from '../../../src/local-stack/documentdb/wire.ts';

const OP_MSG = 2013;

function int32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, at) => {
    bytes.writeInt32LE(value, at * 4);
  });
  return bytes;
}

function message(opcode: number, ...parts: Uint8Array[]): Buffer {
  const rest = Buffer.concat(parts);
  return Buffer.concat([int32(16 + rest.length, 7, 0, opcode), rest]);
}

const body = (document: object) => Buffer.concat([Buffer.of(0), serialize(document)]);

function sequence(name: string, ...documents: object[]): Buffer {
  const content = Buffer.concat([Buffer.from(`${name}\0`), ...documents.map((document) => serialize(document))]);
  return Buffer.concat([Buffer.of(1), int32(4 + content.length), content]);
}

describe('MessageReader', () => {
  const first = message(OP_MSG, int32(0), body({ ping: 1 }));
  const second = message(OP_MSG, int32(0), body({ hello: 1, text: 'خبر'.repeat(50) }));
  const stream = Buffer.concat([first, second]);

  test.each([1, 3, 15, 16, 17, 50, stream.length])('chunks of %i bytes – the same messages come out', (size) => {
    const reader = new MessageReader();
    const messages: Buffer[] = [];
    for (let at = 0; at < stream.length; at += size) messages.push(...reader.push(stream.subarray(at, at + size)));
    expect(messages).toEqual([first, second]);
  });

  test.each([0, 15, -1, MAX_MESSAGE_BYTES + 1])('an announced length of %i is refused', (length) => {
    expect(() => new MessageReader().push(int32(length, 0, 0, OP_MSG))).toThrow(WireError);
  });
});

describe('parseRequest', () => {
  test('OP_MSG – body, document sequences and flags', () => {
    const request = parseRequest(
      message(OP_MSG, int32(2), sequence('documents', { a: 1 }, { b: 2 }), body({ insert: 'c', $db: 'd' })),
    );
    expect(request).toMatchObject({ requestId: 7, legacy: false, noReply: true });
    expect(deserialize(request.body)).toEqual({ insert: 'c', $db: 'd' });
    expect(request.sequences.get('documents')).toEqual(Buffer.concat([serialize({ a: 1 }), serialize({ b: 2 })]));
  });

  test('OP_MSG – a checksum is left aside', () => {
    const request = parseRequest(message(OP_MSG, int32(1), body({ ping: 1 }), int32(0x12345678)));
    expect(deserialize(request.body)).toEqual({ ping: 1 });
  });

  test('OP_MSG – an optional flag it does not know is ignored', () => {
    expect(parseRequest(message(OP_MSG, int32(1 << 16), body({ ping: 1 }))).noReply).toBe(false);
  });

  test('OP_QUERY – the handshake', () => {
    const query = message(2004, int32(0), Buffer.from('admin.$cmd\0'), int32(0, -1), serialize({ ismaster: 1 }));
    const request = parseRequest(query);
    expect(request.legacy).toBe(true);
    expect(deserialize(request.body)).toEqual({ ismaster: 1 });
  });

  test.each([
    ['an opcode it does not know', message(2010, int32(0), body({}))],
    ['no flags', message(OP_MSG)],
    ['no body', message(OP_MSG, int32(0), sequence('documents', {}))],
    ['two bodies', message(OP_MSG, int32(0), body({}), body({}))],
    ['a required flag it does not know', message(OP_MSG, int32(4), body({}))],
    ['a section kind it does not know', message(OP_MSG, int32(0), Buffer.of(9), serialize({}))],
    ['a body longer than the message', message(OP_MSG, int32(0), Buffer.of(0), int32(500), Buffer.alloc(8))],
    ['a body of negative length', message(OP_MSG, int32(0), Buffer.of(0), int32(-5), Buffer.alloc(8))],
    ['a sequence without a name', message(OP_MSG, int32(0), Buffer.of(1), int32(7), Buffer.from('abc'), body({}))],
    ['a section cut short', message(OP_MSG, int32(0), Buffer.of(0, 5, 0))],
    ['an OP_QUERY without a document', message(2004, int32(0), Buffer.from('admin.$cmd\0'), int32(0, -1))],
    ['an OP_QUERY without a collection', message(2004, int32(0), Buffer.from('admin'))],
  ])('%s – is refused', (_case, bytes) => {
    expect(() => parseRequest(bytes)).toThrow(WireError);
  });
});

test('encodeReply – an OP_MSG reply is itself a message that parses', () => {
  const reply = encodeReply({ requestId: 7, legacy: false }, 3, serialize({ ok: 1 }));
  expect(new MessageReader().push(reply)).toEqual([reply]);
  expect([reply.readInt32LE(4), reply.readInt32LE(8)]).toEqual([3, 7]);
  expect(deserialize(parseRequest(reply).body)).toEqual({ ok: 1 });
});

test('encodeReply – the handshake is answered with OP_REPLY and one document', () => {
  const reply = encodeReply({ requestId: 7, legacy: true }, 3, serialize({ ok: 1 }));
  expect([reply.readInt32LE(0), reply.readInt32LE(12), reply.readInt32LE(32)]).toEqual([reply.length, 1, 1]);
  expect(deserialize(reply.subarray(36))).toEqual({ ok: 1 });
});
