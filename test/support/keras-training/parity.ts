// Transfer by tlp against the same by Keras: a head on frozen weights, then fine-tuning, three epochs each, from weights that Keras wrote.
// npm run parity:training [CASE…]; PYTHON names a Python with keras, tensorflow-cpu, h5py and pillow. With `--write` the case
// `small` takes the place of the one that the tests hold tlp to.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cases } from './cases.ts';
import { type Compared, compare } from './compare.ts';
import { type KerasTrained, trainCase, writeCase } from './train-case.ts';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const python = (mode: 'write' | 'fit', folder: string): void => {
  const stdio = ['ignore', 'ignore', 'inherit'] as const;
  execFileSync(process.env.PYTHON ?? 'python3', [here('./train.py'), mode, folder], { stdio: [...stdio] });
};

const say = ({ what, off, allowed }: Compared): void =>
  console.log(`  ${off <= allowed ? 'ok    ' : 'FAILED'} ${what}: off by ${off.toExponential(1)}`);

/** What the figures are worth: training was more than a way to stay where one is, and Keras itself would say the same again. */
const sayKeras = ({ runs, shaken }: KerasTrained): void => {
  for (const [name, { epochs, test }] of Object.entries(runs)) {
    const losses = epochs.map(({ loss }) => loss.toFixed(4)).join(', ');
    const own = Math.abs(shaken[name]!.loss - test.loss).toExponential(1);
    console.log(
      `  Keras, ${name}: losses ${losses}; evaluation ${test.loss.toFixed(4)}, ${(100 * test.accuracy).toFixed(0)} %; ` +
        `from weights off by a millionth off by ${own}`,
    );
  }
};

/** What a test needs of a case. */
const KEPT = ['weights.h5', 'train', 'test', 'keras.json'];

const options = process.argv.slice(2);
const wanted = options.filter((option) => option !== '--write');
const unknown = wanted.filter((name) => cases[name] === undefined);
if (unknown.length > 0) throw new RangeError(`no case ${unknown.join()}: there are ${Object.keys(cases).join(', ')}`);
let failed = false;
for (const name of wanted.length > 0 ? wanted : Object.keys(cases)) {
  const each = cases[name]!;
  const folder = mkdtempSync(join(tmpdir(), `tlp-parity-${name}-`));
  try {
    writeCase(each, folder);
    python('write', folder);
    const ours = await trainCase(each, folder, true);
    python('fit', folder);
    const theirs: KerasTrained = JSON.parse(readFileSync(join(folder, 'keras.json'), 'utf8'));
    console.log(`${name}, ${each.size}x${each.size}, Keras ${theirs.keras}`);
    const compared = compare(ours, theirs);
    failed ||= compared.some(({ off, allowed }) => !(off <= allowed));
    compared.forEach(say);
    sayKeras(theirs);
    if (name === 'small' && options.includes('--write')) {
      for (const kept of KEPT) cpSync(join(folder, kept), here(`./small/${kept}`), { recursive: true });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
process.exitCode = failed ? 1 : 0;
