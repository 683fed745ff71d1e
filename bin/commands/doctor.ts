// Verb: `tlp doctor`: which engines and devices work here, and why not.
import { availableParallelism, cpus, totalmem } from 'node:os';
import type { DeviceReport } from '../../src/runtime/engine/engine.ts';
import { engines } from '../../src/runtime/engine/engines.ts';
import { exitCode, guarded } from './fail.ts';
import { table } from './table.ts';

export interface DoctorOptions {
  readonly json?: boolean | undefined;
}

interface Machine {
  readonly node: string;
  readonly platform: string;
  readonly processor: string;
  readonly cores: number;
  readonly memory_gb: number;
}

const machine = (): Machine => ({
  node: process.versions.node,
  platform: `${process.platform} ${process.arch}`,
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  memory_gb: Number((totalmem() / 2 ** 30).toFixed(1)),
});

const print = (facts: Machine, devices: readonly DeviceReport[]): string =>
  [
    `node ${facts.node} on ${facts.platform}`,
    `${facts.processor}, ${facts.cores} cores, ${facts.memory_gb} GB of memory`,
    '',
    table([
      ['engine', 'device', 'works', ''],
      ...devices.map(({ engine, device, works, detail }) => [engine, device, works ? 'yes' : 'no', detail]),
    ]),
  ].join('\n');

/** Exit code 0 when some device works, else 2. */
export const doctor = (options: DoctorOptions = {}): Promise<number> =>
  guarded(async () => {
    const facts = machine();
    const devices = (await Promise.all(engines.map((engine) => engine.probe()))).flat();
    process.stdout.write(options.json ? `${JSON.stringify({ ...facts, devices })}\n` : print(facts, devices));
    return devices.some(({ works }) => works) ? exitCode.done : exitCode.cannotRun;
  });
