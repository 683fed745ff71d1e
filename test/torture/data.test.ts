// The short form of `npm run torture -- data`: two dozen damages of each format.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { damage, formats, layOut } from './damaged-data.ts';
import { numbersOf } from './mutate.ts';

const test = suite('damaged data');

for (const format of formats) {
  test(`${format.name}: damage is told in one line, or ${format.sums ? 'changes nothing' : 'leaves labels that have classes'}`, async () => {
    const random = numbersOf(11);
    const { bytes, attempt, close } = await layOut(format);
    try {
      assert.is((await attempt(bytes)).outcome, 'harmless', 'whole');
      for (let round = 0; round < 24; round++) {
        const { outcome, why } = await attempt(damage(bytes, round, random));
        assert.is.not(outcome, 'broken', `damage ${round}: ${why}`);
        if (format.sums) assert.is.not(outcome, 'changed', `damage ${round}`);
      }
    } finally {
      close();
    }
  });
}

test.run();
