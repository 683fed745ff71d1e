// `tlp run --json` as a process, with a look at each event; and what it leaves.
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { RunEvent, RunResult } from '../../src/runtime/events.ts';

export const tlpFile = resolve('dist/tlp.js');

export interface Ended {
  /** As a shell sees it: 130 for SIGINT. */
  readonly code: number | null;
  readonly events: readonly RunEvent[];
  readonly stderr: string;
}

const signalCodes: Readonly<Record<string, number>> = {
  SIGHUP: 129,
  SIGINT: 130,
  SIGABRT: 134,
  SIGKILL: 137,
  SIGTERM: 143,
};

export const codeOf = (code: number | null, signal: string | null): number | null =>
  signal === null ? code : (signalCodes[signal] ?? null);

/** Starts the command and calls `onEvent` for each event line. */
export const watchRun = (
  args: readonly string[],
  options: SpawnOptions,
  onEvent: (event: RunEvent, child: ChildProcess) => void = () => {},
): Promise<Ended> =>
  new Promise((settle) => {
    const child = spawn(process.execPath, [tlpFile, 'run', '--json', '--device', 'cpu', ...args], options);
    const events: RunEvent[] = [];
    let stderr = '';
    child.stderr?.on('data', (data) => {
      stderr += data;
    });
    if (child.stdout) {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const event = JSON.parse(line) as RunEvent;
        events.push(event);
        onEvent(event, child);
      });
    }
    child.on('close', (code, signal) => settle({ code: codeOf(code, signal), events, stderr }));
  });

export const resultsIn = (events: readonly RunEvent[]): readonly RunResult[] => {
  const last = events.at(-1);
  return last?.type === 'finished' ? last.runs : [];
};

/** Folders of runs below `runs/PIPELINE`, those under construction too. */
export const runsIn = (folder: string, pipeline: string): readonly string[] => {
  const parent = join(folder, 'runs', pipeline);
  return existsSync(parent) ? readdirSync(parent).map((name) => join(parent, name)) : [];
};

export const weightsIn = (run: string): Buffer => readFileSync(join(run, 'model', 'weights.bin'));
