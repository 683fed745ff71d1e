// Trial: random wrong pipelines and hard files: checking ends, points into the file, and its cures keep what they promise.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkMutant } from './check-mutant.ts';
import { hardFiles } from './hard-files.ts';
import { numbersOf, pipelines, randomMutant, singleMutants, tokensOf } from './mutate.ts';

const MUTANTS = 100_000;
/** Of so many mutants one has its cures tried, too. */
const CURED = 10;
/** Seconds that a file of under a megabyte may take. */
const MOST_SECONDS = 5;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** `COUNT SEED`, each optional. */
export const trial = async ([count = String(MUTANTS), seed = '1']: readonly string[]): Promise<number> =>
  curesOfSingleMutants() + mutants(Number(count), Number(seed)) + commandsOnHardFiles();

/** All mutants of one token of all pipelines. */
const curesOfSingleMutants = (): number => {
  let [bad, all] = [0, 0];
  for (const { what, text } of pipelines.flatMap((pipeline) => [...singleMutants(pipeline)])) {
    const { problem } = checkMutant(text, true);
    all++;
    if (problem === null) continue;
    bad++;
    say(`${what}\n  ${problem}`);
  }
  say(`cures of ${all} mutants of one token: ${bad} bad`);
  return bad;
};

const mutants = (count: number, seed: number): number => {
  const random = numbersOf(seed);
  const from = pipelines.flatMap(({ text }) => tokensOf(text));
  const begin = performance.now();
  let [bad, slowest] = [0, 0];
  for (let i = 0; i < count; i++) {
    const mutant = randomMutant(pipelines[i % pipelines.length]!, from, random);
    const { problem, seconds } = checkMutant(mutant.text, i % CURED === 0);
    slowest = Math.max(slowest, seconds);
    if (problem === null) continue;
    bad++;
    say(`${mutant.what}\n  ${problem}`);
  }
  const minutes = ((performance.now() - begin) / 60_000).toFixed(1);
  say(
    `${count} mutants in ${minutes} minutes (seed ${seed}): ${bad} bad; the slowest check took ${slowest.toFixed(2)} s`,
  );
  return bad;
};

const commands = [['check'], ['check', '--unsafe-fixes', '--diff'], ['plan'], ['fmt', '--diff']] as const;

/** Each command on each hard file, as a person calls it. */
const commandsOnHardFiles = (): number => {
  const times: { readonly what: string; readonly seconds: number }[] = [];
  let bad = 0;
  for (const { name, text, imports = new Map<string, string>() } of hardFiles) {
    const folder = mkdtempSync(join(tmpdir(), 'tlp-hard-'));
    for (const [file, held] of [['main.tlp', text] as const, ...imports]) writeFileSync(join(folder, file), held);
    for (const command of commands) {
      const { seconds, status } = call(folder, [...command, 'main.tlp']);
      const what = `${command.join(' ')}: ${name}`;
      times.push({ what, seconds });
      if (seconds <= MOST_SECONDS && (status === 0 || status === 1)) continue;
      bad++;
      say(`${what}\n  ${seconds.toFixed(1)} s, exit ${status}`);
    }
    rmSync(folder, { recursive: true });
  }
  const slowest = times.reduce((a, b) => (a.seconds > b.seconds ? a : b));
  say(
    `${times.length} commands on ${hardFiles.length} hard files: ${bad} bad; the slowest took ${slowest.seconds.toFixed(1)} s (${slowest.what})`,
  );
  return bad;
};

const call = (
  folder: string,
  args: readonly string[],
): { readonly seconds: number; readonly status: number | null } => {
  const program = fileURLToPath(new URL('../../dist/tlp.js', import.meta.url));
  const begin = performance.now();
  const { status } = spawnSync(process.execPath, [program, ...args], {
    cwd: folder,
    stdio: 'ignore',
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  return { seconds: (performance.now() - begin) / 1000, status };
};
