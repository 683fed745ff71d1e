// Errors as a person sees them.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CommandError, reportFailure } from '../../bin/commands/fail.ts';
import { DataError } from '../../src/runtime/data/source.ts';
import { DownloadError } from '../../src/runtime/download/download-error.ts';
import { EngineError } from '../../src/runtime/engine/engine.ts';
import { RunFolderError } from '../../src/runtime/run-folder/run-folder.ts';
import { SessionError } from '../../src/session/session-error.ts';

const fail = suite('failures');

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

fail('an internal error is told apart, with an id that is the same each time and no stack', () => {
  const broken = (): unknown => {
    try {
      return (null as unknown as { readonly x: number }).x;
    } catch (error) {
      return error;
    }
  };
  const [first, second] = [1, 2].map(() => said(broken()));
  assert.is(first?.code, 2);
  assert.match(first!.text, /^tlp: internal error [0-9a-f]{8}, please report it: .*\(TLP_DEBUG=1 shows more\)\n$/);
  assert.is(first!.text.split(' ')[3], second!.text.split(' ')[3]);
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
