// How long checking takes: reading, checking and planning a file of 10,000 lines, and `tlp check` of a small file, cold,
// against bare node. Prints one JSON line for each; exit code 1 where a target is missed.
// npm run build && node --import tsx bench/check.ts [times]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const times = Number(process.argv[2] ?? 11);

/** Targets in milliseconds. */
const LONG = 250;
const COLD = 60;

/** Runs of two networks in turn, 13 lines each, until there are so many lines. */
const longFile = (lines: number): string => {
  const head = readFileSync(new URL('../pipelines/quickstart.tlp', import.meta.url), 'utf8')
    .replace('backbone cnn', 'backbone cnn0')
    .replace('head {', 'head head0 {')
    .replace('schedule {', 'schedule schedule0 {');
  const parts = [head];
  let count = head.split('\n').length;
  for (let i = 1; count < lines; i++) {
    const part = `
// variant ${i}: more filters, another rate
backbone cnn${i} {
  conv ${8 + (i % 56)} 3x3 same relu
  max_pool 2x2
  conv ${16 + (i % 48)} 3x3 same relu (kernel_regularizer: l2(1e-4))
}
head head${i} { flatten; dense ${32 + (i % 64)} relu; dropout ${10 + (i % 60)}% }
schedule schedule${i} {
  batch ${16 + (i % 16)}
  epochs ${5 + (i % 20)}
  optimizer adam(lr: ${(i % 9) + 1}e-4)
  early_stopping(monitor: val_loss, patience: 3, restore_best: true)
}
run "variant ${i}" {
  backbone cnn${i}
  head head${i}
  schedule schedule${i}
}
`;
    parts.push(part);
    count += part.split('\n').length - 1;
  }
  parts.push('run "first" { backbone cnn0; head head0; schedule schedule0 }\n');
  return parts.join('');
};

const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1]!;
const round = (value: number): number => Math.round(value * 10) / 10;

const folder = mkdtempSync(join(tmpdir(), 'tlp-bench-'));
try {
  const long = join(folder, 'long.tlp');
  const text = longFile(10_000);
  writeFileSync(long, text);
  // The bundle is what people run: its check of the long file, by its own clock, without the start of the process.
  const script = `
    import { readFileSync } from 'node:fs';
    const { checkText } = await import(process.argv[1]);
    const text = readFileSync(process.argv[2], 'utf8');
    const took = [];
    let runs = 0;
    for (let i = 0; i < ${times}; i++) {
      const begin = performance.now();
      runs = checkText(text, 'long.tlp').plan.runs.length;
      took.push(performance.now() - begin);
    }
    console.log(JSON.stringify({ took, runs }));`;
  const bundle = join(folder, 'check.mjs');
  const { build } = await import('esbuild');
  await build({
    entryPoints: [new URL('../src/compiler/check.ts', import.meta.url).pathname],
    outfile: bundle,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  const inside = spawnSync(process.execPath, ['--input-type=module', '-e', script, bundle, long], { encoding: 'utf8' });
  if (inside.status !== 0) throw new Error(inside.stderr);
  const { took, runs } = JSON.parse(inside.stdout) as { readonly took: readonly number[]; readonly runs: number };
  const first = took[0]!;
  // What else runs only adds time: the quickest is nearest to what it costs, here and below.
  const warm = Math.min(...took.slice(1));
  const lines = text.split('\n').length;
  console.log(
    JSON.stringify({
      bench: 'parse + check + plan',
      lines,
      runs,
      first_ms: round(first),
      warm_ms: round(warm),
      target_ms: LONG,
      median_ms: round(median(took.slice(1))),
      lines_a_second: Math.round((lines / warm) * 1000),
    }),
  );

  const small = join(folder, 'small.tlp');
  writeFileSync(small, readFileSync(new URL('../pipelines/quickstart.tlp', import.meta.url)));
  const empty = join(folder, 'empty.mjs');
  writeFileSync(empty, '');
  const tlp = new URL('../dist/tlp.js', import.meta.url).pathname;
  const clock = (...args: readonly string[]): number => {
    const begin = performance.now();
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`node ${args.join(' ')}: ${stderr}`);
    return performance.now() - begin;
  };
  // In turn, so that what else the machine does falls on both.
  const bare: number[] = [];
  const cold: number[] = [];
  for (let i = 0; i < times; i++) {
    bare.push(clock(empty));
    cold.push(clock(tlp, 'check', small));
  }
  const [least, own] = [Math.min(...bare), Math.min(...cold)];
  console.log(
    JSON.stringify({
      bench: 'cold tlp check',
      node_ms: round(least),
      check_ms: round(own),
      above_node_ms: round(own - least),
      target_above_node_ms: COLD,
      ratio: Math.round((own / least) * 100) / 100,
      median_node_ms: round(median(bare)),
      median_check_ms: round(median(cold)),
    }),
  );
  if (warm > LONG || own - least > COLD) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
