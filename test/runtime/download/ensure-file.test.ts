// Fetching into the cache from a local server that cuts, stalls, lies, redirects, changes and refuses. Digests by node:crypto.
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DownloadError } from '../../../src/runtime/download/download-error.ts';
import { type DownloadWish, ensureFile } from '../../../src/runtime/download/ensure-file.ts';
import type { DownloadProgress } from '../../../src/runtime/download/progress.ts';
import { type Answer, serve } from '../../support/file-server.ts';

const test = suite<{ folder: string }>('ensure file');

test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'tlp-test-'));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

const FILE = 'weights.h5';
const body = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 7919 + (i >> 8)) & 255));
const other = Buffer.from(body.map((value) => value ^ 1));
const md5 = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex');
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const version = '"one"';

type More = Partial<DownloadWish>;

const wishFor = (folder: string, url: string, more: More = {}): DownloadWish => ({
  url: `${url}/${FILE}`,
  folder,
  file: FILE,
  hash: md5(body),
  signal: new AbortController().signal,
  retries: 3,
  stall: 2000,
  pause: () => 0,
  ...more,
});

/** What one call comes to: the file's bytes, or the message of its DownloadError; the ranges asked for; what lies in the folder. */
const outcome = async (folder: string, script: readonly [Answer, ...Answer[]], more: More = {}) => {
  const server = await serve(script);
  const result: unknown = await ensureFile(wishFor(folder, server.url, more)).then(
    (path) => readFileSync(path),
    (error: unknown) => error,
  );
  await server.close();
  const ranges = server.requests.map(({ headers }) => headers.range ?? 'all');
  const files = readdirSync(folder);
  if (result instanceof Buffer) return { bytes: result, message: '', ranges, files };
  assert.ok(result instanceof DownloadError, String(result));
  assert.not.match(result.message, /\n/);
  return { bytes: null, message: result.message, ranges, files };
};

const whole = [FILE];

test('a file is fetched, checked and put there; then no request is made', async ({ folder }) => {
  const first = await outcome(folder, [{ body }]);
  assert.equal(first.bytes, body);
  assert.equal([first.files, first.ranges], [whole, ['all']]);
  assert.equal((await outcome(folder, [{ status: 500 }])).ranges, []);
});

test('sha256 is told from md5 by its length', async ({ folder }) => {
  assert.equal((await outcome(folder, [{ body }], { hash: sha256(body) })).bytes, body);
});

test('a file in the cache with another hash is fetched again; it stays where that fails', async ({ folder }) => {
  writeFileSync(join(folder, FILE), other);
  assert.match((await outcome(folder, [{ status: 404 }])).message, /HTTP 404/);
  assert.equal(readFileSync(join(folder, FILE)), other);
  assert.equal((await outcome(folder, [{ body }])).bytes, body);
});

test('without a hash, what lies there is used', async ({ folder }) => {
  writeFileSync(join(folder, FILE), other);
  assert.equal((await outcome(folder, [{ body }], { hash: null })).bytes, other);
});

test('a cut download is resumed where it stopped', async ({ folder }) => {
  const { bytes, ranges, files } = await outcome(folder, [
    { body, etag: version, cutAfter: 30_000 },
    { body, etag: version, cutAfter: 40_000 },
    { body, etag: version },
  ]);
  assert.equal(bytes, body);
  assert.equal(ranges, ['all', 'bytes=30000-', 'bytes=70000-']);
  assert.equal(files, whole);
});

test('a server that ignores ranges is asked again from the start', async ({ folder }) => {
  const { bytes, ranges } = await outcome(folder, [
    { body, etag: version, cutAfter: 30_000 },
    { body, etag: version, ignoreRange: true },
  ]);
  assert.equal(bytes, body);
  assert.equal(ranges, ['all', 'bytes=30000-']);
});

