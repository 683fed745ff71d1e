// Verb: what an image is made from → 16 bytes that stand for it.
import { createHash } from 'node:crypto';

/** The first half of the SHA-256 of `kind` (a text without NUL: what the bytes are, and how they are read) and the bytes. */
export const digestOf = (kind: string, bytes: Uint8Array = new Uint8Array()): Uint8Array =>
  createHash('sha256').update(kind).update('\0').update(bytes).digest().subarray(0, 16);
