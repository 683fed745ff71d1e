// Files that are none, damaged or hostile: one line, whatever is in them.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openWeightFile } from '../../../src/runtime/weights/open-weight-file.ts';
import { WeightFileError } from '../../../src/runtime/weights/weight-file.ts';
import { fixture } from '../../support/weights-fixture.ts';

const refusals = suite('files that are refused');
const folder = mkdtempSync(join(tmpdir(), 'tlp-weights-'));
refusals.after(() => rmSync(folder, { recursive: true }));

const write = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

/** Opens the file and reads all of it; gives the refusal. */
const refusalOf = async (path: string): Promise<string> => {
  try {
    const file = await openWeightFile(path);
    try {
      await file.read(file.groups.flatMap(({ tensors }) => tensors));
    } finally {
      await file.close();
    }
  } catch (error) {
    assert.instance(error, WeightFileError, String(error));
    const { message } = error as WeightFileError;
    assert.ok(message.startsWith(`${path} `), message);
    assert.not.match(message, /\n/);
    return message.slice(path.length + 1);
  }
  return 'nothing';
};

const safetensors = (header: unknown, data: Uint8Array, length?: bigint): Uint8Array => {
  const json = typeof header === 'string' ? header : JSON.stringify(header);
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(length ?? BigInt(Buffer.byteLength(json)));
  return Buffer.concat([start, Buffer.from(json), data]);
};

const entry = (shape: readonly number[], from: number, to: number, dtype = 'F32') => ({
  t: { dtype, shape, data_offsets: [from, to] },
});
const four = new Uint8Array(16);

const tfjs = (weights: readonly object[], paths: readonly unknown[]): string =>
  JSON.stringify({ format: 'layers-model', modelTopology: null, weightsManifest: [{ paths, weights }] });
const kernel = { name: 'a/kernel', shape: [2, 2], dtype: 'float32' };

/** A link, a folder and shards that the tests below name. */
const prepare = (): void => {
  write('shard.bin', four);
  write('short.bin', four.subarray(4));
  mkdirSync(join(folder, 'inner'));
  symlinkSync('../shard.bin', join(folder, 'inner', 'link.bin'));
  symlinkSync('circle', join(folder, 'circle'));
};
refusals.before(prepare);

const texts: readonly (readonly [name: string, content: string | Uint8Array, message: RegExp])[] = [
  ['empty', '', /^is empty$/],
  ['text', 'weights', /^is no weight file that tlp knows: it reads .h5/],
  ['page', '<!DOCTYPE html><p>', /^is a web page/],
  ['lfs', 'version https://git-lfs.github.com/spec/v1\n', /Git LFS/],
  ['pickle', Buffer.from('8004950000', 'hex'), /pickle of Python/],
  ['onnx', Buffer.from('08091207', 'hex'), /ONNX/],
  ['header-2^48', safetensors(entry([4], 0, 16), four, 2n ** 48n), /header is said to be longer than the file/],
  ['header-2^64', safetensors(entry([4], 0, 16), four, 2n ** 64n - 1n), /header is said to be longer/],
  ['header-json', safetensors('{"t": [', four), /its header is damaged/],
  ['header-deep', safetensors(`{"t":${'['.repeat(1e6)}`, four), /its header is damaged/],
  ['header-list', safetensors('{"t":[1]}', four), /its entry of t is damaged/],
  ['short', safetensors(entry([8], 0, 32), four), /cut short/],
  ['shape', safetensors(entry([5], 0, 16), four), /t has another size than its shape/],
  ['huge', safetensors(entry([2 ** 40, 2 ** 40], 0, 16), four), /t has another size than its shape/],
  ['negative', safetensors(entry([-1, -4], 0, 16), four), /its entry of t is damaged/],
  ['backwards', safetensors(entry([4], 16, 0), four), /cut short/],
  ['type', safetensors(entry([4], 0, 16, 'F8_E5M2'), four), /type F8_E5M2/],
  ['json', '{"a": 1}', /JSON, but not the model.json/],
  ['json-cut', '{"a": ', /it is not JSON/],
  ['json-deep', `{"a":${'['.repeat(1e6)}`, /it is not JSON/],
  ['graph', '{"format": "graph-model"}', /graph model/],
  ['manifest', '{"weightsManifest": [3]}', /damaged weightsManifest/],
  ['missing', tfjs([kernel], ['no.bin']), /wants the shard no.bin, which does not exist/],
  ['climbs', tfjs([kernel], ['../shard.bin']), /names a shard outside of its folder/],
  ['climbs-back', tfjs([kernel], ['a\\..\\..\\shard.bin']), /names a shard outside of its folder/],
  ['absolute', tfjs([kernel], ['/etc/passwd']), /names a shard outside of its folder/],
  ['number', tfjs([kernel], [7]), /names a shard outside of its folder/],
  ['device', tfjs([kernel], ['inner']), /wants the shard inner, which is a folder/],
  ['shard-short', tfjs([kernel], ['short.bin']), /12 bytes in its shards where its tensors take 16/],
  ['tfjs-huge', tfjs([{ ...kernel, shape: [2 ** 50, 2 ** 50] }], ['shard.bin']), /its tensors take/],
  ['tfjs-shape', tfjs([{ ...kernel, shape: [1.5] }], ['shard.bin']), /no shape for a\/kernel/],
  ['tfjs-type', tfjs([{ ...kernel, dtype: 'complex64' }], ['shard.bin']), /unknown type complex64/],
  ['tfjs-scale', tfjs([{ ...kernel, quantization: { dtype: 'uint8' } }], ['shard.bin']), /no scale and min/],
  ['zip', Buffer.from(`PK\x03\x04${'\0'.repeat(60)}`, 'latin1'), /the list of its members is missing/],
  ['h5', Buffer.from('\x89HDF\r\n\x1a\n', 'latin1'), /^is (damaged|cut short)$/],
  [
    'h5-noise',
    Buffer.concat([Buffer.from('\x89HDF\r\n\x1a\n', 'latin1'), Buffer.alloc(5000, 7)]),
    /^is (damaged|cut short)$/,
  ],
];