test('a file that was changed between two parts is fetched from the start', async ({ folder }) => {
  for (const hash of [md5(body), null]) {
    const { bytes } = await outcome(
      folder,
      [
        { body: other, etag: '"zero"', cutAfter: 30_000 },
        { body, etag: version },
      ],
      { hash },
    );
    assert.equal(bytes, body);
    rmSync(join(folder, FILE));
  }
});

test('a server that overlooks If-Range does not mix two files', async ({ folder }) => {
  const { bytes, ranges } = await outcome(
    folder,
    [
      { body: other, etag: '"zero"', cutAfter: 30_000 },
      { body, etag: version, ignoreIfRange: true },
    ],
    { hash: null },
  );
  assert.equal(bytes, body);
  assert.equal(ranges, ['all', 'bytes=30000-', 'all']);
});

test('a file that became shorter than the part is fetched from the start', async ({ folder }) => {
  const short = body.subarray(0, 20_000);
  const { bytes, ranges } = await outcome(
    folder,
    [
      { body: other, etag: version, cutAfter: 30_000 },
      { body: short, etag: version },
    ],
    { hash: md5(short) },
  );
  assert.equal(bytes, short);
  assert.equal(ranges, ['all', 'bytes=30000-', 'all']);
});

test('a mixture that nothing but the hash can tell is fetched again', async ({ folder }) => {
  const { bytes, ranges } = await outcome(folder, [{ body: other, cutAfter: 30_000 }, { body }]);
  assert.equal(bytes, body);
  assert.equal(ranges, ['all', 'bytes=30000-', 'all']);
});

test('a stalled server is left and asked again', async ({ folder }) => {
  const { bytes, ranges } = await outcome(
    folder,
    [{ silent: true }, { body, etag: version, stallAfter: 30_000 }, { body, etag: version }],
    { stall: 150 },
  );
  assert.equal(bytes, body);
  assert.equal(ranges, ['all', 'all', 'bytes=30000-']);
});

test('a server that always stalls is given up', async ({ folder }) => {
  const { message, ranges, files } = await outcome(folder, [{ silent: true }], { stall: 50 });
  assert.match(
    message,
    /weights\.h5 cannot be fetched: the server sent nothing for 1 s \(tried 4 times\)\. Fetch http/,
  );
  assert.is(ranges.length, 4);
  assert.equal(files, []);
});

test('a server that always cuts is given up, and the part is kept for the next run', async ({ folder }) => {
  const cut = { body, etag: version, cutAfter: 10_000 };
  const { message, ranges, files } = await outcome(folder, [cut]);
  assert.match(message, /the connection was cut \(tried 4 times\); 0\.0 MB came and are kept/);
  assert.equal(ranges, ['all', 'bytes=10000-', 'bytes=20000-', 'bytes=30000-']);
  assert.is(files.length, 1);
  const next = await outcome(folder, [{ body, etag: version }]);
  assert.equal(next.bytes, body);
  assert.equal([next.ranges, next.files], [['bytes=40000-'], whole]);
});

test('a length that is too long ends in a clear line, not in waiting for ever', async ({ folder }) => {
  const long = { body, etag: version, announce: body.length + 10 };
  const { message, files } = await outcome(folder, [long]);
  assert.match(message, /cannot be fetched: (the connection was cut|the file was changed on the server)/);
  assert.not.ok(files.includes(FILE));
});

test('a length that is too short is found by the hash', async ({ folder }) => {
  const { message, ranges, files } = await outcome(folder, [{ body, announce: 50_000 }]);
  assert.match(message, /what the server sends is another file \(wrong md5, twice\)/);
  assert.equal([ranges, files], [['all', 'all'], []]);
});

test('a wrong hash is tried once more, then the file is refused and nothing stays', async ({ folder }) => {
  assert.equal((await outcome(folder, [{ body: other }, { body }])).bytes, body);
  rmSync(join(folder, FILE));
  const { message, ranges, files } = await outcome(folder, [{ body: other }]);
  assert.ok(message.includes(md5(body)));
  assert.equal([ranges, files], [['all', 'all'], []]);
});

