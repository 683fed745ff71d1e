// The worked examples of CONTRIBUTING.md: their lines alone, added to a copy of the project, make two new words.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkText } from '../../src/compiler/check.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');

/** Lines of a fence that go to the beginning of a table in a file. */
interface Edit {
  readonly file: string;
  readonly table: string;
  readonly lines: string;
}

const edits: readonly Edit[] = [...page.matchAll(/^```ts (\S+) (\w+)\n([\s\S]*?)^```$/gm)].map(
  ([, file, table, lines]) => ({ file: file!, table: table!, lines: lines! }),
);
const pipeline = /^```tlp\n([\s\S]*?)^```$/m.exec(page)?.[1] ?? '';

/** What the copy holds: all that is built, and nothing of the tests. */
const COPIED = ['src', 'grammar', 'bin', 'scripts', 'data', 'package.json', 'tsconfig.json'];

/** Writes generated files of the copy, then compiles the pipeline down to kernels and training graphs, and prints what is asked for. */
const probe = `
import { readFileSync, writeFileSync } from 'node:fs';
import { generated } from './scripts/generate.ts';
import { checkText } from './src/compiler/check.ts';
import { compileRun } from './src/compiler/index.ts';
import { buildRunLayers } from './src/compiler/layers/run-layers.ts';
import { trainableRun } from './src/compiler/plan/trainable.ts';
writeFileSync('src/compiler/plan/plan.schema.json', generated['src/compiler/plan/plan.schema.json']());
const { verifyPlan } = await import('./src/compiler/plan/verify.ts');
const { plan, diagnostics } = checkText(readFileSync('new.tlp', 'utf8'), 'new.tlp');
if (plan === null) throw new Error(JSON.stringify(diagnostics));
const found = trainableRun(plan.runs[0]);
if ('missing' in found) throw new Error(JSON.stringify(found.missing));
const { run } = found;
const layers = buildRunLayers(run);
const compiled = compileRun(run, layers);
console.log(JSON.stringify({
  findings: diagnostics.map(({ code }) => code),
  problems: [...layers.problems, ...verifyPlan(plan)],
  augment: run.augment,
  weights: layers.model.layers.flatMap(({ weights }) => weights.map(({ name, shape }) => [name, shape])),
  trained: [...layers.stages[0].trained.trainable],
  kernel: compiled.kernels.train,
  reference: generated['docs/language.md'](),
}));
`;

const test = suite('docs: contributing');
let copy = '';

const run = (...args: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: copy, encoding: 'utf8' });
  assert.is(status, 0, `${args.join(' ')}\n${stdout}\n${stderr}`);
  return stdout;
};

test.before(() => {
  copy = mkdtempSync(join(tmpdir(), 'tlp-contributing-'));
  for (const name of COPIED) cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
  writeFileSync(join(copy, 'new.tlp'), pipeline);
  writeFileSync(join(copy, 'probe.ts'), probe);
});
test.after(() => rmSync(copy, { recursive: true, force: true }));

test('without the edits there are no such words', () => {
  const found = checkText(pipeline, 'new.tlp').diagnostics.map(({ message }) => message);
  assert.equal(found, ['`invert` is no word of an augment block.', '`prelu` is no word of a backbone of your own.']);
});

test('the edits are all in tables of their files', () => {
  assert.is(edits.length, 7);
  for (const { file, table, lines } of edits) {
    const path = join(copy, file);
    const text = readFileSync(path, 'utf8');
    const head = new RegExp(`^(?:export )?const ${table}\\b.*\\{\\n`, 'm');
    assert.match(text, head, `${file} has no table ${table}`);
    writeFileSync(
      path,
      text.replace(head, (found) => found + lines),
    );
  }
});

test('they compile', () => {
  run(join(root, 'node_modules/typescript/bin/tsc'), '--noEmit');
});

test('a pipeline with both words is compiled, and the generated files follow', () => {
  const found = JSON.parse(run('--import', 'tsx', 'probe.ts'));
  assert.equal(found.findings, []);
  assert.equal(found.problems, []);
  assert.equal(found.augment, [{ kind: 'invert', probability: 0.2 }]);
  // Keras' PReLU(shared_axes=[1, 2]) on a map of 16 channels.
  assert.equal(
    found.weights.filter(([name]: readonly [string]) => name.endsWith('/alpha')),
    [['p_re_lu/alpha', [1, 1, 16]]],
  );
  assert.ok(found.trained.includes('p_re_lu/alpha'));
  assert.match(found.kernel, 'draw() < 0.2 ? 1 : 0');
  assert.match(found.reference, /^#### invert$/m);
  assert.match(found.reference, /^#### prelu$/m);
});

test.run();