for (const [name, content, message] of texts) {
  refusals(name, async () => assert.match(await refusalOf(write(name, content)), message));
}

refusals('places without a file', async () => {
  assert.is(await refusalOf(join(folder, 'nothing')), 'does not exist');
  assert.is(await refusalOf(join(folder, 'shard.bin', 'x')), 'does not exist');
  assert.is(await refusalOf(join(folder, 'circle')), 'is a link to itself');
  assert.match(await refusalOf(folder), /is a folder without model\/model.json/);
  assert.is(await refusalOf('/dev/zero'), 'is not a regular file');
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  assert.is(await refusalOf(join(folder, 'pipe')), 'is not a regular file');
});

refusals('a shard that is a link out of its folder', async () => {
  const path = write(join('inner', 'model.json'), tfjs([kernel], ['link.bin']));
  assert.match(await refusalOf(path), /wants the shard link.bin, which is a link out of its folder/);
});

/** A copy of whole.keras with one field of its list of members changed; fields count from the entry of `member`. */
const changedArchive = (member: string, field: number, value: number): string => {
  const bytes = Buffer.from(readFileSync(fixture('whole.keras')));
  const at = bytes.lastIndexOf(member) - 46;
  bytes.writeUInt32LE(value, at + field);
  return write(`archive-${field}-${value}`, bytes);
};

refusals('archives with wrong sizes, places and checksums', async () => {
  const weights = 'model.weights.h5';
  assert.match(await refusalOf(changedArchive(weights, 24, 0x7fffffff)), /model.weights.h5 has a wrong size/);
  assert.match(await refusalOf(changedArchive(weights, 42, 0x7fffffff)), /cut short/);
  assert.match(await refusalOf(changedArchive(weights, 42, 4)), /model.weights.h5 is not where its list says/);
  assert.match(await refusalOf(changedArchive(weights, 16, 1)), /model.weights.h5 does not have its checksum/);
  assert.match(await refusalOf(changedArchive('config.json', 16, 1)), /config.json does not have its checksum/);
});

refusals('a compressed archive', async () => {
  const path = join(folder, 'deflated.keras');
  writeFileSync(path, zipSync(unzipSync(readFileSync(fixture('whole.keras')))));
  assert.match(await refusalOf(path), /has config.json compressed/);
});

refusals('a stop is not a refusal', async () => {
  const stop = AbortSignal.abort(new Error('stopped'));
  await openWeightFile(fixture('trunk.h5'), stop).then(
    () => assert.unreachable(),
    (error: Error) => assert.is(error.message, 'stopped'),
  );
});

refusals.run();
