// Errors as a person sees them.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CommandError, reportFailure } from '../../bin/commands/fail.ts';
import { DataError } from '../../src/runtime/data/source.ts';
import { DownloadError } from '../../src/runtime/download/download-error.ts';
import { EngineError } from '../../src/runtime/engine/engine.ts';
import { RunFolderError } from '../../src/runtime/run-folder/run-folder.ts';
import { SessionError } from '../../src/session/session-error.ts';

const fail = suite('failures');

let root = '';
fail.before.each(() => {
  root = mkdtempSync(join(tmpdir(), 'tlp-test-'));
  process.env.TLP_CACHE = root;
});
fail.after.each(() => {
  delete process.env.TLP_CACHE;
  rmSync(root, { recursive: true, force: true });
});

const said = (error: unknown): { readonly code: number; readonly text: string } => {
  let text = '';
  const code = reportFailure(error, (part) => {
    text += part;
  });
  return { code, text };
};

fail('what a person can cure is one line and exit 2', () => {
  for (const Kind of [DataError, DownloadError, EngineError, RunFolderError, SessionError, CommandError]) {
    assert.equal(said(new Kind('no room\nfree some')), { code: 2, text: 'tlp: no room free some\n' });
  }
  assert.is(said(new CommandError('wrong file', 1)).code, 1);
  assert.is(said(new SessionError('does not fit', 'pipeline')).code, 1);
});

fail('an internal error is one line with an id that is the same each time; its stack is in a file', () => {
  const broken = (): unknown => {
    try {
      return (null as unknown as { readonly x: number }).x;
    } catch (error) {
      return error;
    }
  };
  const [first, second] = [1, 2].map(() => said(broken()));
  assert.is(first?.code, 2);
  const [, id, file] = /^tlp: internal error ([0-9a-f]{8}), .*please report it with (.*)\n$/.exec(first!.text) ?? [];
  assert.is(file, join(root, 'faults', `${id}.log`));
  assert.not.match(first!.text, 'Cannot read properties');
  assert.match(readFileSync(file!, 'utf8'), /Cannot read properties of null.*\n\s+at .*fail\.test\.ts/s);
  assert.is(first!.text, second!.text);
  assert.equal(readdirSync(join(root, 'faults')), [`${id}.log`]);
});

fail('where no file can be written the line has the message', () => {
  process.env.TLP_CACHE = '/dev/null/cache';
  const { text } = said(new TypeError('x is not a function'));
  assert.match(text, /^tlp: internal error [0-9a-f]{8}, .*please report it: x is not a function\n$/);
});

fail('TLP_DEBUG=1 shows the stack', () => {
  process.env.TLP_DEBUG = '1';
  try {
    assert.match(said(new RangeError('x')).text, /\n\s+at /);
  } finally {
    delete process.env.TLP_DEBUG;
  }
});

fail.run();
