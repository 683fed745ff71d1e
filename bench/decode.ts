// Decoders of images side by side: CPU ms an image, the process' highest memory, and how far from Pillow's pixels; one JSON line each.
// node --import tsx bench/decode.ts PYTHON [SHARP]: Python with Pillow and NumPy; SHARP is the folder of the package sharp, if it is to be measured.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openJpegDecoder } from '../src/runtime/data/files/decode-jpeg.ts';
import { decodePng } from '../src/runtime/data/files/decode-png.ts';

/** Rounds behind a first one that is not counted. */
const ROUNDS = 12;

type Decode = (bytes: Buffer) => Promise<Uint8Array>;

/** The part of sharp that is used here. */
interface Sharp {
  (bytes: Buffer): { removeAlpha(): { raw(): { toBuffer(): Promise<Buffer> } } };
  concurrency(threads: number): void;
  cache(on: boolean): void;
}

const decoders: Readonly<Record<string, (file: string, sharp: string) => Promise<Decode>>> = {
  own: async (file) => {
    const decodeJpeg = await openJpegDecoder();
    return async (bytes) => (file.endsWith('.png') ? decodePng(bytes) : decodeJpeg(bytes)).bytes;
  },
  sharp: async (_, folder) => {
    const sharp = createRequire(import.meta.url)(folder) as Sharp;
    sharp.concurrency(1);
    sharp.cache(false);
    return (bytes) => sharp(bytes).removeAlpha().raw().toBuffer();
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

const measure = async (name: string, path: string, sharp: string): Promise<void> => {
  const bytes = readFileSync(path);
  const before = process.memoryUsage().rss;
  const decode = await decoders[name]!(path, sharp);
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

const [python = 'python3', sharp, only, path] = process.argv.slice(2);
if (only !== undefined && path !== undefined) await measure(only, path, sharp!);
else {
  const folder = mkdtempSync(join(tmpdir(), 'tlp-decode-'));
  execFileSync(python, [fileURLToPath(new URL('peers/images.py', import.meta.url)), folder]);
  for (const file of readdirSync(folder).filter((name) => !name.endsWith('.rgb'))) {
    for (const name of Object.keys(decoders).filter((each) => each !== 'sharp' || sharp !== undefined)) {
      const args = ['--import', 'tsx', fileURLToPath(import.meta.url), python, sharp ?? '', name, join(folder, file)];
      execFileSync(process.execPath, args, { stdio: 'inherit' });
    }
  }
  rmSync(folder, { recursive: true });
}
