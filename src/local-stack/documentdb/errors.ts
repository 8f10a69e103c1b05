/**
 * MongoDB error codes for what the DocumentDB extension raises. It reports them as SQLSTATEs `M` + four base-36 digits,
 * numbered in the order of the extension's own list (pg_documentdb_core/include/utils/documentdb_codes.txt); the codes
 * on the right are MongoDB's (src/mongo/base/error_codes.yml), which drivers and programs match on.
 */
const CODES: Record<string, [code: number, name: string]> = {
  M0000: [1, 'InternalError'],
  M0001: [2, 'BadValue'],
  M0002: [5, 'GraphContainsCycle'],
  M0003: [9, 'FailedToParse'],
  M0004: [14, 'TypeMismatch'],
  M0005: [15, 'Overflow'],
  M0006: [20, 'IllegalOperation'],
  M0008: [26, 'NamespaceNotFound'],
  M0009: [27, 'IndexNotFound'],
  M000A: [28, 'PathNotViable'],
  M000D: [40, 'ConflictingUpdateOperators'],
  M000E: [43, 'CursorNotFound'],
  M000F: [48, 'NamespaceExists'],
  M000G: [52, 'DollarPrefixedFieldName'],
  M000I: [54, 'NotSingleValueField'],
  M000J: [56, 'EmptyFieldName'],
  M000K: [57, 'DottedFieldName'],
  M000L: [61, 'ShardKeyNotFound'],
  M000M: [66, 'ImmutableField'],
  M000N: [67, 'CannotCreateIndex'],
  M000O: [68, 'IndexAlreadyExists'],
  M000P: [72, 'InvalidOptions'],
  M000Q: [73, 'InvalidNamespace'],
  M000R: [85, 'IndexOptionsConflict'],
  M000S: [86, 'IndexKeySpecsConflict'],
  M000U: [115, 'CommandNotSupported'],
  M000W: [146, 'ExceededMemoryLimit'],
  M000Z: [166, 'CommandNotSupportedOnView'],
  M0010: [167, 'OptionNotSupportedOnView'],
  M0011: [181, 'AmbiguousIndexKeyPattern'],
  M0012: [197, 'InvalidIndexSpecificationOption'],
  M0013: [224, 'QueryFeatureNotAllowed'],
  M0015: [241, 'ConversionFailure'],
  M0016: [263, 'OperationNotSupportedInTransaction'],
  M0017: [276, 'IndexBuildAborted'],
  M001B: [10334, 'BSONObjectTooLarge'],
  M001C: [11000, 'DuplicateKey'],
  M001D: [12587, 'BackgroundOperationInProgressForNamespace'],
  M003A: [17419, 'Location17419'], // an update would make the document larger than 16 MB
  M007U: [59, 'CommandNotFound'],
  M00CO: [121, 'DocumentValidationFailure'],
  M00DO: [16, 'InvalidLength'],
  M00E7: [13, 'Unauthorized'],
  M00EL: [12051, 'CursorInUse'],
  M00ER: [13, 'Unauthorized'],
  M00EW: [24, 'LockTimeout'],
  M00EX: [262, 'ExceededTimeLimit'],
  M00EY: [59, 'CommandNotFound'],
  M00F0: [91, 'ShutdownInProgress'],
  M00F1: [112, 'WriteConflict'],
  M00F2: [117, 'ConflictingOperationInProgress'],
  M00F4: [201, 'CannotBuildIndexKeys'],
  M00FD: [171, 'CannotIndexParallelArrays'],
  M00FE: [175, 'QueryPlanKilled'],
  // PostgreSQL's own.
  '23505': [11000, 'DuplicateKey'],
  '23P01': [11000, 'DuplicateKey'], // unique multikey indexes are exclusion constraints
  '40P01': [112, 'WriteConflict'],
  '40001': [112, 'WriteConflict'],
  '55P03': [24, 'LockTimeout'],
  '57014': [50, 'MaxTimeMSExpired'],
  '57P01': [91, 'ShutdownInProgress'],
  '57P02': [91, 'ShutdownInProgress'],
  '57P03': [91, 'ShutdownInProgress'],
  '53100': [14031, 'OutOfDiskSpace'],
};

const UNKNOWN: [number, string] = [8, 'UnknownError'];

/** A refusal by the gateway itself, with MongoDB's code for it. */
export class CommandError extends Error {
  readonly mongoCode: number;
  readonly codeName: string;

  constructor(mongoCode: number, codeName: string, message: string) {
    super(message);
    this.mongoCode = mongoCode;
    this.codeName = codeName;
  }
}

/** The MongoDB code and its name for a SQLSTATE; 8 (UnknownError) for one that stands for none. */
export function mongoCodeOf(sqlState: string): [code: number, name: string] {
  return CODES[sqlState] ?? UNKNOWN;
}

/**
 * The SQLSTATE in PostgreSQL's packed integer form: five characters of six bits, the first lowest, each offset by '0'
 * (MAKE_SQLSTATE in PostgreSQL's elog.h). That is how codes arrive inside `writeErrors`.
 */
export function unpackSqlState(packed: number): string {
  let state = '';
  for (let shift = 0; shift < 30; shift += 6) state += String.fromCharCode(((packed >> shift) & 0x3f) + 48);
  return state;
}

/** The failed reply of a command: `{ ok: 0, errmsg, code, codeName }`. */
export function errorReply(error: unknown): { ok: 0; errmsg: string; code: number; codeName: string } {
  if (error instanceof CommandError) {
    return { ok: 0, errmsg: error.message, code: error.mongoCode, codeName: error.codeName };
  }
  const { code, message } = error as { code?: unknown; message?: string };
  const [mongoCode, codeName] = typeof code === 'string' ? mongoCodeOf(code) : UNKNOWN;
  const text = message ?? String(error);
  return { ok: 0, errmsg: mongoCode === 11000 ? duplicateKeyMessage(text) : text, code: mongoCode, codeName };
}

/** Programs look for MongoDB's own words in a duplicate key message, so it begins with them. */
export function duplicateKeyMessage(message: string): string {
  return message.startsWith('E11000') ? message : `E11000 duplicate key error: ${message}`;
}
