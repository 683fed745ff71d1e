// Verb: this machine → the fastest device that works. Only what can be there is tried, and the answer is kept in the user's cache.
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { cacheRoot } from '../../cache/cache-root.ts';
import { type Trial, tryDevice } from './trial.ts';

/** What decides which devices can be there. Another answer is looked for when any of it changes. */
export interface HostFacts {
  readonly onnxruntime: string;
  readonly node: string;
  /** As `process.platform` and `process.arch`. */
  readonly platform: string;
  readonly arch: string;
  readonly processor: string;
  readonly cores: number;
  /** Device files of graphics cards; null where the system has no such files. */
  readonly graphics: readonly string[] | null;
}

/** Device files of graphics cards on Linux: DRM render nodes, the drivers of NVIDIA and AMD, and Windows' below it. */
const graphicsFiles = (): readonly string[] => {
  const nodes = existsSync('/dev/dri') ? readdirSync('/dev/dri').filter((name) => name.startsWith('renderD')) : [];
  const drivers = ['/dev/nvidia0', '/dev/kfd', '/dev/dxg'].filter((path) => existsSync(path));
  return [...nodes.sort().map((name) => `/dev/dri/${name}`), ...drivers];
};

const hostFacts = async (): Promise<HostFacts> => {
  const about = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
  const { version } = JSON.parse(await readFile(about, 'utf8')) as { readonly version: string };
  const { platform, arch } = process;
  return {
    onnxruntime: version,
    node: process.versions.node,
    platform,
    arch,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    graphics: platform === 'linux' ? graphicsFiles() : null,
  };
};

/** Devices besides the CPU that can be on such a machine. A software driver without a card never wins, so none is looked for. */
export const candidates = ({ platform, graphics }: HostFacts): readonly string[] => {
  if (graphics?.length === 0) return [];
  const cuda = platform === 'win32' || graphics?.some((path) => /nvidia|dxg/.test(path)) === true;
  return cuda ? ['cuda', 'webgpu'] : ['webgpu'];
};

/** How much faster than the CPU a device must be to be taken. */
const MARGIN = 1.5;

/** The fastest of the candidates by trial; the CPU is tried only where another one works. */
const fastest = async (others: readonly string[], attempt: (device: string) => Promise<Trial>): Promise<string> => {
  const working: { readonly device: string; readonly milliseconds: number }[] = [];
  for (const device of others) {
    const trial = await attempt(device);
    if ('milliseconds' in trial) working.push({ device, milliseconds: trial.milliseconds });
  }
  if (working.length === 0) return 'cpu';
  const cpu = await attempt('cpu');
  let best = { device: 'cpu', milliseconds: 'milliseconds' in cpu ? cpu.milliseconds : Number.POSITIVE_INFINITY };
  for (const each of working) if (each.milliseconds < best.milliseconds / MARGIN) best = each;
  return best.device;
};

/** What `chooseDevice` asks of the machine. */
export interface DeviceChoice {
  /** Folder of the user's caches. */
  readonly root?: string;
  readonly facts?: HostFacts;
  readonly attempt?: (device: string) => Promise<Trial>;
}

const fileIn = (root: string): string => join(root, 'device.json');

/** The answer for the same facts; null where there is none that can be read. */
const remembered = async (root: string, facts: string): Promise<string | null> => {
  try {
    const known = JSON.parse(await readFile(fileIn(root), 'utf8')) as { facts?: unknown; device?: unknown };
    return JSON.stringify(known.facts) === facts && typeof known.device === 'string' ? known.device : null;
  } catch {
    return null;
  }
};

/** A cache that cannot be written costs time, nothing else. */
const remember = async (root: string, facts: HostFacts, device: string): Promise<void> => {
  const fresh = `${fileIn(root)}.${process.pid}`;
  try {
    await mkdir(root, { recursive: true });
    await writeFile(fresh, JSON.stringify({ facts, device }));
    await rename(fresh, fileIn(root));
  } catch {
    await rm(fresh, { force: true }).catch(() => undefined);
  }
};

/** The fastest device that works; the CPU wins a tie. */
export const chooseDevice = async (choice: DeviceChoice = {}): Promise<string> => {
  const { root = cacheRoot(), facts = await hostFacts(), attempt = tryDevice } = choice;
  const others = candidates(facts);
  if (others.length === 0) return 'cpu';
  const known = await remembered(root, JSON.stringify(facts));
  if (known !== null) return known;
  const device = await fastest(others, attempt);
  await remember(root, facts, device);
  return device;
};

/** The answer was wrong: the device failed. */
export const forgetDevice = (root = cacheRoot()): Promise<void> =>
  rm(fileIn(root), { force: true }).catch(() => undefined);