test('403 and 404 are said at once, with address, folder and hash', async ({ folder }) => {
  for (const [status, words] of [
    [403, 'HTTP 403, the server refuses it'],
    [404, 'HTTP 404, the server does not have it'],
  ] as const) {
    const { message, ranges, files } = await outcome(folder, [{ status }]);
    assert.ok(message.startsWith(`${FILE} cannot be fetched: ${words}. Fetch http://127.0.0.1:`), message);
    assert.ok(message.includes(`put it into ${folder} (md5 ${md5(body)})`), message);
    assert.match(message, /KERAS_HOME .* TLP_WEIGHTS_MIRROR/);
    assert.equal([ranges, files], [['all'], []]);
  }
});

test('faults of the server pass', async ({ folder }) => {
  const { bytes } = await outcome(folder, [
    { status: 500 },
    { status: 429, headers: { 'retry-after': '0' } },
    { status: 503 },
    { body },
  ]);
  assert.equal(bytes, body);
});

test('a fault of the server while resuming keeps the part', async ({ folder }) => {
  const { bytes, ranges } = await outcome(folder, [
    { body, etag: version, cutAfter: 30_000 },
    { status: 503 },
    { body, etag: version },
  ]);
  assert.equal(bytes, body);
  assert.equal(ranges, ['all', 'bytes=30000-', 'bytes=30000-']);
});

test('redirects are followed, relative ones too', async ({ folder }) => {
  const { bytes } = await outcome(folder, [
    { status: 302, headers: { location: '/elsewhere' } },
    { status: 307, headers: { location: 'again' } },
    { body },
  ]);
  assert.equal(bytes, body);
});

test('endless redirects and those to other schemes end in one line', async ({ folder }) => {
  const endless = await outcome(folder, [{ status: 302, headers: { location: '/again' } }]);
  assert.match(endless.message, /the server redirects more than 5 times/);
  assert.is(endless.ranges.length, 6);
  const file = await outcome(folder, [{ status: 302, headers: { location: 'file:///etc/hostname' } }]);
  assert.match(file.message, /has to begin with https:/);
});

test('gzip that was not asked for is unpacked; a cut in it starts over', async ({ folder }) => {
  const { bytes } = await outcome(folder, [
    { body, gzip: true, cutAfter: 300 },
    { body, gzip: true },
  ]);
  assert.equal(bytes, body);
  const strange = await outcome(folder, [{ body, headers: { 'content-encoding': 'br' } }], { hash: md5(other) });
  assert.match(strange.message, /encoded \(br\)/);
});

test('chunks of no announced length are taken to their end', async ({ folder }) => {
  const { bytes, ranges } = await outcome(folder, [
    { body, chunked: true, etag: version, cutAfter: 30_000 },
    { body, chunked: true, etag: version },
  ]);
  assert.equal(bytes, body);
  assert.equal(ranges, ['all', 'bytes=30000-']);
});

test('a stream without end is bounded by the size', async ({ folder }) => {
  const { message, files } = await outcome(folder, [{ body, chunked: true }], { size: 1000 });
  assert.match(message, /it is longer than 2000 bytes/);
  assert.equal(files, []);
});

test('an empty answer is no file', async ({ folder }) => {
  const { message, files } = await outcome(folder, [{ body: Buffer.alloc(0) }], { hash: null });
  assert.match(message, /cannot be fetched/);
  assert.equal(files, []);
});

test('nobody there, unknown names and wrong addresses are one line each', async ({ folder }) => {
  const free = createServer();
  await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
  const address = free.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  await new Promise<void>((resolve) => free.close(() => resolve()));
  const message = (url: string): Promise<string> =>
    ensureFile(wishFor(folder, '', { url })).then(
      () => 'fetched',
      (error: unknown) => (error instanceof DownloadError ? error.message : String(error)),
    );
  assert.match(await message(`http://127.0.0.1:${port}/x`), /the server refuses the connection\. Fetch/);
  assert.match(await message('ftp://127.0.0.1/x'), /has to begin with https:/);
  assert.match(await message('no address'), /no address is not an address/);
});

