// Runs `tlp check` once from dist/command-line.cjs and keeps the code that V8 compiled for it in dist/command-line.cache.
// V8 takes it back only in the same version with the same flags.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { Script } from 'node:vm';

const filename = resolve('dist/command-line.cjs');
const script = new Script(readFileSync(filename, 'latin1'), { filename });
const module = { exports: {} };
script.runInThisContext()(module, createRequire(filename));

process.argv.splice(1, process.argv.length, 'tlp', 'check', 'pipelines/quickstart.tlp');
await module.exports.main();

const cache = 'dist/command-line.cache';
writeFileSync(`${cache}.new`, script.createCachedData());
renameSync(`${cache}.new`, cache);
