#!/usr/bin/env node
// The start: the command line from code that the build had this Node compile (0.04 s less), or from its modules.
import { readFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { memoryTooLow } from './memory-limits.ts';

type CommandLine = typeof import('./command-line.ts');

/** Commands that the compiled script lacks; the build defines it (scripts/build.mjs). */
declare const MODULE_COMMANDS: readonly string[] | undefined;

const beside = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/**
 * The command line as the script command-line.cjs, from the code in command-line.cache. Null for commands it lacks, where
 * another Node compiled it, and where there is none: a start from the sources.
 */
const compiled = (): CommandLine | null => {
  if (typeof MODULE_COMMANDS === 'undefined') return null;
  if (process.argv.some((argument) => MODULE_COMMANDS.includes(argument))) return null;
  const filename = beside('command-line.cjs');
  let script: Script;
  try {
    const cachedData = readFileSync(beside('command-line.cache'));
    script = new Script(readFileSync(filename, 'latin1'), { filename, cachedData });
  } catch {
    return null;
  }
  if (script.cachedDataRejected !== false) return null;
  const module = { exports: null as CommandLine | null };
  script.runInThisContext()(module, nodeModule.createRequire(filename));
  return module.exports;
};

const fromModules = async (): Promise<CommandLine> => {
  const problem = memoryTooLow();
  if (problem !== null) {
    process.stderr.write(`tlp: ${problem}\n`);
    process.exit(2);
  }
  // Node 22.1 and later keep what they compiled.
  const { enableCompileCache } = nodeModule as { readonly enableCompileCache?: () => unknown };
  enableCompileCache?.();
  return import('./command-line.ts');
};

const { main } = compiled() ?? (await fromModules());
await main();