test('two at once both get it, and nothing else stays', async ({ folder }) => {
  const server = await serve([{ body }]);
  const paths = await Promise.all([1, 2, 3].map(() => ensureFile(wishFor(folder, server.url))));
  await server.close();
  assert.equal(
    paths.map((path) => readFileSync(path).equals(body)),
    [true, true, true],
  );
  assert.equal(readdirSync(folder), whole);
});

test('a part that another process is writing is left alone; one of an ended process is taken over', async ({
  folder,
}) => {
  const cut = { body, etag: version, cutAfter: 10_000 };
  const [mine] = (await outcome(folder, [cut], { retries: 0 })).files;
  const nameOf = (pid: number): string => mine!.replace(/-\d+\.\d+-/, `-${pid}.0-`);
  rmSync(join(folder, mine!));
  // The parent lives while this test does; no process has the largest number.
  writeFileSync(join(folder, nameOf(process.ppid)), body.subarray(0, 20_000));
  writeFileSync(join(folder, nameOf(2 ** 22 + 1)), body.subarray(0, 30_000));
  const { bytes, ranges, files } = await outcome(folder, [{ body, etag: version }]);
  assert.equal(bytes, body);
  assert.equal(ranges, ['bytes=30000-']);
  assert.equal(files.sort(), [FILE, nameOf(process.ppid)].sort());
});

test('an interruption throws its reason and leaves the part', async ({ folder }) => {
  const server = await serve([{ body, etag: version, stallAfter: 30_000 }]);
  const stop = new AbortController();
  const reason = new Error('Ctrl-C');
  const thrown: unknown = await ensureFile(
    wishFor(folder, server.url, {
      signal: stop.signal,
      onProgress: () => setTimeout(() => stop.abort(reason), 50),
    }),
  ).catch((error: unknown) => error);
  await server.close();
  assert.is(thrown, reason);
  assert.is(server.requests.length, 1);
  const files = readdirSync(folder);
  assert.is(files.length, 1);
  assert.is(statSync(join(folder, files[0]!)).size, 30_000);
});

test('a full disk is one line, and nothing is left', async ({ folder }) => {
  const { message, files } = await outcome(folder, [{ body }], {
    openFile: async (path) => {
      writeFileSync(path, '');
      return {
        writeFile: () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })),
        sync: async () => {},
        close: async () => {},
      };
    },
  });
  assert.is(
    message,
    `${FILE} cannot be written into ${folder}: no room is left on the disk. Nothing was kept; KERAS_HOME names another folder.`,
  );
  assert.equal(files, []);
  const huge = await outcome(folder, [{ body, announce: 2 ** 52 }], { hash: null });
  assert.match(huge.message, /no room is left on the disk/);
});

test('a folder that cannot be made is one line', async ({ folder }) => {
  writeFileSync(join(folder, 'file'), '');
  const error: unknown = await ensureFile(wishFor(join(folder, 'file', 'models'), 'http://127.0.0.1:1')).catch(
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof DownloadError);
  assert.match(error.message, /a file is in the way of the folder/);
  assert.not.ok(existsSync(join(folder, 'file', 'models')));
});

test('progress begins at nothing, ends at the whole, and knows the total', async ({ folder }) => {
  const seen: DownloadProgress[] = [];
  await outcome(folder, [{ body }], { onProgress: (progress) => seen.push(progress) });
  assert.equal([seen[0]!.bytes, seen[0]!.total], [0, body.length]);
  assert.equal([seen.at(-1)!.bytes, seen.at(-1)!.total], [body.length, body.length]);
});

test.run();
