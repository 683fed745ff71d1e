// Whether a process lives.
import { spawnSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isAlive } from '../../src/runtime/is-alive.ts';

const test = suite('is alive');

test('this process and the first one of the machine live', () => {
  assert.ok(isAlive(process.pid));
  assert.ok(isAlive(1));
});

test('a process that has ended does not, nor what is no number of a process', () => {
  const { pid } = spawnSync(process.execPath, ['-e', '0']);
  assert.not(isAlive(pid));
  assert.not(isAlive(99999999999));
});

test.run();
