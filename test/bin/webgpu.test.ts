// The whole step on WebGPU with a software driver, where one is installed: the same numbers as on the CPU.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

/** SwiftShader inside Debian's chromium package. */
const DRIVER = '/usr/lib/chromium/vk_swiftshader_icd.json';

/** The driver needs Vulkan's loader, Debian's package libvulkan1, which chromium does not bring. */
const hasLoader = (): boolean =>
  /libvulkan\.so\.1/.test(spawnSync('ldconfig', ['-p'], { encoding: 'utf8' }).stdout ?? '');

const PIPELINE = `
data { source digits; validation 20% of train; }
backbone cnn { conv 8 3x3 same relu; batch_normalization; max_pool 2x2; conv 8 3x3 relu }
head { flatten; dropout 20% }
schedule { batch 32; epochs 2; optimizer adam(lr: 1e-2) }
`;

interface Epoch {
  readonly type: string;
  readonly train: { readonly loss: number };
  readonly validation: { readonly loss: number };
}

const webgpu = suite('a run on WebGPU');

if (existsSync(DRIVER) && hasLoader()) {
  webgpu('gives the losses of the CPU within float tolerance', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tlp-webgpu-'));
    try {
      const file = join(folder, 'tiny.tlp');
      writeFileSync(file, PIPELINE);
      const train = (device: string): readonly Epoch[] => {
        const parameters = [
          'dist/tlp.js',
          'run',
          file,
          '--json',
          '--limit',
          '100',
          '--device',
          device,
          '--out',
          folder,
        ];
        const env = { ...process.env, VK_ICD_FILENAMES: DRIVER };
        const output = execFileSync(process.execPath, parameters, {
          encoding: 'utf8',
          env,
          stdio: ['ignore', 'pipe', 'ignore'],
        });
        const events = output
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as Epoch);
        return events.filter(({ type }) => type === 'epoch_finished');
      };
      const [cpu, gpu] = [train('cpu'), train('webgpu')];
      assert.is(cpu.length, 2);
      for (const [index, epoch] of cpu.entries()) {
        assert.ok(
          Math.abs(epoch.train.loss - gpu[index]!.train.loss) < 1e-3,
          `train ${epoch.train.loss} ${gpu[index]!.train.loss}`,
        );
        assert.ok(Math.abs(epoch.validation.loss - gpu[index]!.validation.loss) < 1e-3, 'validation');
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
} else {
  webgpu.skip(
    `skipped: no software driver at ${DRIVER}, or no loader for it (Debian packages chromium and libvulkan1)`,
    () => {},
  );
}

webgpu.run();
