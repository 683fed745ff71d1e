// The short form of `npm run torture -- mutants`: some hundred random mutants, and cures of a sample of all mutants of one token.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkMutant } from './check-mutant.ts';
import { numbersOf, pipelines, randomMutant, singleMutants, tokensOf } from './mutate.ts';

const test = suite('mutants');

test('random mutants: checking ends, points into the file, and cures keep their promise', () => {
  const random = numbersOf(7);
  const from = pipelines.flatMap(({ text }) => tokensOf(text));
  for (let i = 0; i < 200; i++) {
    const { what, text } = randomMutant(pipelines[i % pipelines.length]!, from, random);
    assert.is(checkMutant(text, true).problem, null, what);
  }
});

for (const pipeline of pipelines) {
  // A sample of the pipelines that stand for much the same in another, so that the suite stays quick.
  const stride = pipeline.name.includes('-clean') || pipeline.name.startsWith('resnet50') ? 37 : 11;

  test(`${pipeline.name}: cures of mutants of one token keep their promise`, () => {
    for (const [i, { what, text }] of [...singleMutants(pipeline)].entries()) {
      if (i % stride === 0) assert.is(checkMutant(text, true).problem, null, what);
    }
  });
}

test.run();
