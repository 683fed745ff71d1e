// Verb: an address → the answer of its server, redirects followed. Plain node:http(s), since fetch hides encodings and lengths.
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Readable } from 'node:stream';
import { faultOf, RequestFault } from './download-error.ts';

export interface RequestSettings {
  readonly signal: AbortSignal;
  /** Milliseconds without a byte after which a request counts as stalled. */
  readonly stall: number;
}

/** Redirects at most; curl and browsers allow 20 and more, a mirror needs one or two. */
const REDIRECTS = 5;

const stalled = (ms: number): RequestFault =>
  new RequestFault(`the server sent nothing for ${Math.max(1, Math.round(ms / 1000))} s`, true);

const addressOf = (text: string, base?: string): URL => {
  let url: URL;
  try {
    url = new URL(text, base);
  } catch {
    throw new RequestFault(`${text} is not an address`, false);
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new RequestFault(`the address has to begin with https:// or http://, not ${url.protocol}`, false);
  return url;
};

const once = (url: URL, headers: http.OutgoingHttpHeaders, { signal, stall }: RequestSettings) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    const scheme = url.protocol === 'https:' ? https : http;
    const request = scheme.get(url, { agent: false, headers, signal });
    const timer = setTimeout(() => request.destroy(stalled(stall)), stall);
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      act();
    };
    request.on('response', (response) => settle(() => resolve(response)));
    request.on('error', (error) => settle(() => reject(faultOf(error))));
  });

/** Where a redirect leads; `location` may be relative. Throws RequestFault for other schemes and for a step from https to http. */
export const redirected = (from: URL, location: string): URL => {
  const next = addressOf(location, from.href);
  if (from.protocol === 'https:' && next.protocol !== 'https:')
    throw new RequestFault(`the server redirects from https to http (${next.href})`, false);
  return next;
};

/** Asks for `url` (GET) and follows redirects, never from https to http. Throws RequestFault. */
export const openRequest = async (
  url: string,
  headers: http.OutgoingHttpHeaders,
  settings: RequestSettings,
): Promise<IncomingMessage> => {
  let at = addressOf(url);
  for (let i = 0; i <= REDIRECTS; i++) {
    const answer = await once(at, headers, settings);
    const { location } = answer.headers;
    if (![301, 302, 303, 307, 308].includes(answer.statusCode ?? 0) || location === undefined) return answer;
    answer.destroy();
    at = redirected(at, location);
  }
  throw new RequestFault(`the server redirects more than ${REDIRECTS} times`, false);
};

/** Bytes kept while the reader is busy; then the stream waits. */
const AHEAD = 1 << 20;

/**
 * The chunks of a stream, collected from now on; a RequestFault where none comes for `stall` milliseconds. Time spent by the reader does
 * not count. What had come before a cut is given before its error is thrown (the stream's own iterator would drop it).
 */
export const chunksOf = (stream: Readable, stall: number): AsyncIterable<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  let [ahead, ended] = [0, false];
  let failure: Error | null = null;
  let wake = (): void => {};
  stream.on('data', (chunk: Uint8Array) => {
    chunks.push(chunk);
    ahead += chunk.length;
    if (ahead >= AHEAD) stream.pause();
    wake();
  });
  stream.on('end', () => {
    ended = true;
    wake();
  });
  const fail = (error?: Error): void => {
    failure ??= error ?? new RequestFault('the connection was cut', true);
    wake();
  };
  stream.on('error', fail);
  stream.on('close', () => fail());
  return (async function* () {
    for (;;) {
      for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift()) {
        ahead -= chunk.length;
        yield chunk;
      }
      if (ended) return;
      if (failure !== null) throw failure;
      stream.resume();
      const timer = setTimeout(() => stream.destroy(stalled(stall)), stall);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      clearTimeout(timer);
    }
  })();
};
