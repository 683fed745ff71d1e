// Features of a finished run: rows and names in order, and in Keras' layout: the run's own head on them gives its probabilities.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { csvLine } from '../../src/compiler/leaf/csv.ts';
import { openSource } from '../../src/runtime/data/open-source.ts';
import { DataError } from '../../src/runtime/data/source.ts';
import { engines } from '../../src/runtime/engine/engines.ts';
import { onnxEngine } from '../../src/runtime/engine/onnx/onnx-engine.ts';
import { type EmbedRequest, embedImages } from '../../src/session/embed-images.ts';
import { embedderOfFolder, embedderOfPlan } from '../../src/session/open-embedder.ts';
import { predictImages } from '../../src/session/predict-images.ts';
import { SessionError } from '../../src/session/session-error.ts';
import { digitsPlan, digitsRun } from '../support/digits-plan.ts';
import { type FinishedRun, finishRun } from '../support/finished-run.ts';

const test = suite('embed images');

let root = '';
let finished: FinishedRun;

test.before(async () => {
  root = mkdtempSync(join(tmpdir(), 'tlp-embed-'));
  finished = await finishRun(join(root, 'runs'));
  const source = await openSource({ kind: 'digits' });
  for (let i = 0; i < 5; i++) {
    const data = new Uint8Array(64);
    source.read('test', i, data);
    const at = join(root, 'img', i % 2 === 0 ? 'even' : 'odd');
    mkdirSync(at, { recursive: true });
    writeFileSync(join(at, `${i}.png`), encode({ width: 8, height: 8, channels: 1, depth: 8, data }));
  }
});
test.after(() => rmSync(root, { recursive: true, force: true }));

const embed = async (name: string, more: Partial<EmbedRequest> = {}) => {
  const out = join(root, `${name}.npy`);
  const embedded = await embedImages({
    embedder: await embedderOfFolder(finished.folder),
    data: { kind: 'own' },
    engine: onnxEngine,
    device: 'cpu',
    out,
    line: csvLine,
    onUnreadable: ({ problem }) => {
      throw new DataError(problem);
    },
    ...more,
  });
  const bytes = readFileSync(out);
  const start = 10 + bytes.readUInt16LE(8);
  const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length));
  const lines = readFileSync(join(root, `${name}.csv`), 'utf8')
    .trimEnd()
    .split('\n');
  return { ...embedded, values, lines };
};

/** Rows of the files in `img`, in the order of their names. */
const order = ['even/0', 'even/2', 'even/4', 'odd/1', 'odd/3'];

test('files are rows in the order of their names, with the folders as classes', async () => {
  const { rows, columns, lines, values, ofBackbone } = await embed('files', {
    data: { kind: 'folder', path: join(root, 'img') },
  });
  assert.equal([rows, columns, ofBackbone], [5, 4 * 4 * 8, true]);
  assert.is(values.length, rows * columns);
  assert.equal(lines, ['image,class', ...order.map((name) => `${join(root, 'img', name)}.png,${name.split('/')[0]}`)]);
});

test("the run's own head on the features gives its probabilities", async () => {
  const path = join(root, 'img');
  const { values, columns } = await embed('head', { data: { kind: 'folder', path } });
  const kernel = finished.weights.get('predictions/kernel')!;
  const bias = finished.weights.get('predictions/bias')!;
  const rows: Float32Array[] = [];
  await predictImages({
    folder: finished.folder,
    images: [path],
    engines,
    device: 'cpu',
    top: 10,
    onPrediction: ({ top }) => {
      const row = new Float32Array(10);
      for (const each of top) row[Number(each.class)] = each.confidence;
      rows.push(row);
    },
    onUnreadable: () => {},
  });
  for (const [i, row] of rows.entries()) {
    const feature = values.subarray(i * columns, (i + 1) * columns);
    const logits = [...bias].map((b, c) => feature.reduce((sum, value, f) => sum + value * kernel[f * 10 + c]!, b));
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    for (const [c, logit] of logits.entries()) {
      assert.ok(Math.abs(Math.exp(logit) / total - row[c]!) < 1e-5, `image ${i}, class ${c}`);
    }
  }
});

test('a split has the rows of its images, named by their place, with class and split', async () => {
  const { rows, columns, lines, values } = await embed('whole', {
    data: { kind: 'plan', data: { ...finished.run.data, limit: { train: null, test: null } } },
  });
  assert.is(rows, 1797);
  assert.is(lines.length, 1798);
  assert.is(lines[0], 'image,class,split');
  const files = await embed('again', { data: { kind: 'folder', path: join(root, 'img') } });
  const rowOf = (from: Float32Array, at: number) => [...from.subarray(at * columns, (at + 1) * columns)];
  for (const [row, name] of order.entries()) {
    const line = lines.findIndex((each) => each.startsWith(`test/${name.split('/')[1]},`));
    assert.match(lines[line]!, /,test$/);
    assert.equal(rowOf(values, line - 1), rowOf(files.values, row), name);
  }
  assert.is((await embed('own')).rows, 350);
});

test('a plan gives the weights with which its run starts', async () => {
  const signal = new AbortController().signal;
  const embedder = await embedderOfPlan(digitsPlan(finished.run), undefined, () => {}, signal);
  const path = join(root, 'img');
  const started = await embed('started', { embedder, data: { kind: 'folder', path } });
  // The finished run has fresh weights, too.
  assert.equal(started.values, (await embed('finished', { data: { kind: 'folder', path } })).values);
  const after = digitsRun({ name: 'after', continues: 'main' });
  const error: unknown = await embedderOfPlan(digitsPlan(finished.run, after), 'after', () => {}, signal).catch(
    (thrown: unknown) => thrown,
  );
  assert.instance(error, SessionError);
  assert.match((error as Error).message, /^run "after" starts from "main": train it/);
});

test('what fails leaves no file behind', async () => {
  const path = join(root, 'broken');
  mkdirSync(path);
  writeFileSync(join(path, 'a.png'), 'nothing');
  const error: unknown = await embed('broken', { data: { kind: 'folder', path } }).catch((thrown: unknown) => thrown);
  assert.instance(error, DataError);
  assert.equal(
    readdirSync(root).filter((name) => name.startsWith('broken.')),
    [],
  );
});

test.run();
