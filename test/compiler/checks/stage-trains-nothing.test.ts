// A stage that trains nothing is an error, whatever makes it so; a run that only measures may freeze all.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkText } from '../../../src/compiler/check.ts';
import { pipeline } from '../../../src/compiler/findings/example.ts';

const test = suite('stage trains nothing');

const found = (text: string): readonly string[] =>
  checkText(text, 'a.tlp').diagnostics.map(({ name, message, help }) => `${name}: ${message} ${help}`);

test('every layer frozen, and epochs', () => {
  assert.equal(found(pipeline({ freeze: 'freeze all', schedule: 'epochs 3' })), [
    'stage-trains-nothing: The stage "training" has no layer that trains. Freeze less, or write `epochs 0`: then the run only measures.',
  ]);
  const second = (freeze: string, epochs: number) =>
    pipeline({ schedule: `stage "a" { epochs 2 }\n  stage "b" { freeze ${freeze}; epochs ${epochs} }` });
  assert.equal(found(second('all', 2)), [
    'stage-trains-nothing: The stage "b" has no layer that trains. Freeze less, or remove it.',
  ]);
  assert.equal(found(second('backbone', 0)), [
    'stage-trains-nothing: The stage "b" has no epochs: it trains nothing. Give it epochs, or remove it.',
  ]);
  assert.equal(found(second('backbone', 2)), []);
});

test('a run that goes on from another and only measures is sayable', () => {
  assert.equal(found(pipeline({ after: 'run "a" { epochs 2 }\nrun "b" continues "a" { freeze all; epochs 0 }' })), []);
});

test.run();
