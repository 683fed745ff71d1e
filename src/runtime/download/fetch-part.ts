// Verb: one request → more bytes of the part. Resumes by range where the server can; starts over where the file is another one.
import { type FileHandle, open, statfs } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { dirname } from 'node:path';
import { createGunzip } from 'node:zlib';
import { faultOf, RequestFault } from './download-error.ts';
import { chunksOf, openRequest, type RequestSettings } from './open-request.ts';
import { dropPart, newPart, type Part } from './part-file.ts';

/** A file operation that failed, told apart from a fault of the network. */
export class WriteFault extends Error {}

export interface FetchSettings extends RequestSettings {
  readonly url: string;
  readonly folder: string;
  readonly file: string;
  /** No answer may be longer, bytes. */
  readonly limit: number;
  readonly onBytes: (bytes: number, total: number | null) => void;
  /** Opens a part for writing; tests give a full disk. */
  readonly openFile: (path: string, flags: 'a' | 'w') => Promise<Pick<FileHandle, 'writeFile' | 'sync' | 'close'>>;
}

export const openFile: FetchSettings['openFile'] = (path, flags) => open(path, flags);

export interface Fetched {
  /** Null where nothing is worth keeping. */
  readonly part: Part | null;
  /** Null: the file is whole. */
  readonly fault: RequestFault | null;
}

/** What a later request may name in If-Range: a strong ETag, else the date (RFC 9110, 13.1.5). */
const versionOf = ({ headers }: IncomingMessage): string => {
  const { etag } = headers;
  return etag !== undefined && !etag.startsWith('W/') ? etag : (headers['last-modified'] ?? '');
};

const contentRange = (text: string | undefined) => {
  const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(text ?? '');
  return match && { first: Number(match[1]), total: match[3] === '*' ? null : Number(match[3]) };
};

const encodingOf = ({ headers }: IncomingMessage): string => (headers['content-encoding'] ?? 'identity').toLowerCase();

const words: Readonly<Record<number, string>> = {
  401: 'the server wants a login',
  403: 'the server refuses it',
  404: 'the server does not have it',
  410: 'the server does not have it any more',
  429: 'too many requests',
};

const refused = (answer: IncomingMessage): RequestFault => {
  const status = answer.statusCode ?? 0;
  const seconds = Number(answer.headers['retry-after']);
  const why = words[status] ?? (status >= 500 ? 'a fault of the server' : 'not what was asked for');
  const transient = status >= 500 || status === 429 || status === 408;
  return new RequestFault(`HTTP ${status}, ${why}`, transient, Number.isFinite(seconds) ? seconds * 1000 : null);
};

/** What an answer adds to, and how long the file then is. */
interface Target {
  readonly part: Part;
  readonly total: number | null;
}

/** A server that ignores ranges, or whose file is another one, sends all of it: then the old part goes. */
const targetOf = async (
  answer: IncomingMessage,
  old: Part | null,
  settings: FetchSettings,
): Promise<Target | RequestFault> => {
  const { folder, file } = settings;
  if (answer.statusCode === 200) {
    if (old) await dropPart(old);
    const length = answer.headers['content-length'];
    const total = length === undefined || encodingOf(answer) !== 'identity' ? null : Number(length);
    return { part: newPart(folder, file, versionOf(answer)), total };
  }
  if (old !== null && answer.statusCode === 206) {
    const range = contentRange(answer.headers['content-range']);
    const version = versionOf(answer);
    const same = old.version === '' || version === '' || version === old.version;
    if (range !== null && range.first === old.bytes && same && encodingOf(answer) === 'identity')
      return { part: old, total: range.total };
    return new RequestFault('the file was changed on the server', true);
  }
  if (old !== null && answer.statusCode === 416) return new RequestFault('the file was changed on the server', true);
  return refused(answer);
};

const bodyOf = (answer: IncomingMessage) => {
  const encoding = encodingOf(answer);
  if (encoding === 'identity' || answer.statusCode !== 200) return answer;
  if (encoding !== 'gzip' && encoding !== 'x-gzip')
    throw new RequestFault(`the server sends it encoded (${encoding}), which was not asked for`, false);
  const gunzip = createGunzip();
  answer.on('error', (error) => gunzip.destroy(error));
  gunzip.on('close', () => answer.destroy());
  return answer.pipe(gunzip);
};

const orWriteFault = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    throw new WriteFault('', { cause: error });
  }
};

/** Throws WriteFault where the rest has no room. */
const checkRoom = async ({ part, total }: Target): Promise<void> => {
  if (total === null) return;
  const { bavail, bsize } = await orWriteFault(statfs(dirname(part.path)));
  if (bavail * bsize < total - part.bytes)
    throw new WriteFault('', { cause: Object.assign(new Error(), { code: 'ENOSPC' }) });
};

/**
 * Asks for what `old` lacks and appends it. A fault of the network is returned, with the part as far as it came.
 * Throws WriteFault (the part is gone then).
 */
export const fetchPart = async (old: Part | null, settings: FetchSettings): Promise<Fetched> => {
  const resume = old !== null && old.bytes > 0 ? old : null;
  const range = resume === null ? {} : { range: `bytes=${resume.bytes}-` };
  const condition = resume === null || resume.version === '' ? {} : { 'if-range': resume.version };
  const headers = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'tlp', ...range, ...condition };
  let part: Part | null = old;
  try {
    const answer = await openRequest(settings.url, headers, settings);
    try {
      const body = chunksOf(bodyOf(answer), settings.stall);
      const target = await targetOf(answer, resume, settings);
      if (target instanceof RequestFault) {
        const useless = resume !== null && (answer.statusCode === 206 || answer.statusCode === 416);
        if (useless) await dropPart(resume);
        return { part: useless ? null : old, fault: target };
      }
      part = target.part;
      await checkRoom(target);
      const { bytes, fault } = await append(target, body, settings);
      part = { ...part, bytes };
      return await kept(part, target.total, fault);
    } finally {
      answer.destroy();
    }
  } catch (error) {
    if (!(error instanceof WriteFault)) return { part, fault: faultOf(error) };
    if (part) await dropPart(part);
    throw error;
  }
};

/** More than announced, or more than any file may have, is never the file; less is a cut. */
const kept = async (part: Part, total: number | null, fault: RequestFault | null): Promise<Fetched> => {
  if (part.bytes === 0 || (total !== null && part.bytes > total) || fault?.transient === false) {
    await dropPart(part);
    return { part: null, fault: fault ?? new RequestFault('the server sent another length than it announced', true) };
  }
  const short = total !== null && part.bytes < total ? new RequestFault('the connection was cut', true) : null;
  return { part, fault: fault ?? short };
};

const append = async (
  { part, total }: Target,
  body: AsyncIterable<Uint8Array>,
  { openFile, limit, onBytes }: FetchSettings,
): Promise<{ readonly bytes: number; readonly fault: RequestFault | null }> => {
  const handle = await orWriteFault(openFile(part.path, part.bytes > 0 ? 'a' : 'w'));
  let bytes = part.bytes;
  let fault: RequestFault | null = null;
  try {
    onBytes(bytes, total);
    for await (const chunk of body) {
      if (bytes + chunk.length > limit) throw new RequestFault(`it is longer than ${limit} bytes`, false);
      await orWriteFault(handle.writeFile(chunk));
      bytes += chunk.length;
      onBytes(bytes, total);
    }
    await orWriteFault(handle.sync());
  } catch (error) {
    if (error instanceof WriteFault) throw error;
    fault = faultOf(error);
  } finally {
    await orWriteFault(handle.close());
  }
  return { bytes, fault };
};
