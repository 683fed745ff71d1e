// A local HTTP server that answers from a script and misbehaves as told.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

/** What one request gets; the last entry of a script answers all further requests. */
export interface Answer {
  readonly body?: Buffer;
  /** Instead of 200 or 206. */
  readonly status?: number;
  readonly etag?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sends all of it, whatever range was asked for. */
  readonly ignoreRange?: boolean;
  /** Sends a range even where If-Range names another version. */
  readonly ignoreIfRange?: boolean;
  /** Cuts the connection after so many bytes of the body. */
  readonly cutAfter?: number;
  /** Sends so many bytes and then nothing more. */
  readonly stallAfter?: number;
  /** Accepts the request and never answers. */
  readonly silent?: boolean;
  /** Content-Length that is announced. */
  readonly announce?: number;
  /** Neither length nor ranges are announced. */
  readonly chunked?: boolean;
  readonly gzip?: boolean;
}

export interface FileServer {
  readonly url: string;
  readonly requests: { readonly path: string; readonly headers: IncomingHttpHeaders }[];
  close(): Promise<void>;
}

const send = (request: IncomingMessage, response: ServerResponse, answer: Answer): void => {
  if (answer.silent) return;
  const whole = answer.gzip ? gzipSync(answer.body ?? '') : (answer.body ?? Buffer.alloc(0));
  const asked = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
  const named = request.headers['if-range'];
  const sameVersion = named === undefined || named === answer.etag || answer.ignoreIfRange === true;
  const from = asked && !answer.ignoreRange && sameVersion && answer.status === undefined ? Number(asked[1]) : 0;
  if (from > 0 && from >= whole.length) {
    response.writeHead(416, { 'content-range': `bytes */${whole.length}` }).end();
    return;
  }
  const body = whole.subarray(from);
  response.writeHead(answer.status ?? (from > 0 ? 206 : 200), {
    ...(answer.chunked ? {} : { 'content-length': String(answer.announce ?? body.length) }),
    ...(from > 0 ? { 'content-range': `bytes ${from}-${whole.length - 1}/${whole.length}` } : {}),
    ...(answer.etag === undefined ? {} : { etag: answer.etag }),
    ...(answer.gzip ? { 'content-encoding': 'gzip' } : {}),
    ...answer.headers,
  });
  const until = answer.cutAfter ?? answer.stallAfter;
  if (until === undefined) {
    response.end(answer.announce === undefined ? body : body.subarray(0, answer.announce));
    if (answer.announce !== undefined && answer.announce > body.length) response.socket?.end();
    return;
  }
  response.write(body.subarray(0, until), () => {
    // Closed in order, so that what was sent does arrive.
    if (answer.cutAfter !== undefined) response.socket?.end();
  });
};

/** Serves `script` on 127.0.0.1. */
export const serve = async (script: readonly [Answer, ...Answer[]]): Promise<FileServer> => {
  const requests: { path: string; headers: IncomingHttpHeaders }[] = [];
  const server = createServer((request, response) => {
    requests.push({ path: request.url ?? '', headers: request.headers });
    send(request, response, script[Math.min(requests.length, script.length) - 1]!);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
