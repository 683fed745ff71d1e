// Serves a folder with the page of page.ts on this machine and opens it in a headless Chromium; what the page answers.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Of `PATH`, or named by TLP_CHROMIUM; null: there is none. */
export const chromium: string | null =
  [process.env.TLP_CHROMIUM ?? '', 'chromium', 'chromium-browser', 'google-chrome'].find(
    (name) => name !== '' && spawnSync(name, ['--version']).status === 0,
  ) ?? null;

const bundle = async (): Promise<Uint8Array> => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./page.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    logLevel: 'silent',
  });
  return outputFiles[0]!.contents;
};

const html = '<!doctype html><meta charset="utf-8"><title>model</title><script src="page.js"></script>';

/** `folder`: an exported model with images.json, which names images beside it. Probabilities by image and class. */
export const askPage = async (folder: string): Promise<Readonly<Record<string, Readonly<Record<string, number>>>>> => {
  const script = await bundle();
  let found: (text: string) => void = () => {};
  const answered = new Promise<string>((resolve) => {
    found = resolve;
  });
  const server = createServer((request, response) => {
    const name = (request.url ?? '/').slice(1);
    if (name === 'answer') {
      let body = '';
      request.on('data', (part) => {
        body += part;
      });
      request.on('end', () => found(body));
      return response.end();
    }
    if (name === '' || name === 'page.js') {
      response.setHeader('content-type', name === '' ? 'text/html' : 'text/javascript');
      return response.end(name === '' ? html : script);
    }
    if (!existsSync(join(folder, name))) response.statusCode = 404;
    return response.end(response.statusCode === 404 ? '' : readFileSync(join(folder, name)));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  const profile = mkdtempSync(join(tmpdir(), 'tlp-chromium-'));
  const options = ['--headless=new', '--no-sandbox', '--disable-gpu', `--user-data-dir=${profile}`];
  const browser = spawn(chromium!, [...options, `http://127.0.0.1:${port}/`], {
    stdio: 'ignore',
    detached: true, // with its own processes, which end together
  });
  try {
    const failed = new Promise<never>((_, reject) => {
      browser.once('error', reject);
      browser.once('exit', (code) => reject(new Error(`Chromium ended with ${code} before the page answered`)));
    });
    return JSON.parse(await Promise.race([answered, failed]));
  } finally {
    browser.removeAllListeners('exit');
    const gone = new Promise((done) => browser.once('exit', done));
    process.kill(-browser.pid!, 'SIGKILL');
    await gone;
    server.closeAllConnections();
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
};
