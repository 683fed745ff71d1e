// The start: `npm run torture -- NAME ARGUMENTS…` to the trial of that name. Each is bounded in minutes and ends with exit code 1 where something did not hold.

/** Each gives how many things did not hold. */
type Trial = (args: readonly string[]) => Promise<number>;

/** What each tries is said on its first line. */
const trials: Readonly<Record<string, () => Promise<{ readonly trial: Trial }>>> = {
  data: () => import('./data.ts'),
  kills: () => import('./kills.ts'),
  mutants: () => import('./mutants.ts'),
};

export {};

const [name = '', ...args] = process.argv.slice(2);
const load = trials[name];
if (load === undefined) {
  process.stderr.write(`torture: write one of ${Object.keys(trials).join(', ')}\n`);
  process.exitCode = 2;
} else {
  const { trial } = await load();
  process.exitCode = (await trial(args)) > 0 ? 1 : 0;
}
