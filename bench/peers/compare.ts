// Training steps of tlp, PyTorch and Keras in one table, with ratios. All in one run, in turn, so that a slow machine slows all.
// node --import tsx bench/peers/compare.ts PYTHON [rounds] [part of a case name]
// PYTHON is an interpreter with torch, keras and tensorflow-cpu: python3 -m venv .venv && .venv/bin/pip install torch keras tensorflow-cpu
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { stepCases } from '../models.ts';

const [python = 'python3', rounds = '3', only = ''] = process.argv.slice(2);
const STEPS = '6';
const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

interface Line {
  readonly peer: string;
  readonly case: string;
  readonly milliseconds: number;
}

const contenders: readonly { readonly name: string; readonly command: (which: string) => readonly string[] }[] = [
  { name: 'tlp', command: (which) => [process.execPath, '--import', 'tsx', path('../step.ts'), which, STEPS] },
  { name: 'torch', command: (which) => [python, path('./peers.py'), 'torch', which, STEPS] },
  { name: 'keras', command: (which) => [python, path('./peers.py'), 'keras', which, STEPS] },
];

const measured = new Map<string, number[]>();
const cases = stepCases.map(({ name }) => name).filter((name) => name.includes(only));
for (let round = 0; round < Number(rounds); round += 1) {
  for (const name of cases) {
    for (const contender of contenders) {
      const [program, ...parameters] = contender.command(name) as [string, ...string[]];
      const output = execFileSync(program, parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
      for (const text of output
        .trim()
        .split('\n')
        .filter((line) => line.startsWith('{'))) {
        const line = JSON.parse(text) as Line;
        const key = `${line.case}|${line.peer}`;
        measured.set(key, [...(measured.get(key) ?? []), line.milliseconds]);
      }
    }
  }
}

/** The best round: other work on a shared machine only ever adds time. */
const best = (name: string, peer: string): number => Math.min(...(measured.get(`${name}|${peer}`) ?? [Number.NaN]));

console.log(
  'ms an image of a full training step (forward, backward, Adam); best of',
  rounds,
  'rounds of',
  STEPS,
  'steps (median)',
);
console.log(
  `${'case'.padEnd(28)}${['tlp', 'torch', 'keras', 'tlp/torch', 'tlp/keras'].map((head) => head.padStart(11)).join('')}`,
);
for (const name of cases) {
  const [tlp, torch, keras] = ['tlp', 'torch', 'keras'].map((peer) => best(name, peer)) as [number, number, number];
  const cells = [tlp, torch, keras, tlp / torch, tlp / keras].map((value) => value.toFixed(2).padStart(11));
  console.log(`${name.padEnd(28)}${cells.join('')}`);
}
