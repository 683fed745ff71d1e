// Decoders of images side by side: CPU ms an image, the process' highest memory, and how far from Pillow's pixels; one JSON line each.
// node --import tsx bench/decode.ts PYTHON: Python with Pillow and NumPy.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDecoder } from '../src/runtime/data/files/decode-image.ts';
import { decodeBySharp, loadSharp } from '../src/runtime/data/files/decode-sharp.ts';
import { kindOf } from '../src/runtime/data/files/image-kind.ts';

/** Rounds behind a first one that is not counted. */
const ROUNDS = 40;

type Decode = (bytes: Buffer) => Promise<Uint8Array>;

/** `own` is what is used where sharp does not load. Of PNG images it is used everywhere. */
const decoders: Readonly<Record<string, () => Promise<Decode>>> = {
  own: async () => {
    const decode = await openDecoder(false);
    return async (bytes) => (await decode(bytes)).bytes;
  },
  sharp: async () => {
    const sharp = await loadSharp();
    if (sharp === null) throw new Error('sharp does not load on this machine');
    return async (bytes) => (await decodeBySharp(sharp, kindOf(bytes), bytes)).bytes;
  },
};

const difference = (pixels: Uint8Array, expected: Uint8Array): { readonly mean: number; readonly most: number } => {
  let [sum, most] = [0, 0];
  for (const [i, value] of expected.entries()) {
    const off = Math.abs(value - pixels[i]!);
    sum += off;
    most = Math.max(most, off);
  }
  return { mean: sum / expected.length, most };
};

const measure = async (name: string, path: string): Promise<void> => {
  const bytes = readFileSync(path);
  const before = process.memoryUsage().rss;
  const decode = await decoders[name]!();
  const pixels = await decode(bytes);
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (let round = 0; round < ROUNDS; round++) await decode(bytes);
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  console.log(
    JSON.stringify({
      decoder: name,
      file: path.split('/').at(-1),
      images_per_second: +(ROUNDS / seconds).toFixed(1),
      cpu_ms: +((user + system) / 1000 / ROUNDS).toFixed(2),
      peak_mib: Math.round(process.resourceUsage().maxRSS / 1024 - before / 2 ** 20),
      from_pillow: difference(pixels, readFileSync(`${path}.rgb`)),
    }),
  );
};

const [python = 'python3', only, path] = process.argv.slice(2);
if (only !== undefined && path !== undefined) await measure(only, path);
else {
  const folder = mkdtempSync(join(tmpdir(), 'tlp-decode-'));
  execFileSync(python, [fileURLToPath(new URL('peers/images.py', import.meta.url)), folder]);
  for (const file of readdirSync(folder).filter((name) => !name.endsWith('.rgb'))) {
    for (const name of Object.keys(decoders)) {
      const args = ['--import', 'tsx', fileURLToPath(import.meta.url), python, name, join(folder, file)];
      execFileSync(process.execPath, args, { stdio: 'inherit' });
    }
  }
  rmSync(folder, { recursive: true });
}
