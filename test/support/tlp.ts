// The built command line, as a person calls it, in a folder of its own.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';

const bin = fileURLToPath(new URL('../../dist/tlp.js', import.meta.url));

export interface Called {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Workplace {
  readonly folder: string;
  /** Calls `tlp`; a stack trace fails the test. */
  readonly tlp: (
    args: readonly string[],
    more?: { readonly input?: string; readonly env?: NodeJS.ProcessEnv },
  ) => Called;
  readonly put: (name: string, content: string | Uint8Array) => string;
  readonly get: (name: string) => string;
  readonly remove: () => void;
}

export const openWorkplace = (): Workplace => {
  const folder = mkdtempSync(join(tmpdir(), 'tlp-test-'));
  return {
    folder,
    tlp: (args, { input = '', env = {} } = {}) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
        cwd: folder,
        input,
        encoding: 'utf8',
        env: { ...process.env, NO_COLOR: '1', TLP_CACHE: join(folder, '.cache'), ...env },
      });
      assert.not.match(`${stdout}${stderr}`, /\n\s+at .*:\d+:\d+/, 'a stack trace');
      return { status, stdout, stderr };
    },
    put: (name, content) => {
      writeFileSync(join(folder, name), content);
      return name;
    },
    get: (name) => readFileSync(join(folder, name), 'utf8'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};
