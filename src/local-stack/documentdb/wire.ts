/**
 * The part of MongoDB's wire protocol that drivers speak to a server of wire version 6 and up: OP_MSG, and the OP_QUERY
 * of the first `hello`. BSON bodies stay bytes; nothing here decodes a document.
 * Source: MongoDB manual, "MongoDB Wire Protocol"; specifications/source/message/OP_MSG.md.
 */

/** Largest message a client may send, in bytes; the same number `hello` announces. */
export const MAX_MESSAGE_BYTES = 48_000_000;

const HEADER_BYTES = 16;
const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;

const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
/** Bits 0–15 are required: a receiver must refuse a message that sets one it does not know. */
const UNKNOWN_REQUIRED_BITS = 0xffff & ~(CHECKSUM_PRESENT | MORE_TO_COME);

/** The client broke the protocol: the only safe answer is to close its connection. */
export class WireError extends Error {}

export interface Request {
  requestId: number;
  /** The first handshake comes as OP_QUERY and must be answered with OP_REPLY. */
  legacy: boolean;
  /** The command, one BSON document. */
  body: Buffer;
  /** Document sequences (kind 1 sections) by name: concatenated BSON documents. */
  sequences: Map<string, Buffer>;
  /** The client does not wait for an answer. */
  noReply: boolean;
}

/** Cuts a byte stream into whole messages. Each byte is copied once, however the network split it. */
export class MessageReader {
  private chunks: Buffer[] = [];
  private buffered = 0;
  private wanted = HEADER_BYTES;

  /** Adds what arrived and returns the messages it completed. Throws WireError on an impossible length. */
  push(chunk: Buffer): Buffer[] {
    this.chunks.push(chunk);
    this.buffered += chunk.length;
    const messages: Buffer[] = [];
    while (this.buffered >= this.wanted) {
      const bytes = this.chunks.length === 1 ? (this.chunks[0] as Buffer) : Buffer.concat(this.chunks, this.buffered);
      const length = bytes.readInt32LE(0);
      if (length < HEADER_BYTES || length > MAX_MESSAGE_BYTES) throw new WireError(`message length ${length}`);
      if (bytes.length < length) {
        this.chunks = [bytes];
        this.wanted = length;
        break;
      }
      messages.push(bytes.subarray(0, length));
      const rest = bytes.subarray(length);
      this.chunks = rest.length > 0 ? [rest] : [];
      this.buffered = rest.length;
      this.wanted = HEADER_BYTES;
    }
    return messages;
  }
}

/** Throws WireError for anything but a well-formed OP_MSG or OP_QUERY. */
export function parseRequest(message: Buffer): Request {
  const requestId = message.readInt32LE(4);
  const opcode = message.readInt32LE(12);
  if (opcode === OP_MSG) return parseMsg(message, requestId);
  if (opcode === OP_QUERY) return parseQuery(message, requestId);
  throw new WireError(`opcode ${opcode}`);
}

function parseMsg(message: Buffer, requestId: number): Request {
  if (message.length < HEADER_BYTES + 4) throw new WireError('OP_MSG without flags');
  const flags = message.readUInt32LE(HEADER_BYTES);
  if (flags & UNKNOWN_REQUIRED_BITS) throw new WireError(`OP_MSG flags ${flags.toString(16)}`);
  const end = message.length - (flags & CHECKSUM_PRESENT ? 4 : 0);
  const sequences = new Map<string, Buffer>();
  let body: Buffer | undefined;
  let at = HEADER_BYTES + 4;
  while (at < end) {
    const kind = message[at];
    at += 1;
    const section = sized(message, at, end);
    if (kind === 0) {
      if (body !== undefined) throw new WireError('OP_MSG with two bodies');
      body = section;
    } else if (kind === 1) {
      const nameEnd = section.indexOf(0, 4);
      if (nameEnd < 0) throw new WireError('document sequence without a name');
      sequences.set(section.toString('utf8', 4, nameEnd), section.subarray(nameEnd + 1));
    } else {
      throw new WireError(`OP_MSG section kind ${kind}`);
    }
    at += section.length;
  }
  if (body === undefined) throw new WireError('OP_MSG without a body');
  return { requestId, legacy: false, body, sequences, noReply: (flags & MORE_TO_COME) !== 0 };
}

function parseQuery(message: Buffer, requestId: number): Request {
  const nameEnd = message.indexOf(0, HEADER_BYTES + 4);
  const bodyAt = nameEnd + 1 + 8;
  if (nameEnd < 0) throw new WireError('OP_QUERY without a collection');
  const body = sized(message, bodyAt, message.length);
  return { requestId, legacy: true, body, sequences: new Map(), noReply: false };
}

/** The section or document at `at`, which begins with its own length (int32, itself included). */
function sized(message: Buffer, at: number, end: number): Buffer {
  if (at + 4 > end) throw new WireError('section cut short');
  const length = message.readInt32LE(at);
  if (length < 5 || at + length > end) throw new WireError(`section length ${length}`);
  return message.subarray(at, at + length);
}

/** The bytes that answer `request` with one BSON document. */
export function encodeReply(request: Pick<Request, 'requestId' | 'legacy'>, replyId: number, body: Uint8Array): Buffer {
  const headBytes = request.legacy ? HEADER_BYTES + 20 : HEADER_BYTES + 5;
  const head = Buffer.alloc(headBytes);
  head.writeInt32LE(headBytes + body.length, 0);
  head.writeInt32LE(replyId, 4);
  head.writeInt32LE(request.requestId, 8);
  head.writeInt32LE(request.legacy ? OP_REPLY : OP_MSG, 12);
  if (request.legacy) {
    head.writeInt32LE(8, HEADER_BYTES); // AwaitCapable
    head.writeInt32LE(1, HEADER_BYTES + 16); // one document
  }
  return Buffer.concat([head, body]);
}

/** One OP_MSG command as a client sends it; what a readiness check needs. */
export function encodeCommand(requestId: number, body: Uint8Array): Buffer {
  const message = encodeReply({ requestId: 0, legacy: false }, requestId, body);
  return message;
}
