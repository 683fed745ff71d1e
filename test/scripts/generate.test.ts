// Generated files are committed as the script writes them now.
import { existsSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { generated } from '../../scripts/generate.ts';

const test = suite('generated files');

for (const [path, text] of Object.entries(generated)) {
  test(path, () => {
    const file = new URL(`../../${path}`, import.meta.url);
    assert.ok(existsSync(file), 'run: npm run generate');
    assert.ok(readFileSync(file, 'utf8') === text(), `${path} is stale: npm run generate`);
  });
}

test.run();
