// Verb: a path to a checked pipeline. Reads the file and what it imports; everything else is pure.
import { existsSync, realpathSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { type CheckResult, checkText } from '../compiler/check.ts';
import { nearest } from '../compiler/leaf/nearest.ts';
import type { FindingLevel } from '../compiler/levels/levels.ts';
import { readLevel } from '../compiler/levels/read-level.ts';
import type { ReadImport } from '../compiler/plan/collect.ts';
import { BYTES_TO_READ, type Decoded, decode } from '../parser/decode.ts';
import { type Diagnostic, finding } from '../parser/diagnostic.ts';
import { fileNotFound } from '../parser/rules/files.ts';
import { notAFile, readRegular, readStandardInput } from '../runtime/read-regular.ts';
import { SessionError } from './session-error.ts';

export interface CheckedFile extends CheckResult {
  /** As the person wrote it; `<stdin>` for `-`. */
  readonly name: string;
  /** Empty where the file could not be read. */
  readonly text: string;
  /** Checks another text in place of the file's; null where the file could not be read. */
  readonly check: ((text: string) => CheckResult) | null;
}

/** What is said about a file from outside. */
export interface CheckFileOptions {
  /** `name=value` for each param. */
  readonly set?: readonly string[] | undefined;
  /** `name=off|warning|error` for each rule. */
  readonly rule?: readonly string[] | undefined;
  /** Environment variables: those that begin with TLP_PARAM_ set params. */
  readonly environment?: Environment | undefined;
}

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** `-` is standard input. Never throws for what is wrong with the file; throws SessionError for a rule that is none. */
export const checkFile = async (path: string, options: CheckFileOptions = {}): Promise<CheckedFile> => {
  const levels = readLevels(options.rule ?? []);
  const name = path === '-' ? '<stdin>' : path;
  const decoded = await readSource(path, name);
  if ('diagnostic' in decoded) {
    return {
      name,
      text: '',
      check: null,
      file: { kind: 'file', items: [], span: { file: name, start: 0, end: 0 } },
      program: null,
      bindings: [],
      plan: null,
      wholeRuns: [],
      layers: new Map(),
      diagnostics: [decoded.diagnostic],
      origins: { plan: null, marks: new Map() },
      sources: new Map(),
    };
  }
  const { text } = decoded.source;
  const settings = { set: options.set ?? [], environment: paramsOf(options.environment ?? {}), levels };
  const check = (changed: string): CheckResult =>
    checkText(changed, name, { ...settings, readImport: importReader(path), isThere: presence(path) });
  return { name, text, check, ...check(text) };
};

/** Whether a path that the file names, from its own folder, is there. */
const presence = (file: string) => {
  const folder = file === '-' ? '.' : dirname(file);
  return (path: string): boolean => existsSync(resolve(folder, path));
};

/** `TLP_PARAM_LR=1e-4` sets the param `lr`, as `--set lr=1e-4` does; `--set` has the last word. */
const paramsOf = (environment: Environment): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(environment).flatMap(([key, value]) =>
      key.startsWith('TLP_PARAM_') && value !== undefined ? [[key, value] as const] : [],
    ),
  );

const readLevels = (pairs: readonly string[]): readonly FindingLevel[] =>
  pairs.map((pair) => {
    const read = readLevel(pair);
    if (typeof read === 'string') throw new SessionError(`--rule ${pair}: ${read}`);
    return read;
  });

const readSource = async (path: string, name: string): Promise<Decoded> => {
  try {
    return decode(name, path === '-' ? readStandardInput(BYTES_TO_READ) : readRegular(path, BYTES_TO_READ));
  } catch (error) {
    return { diagnostic: await unreadable(path, name, error) };
  }
};

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'There is no file',
  ENOTDIR: 'There is no file',
  EISDIR: 'This is a folder, not a pipeline:',
  EACCES: 'There is no permission to read',
};

const reasonOf = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const other = notAFile(error);
  if (other !== null) return `This ${other.replace(', not a file', '')}, not a pipeline:`;
  return reasons[code] ?? `The system (${code || String(error)}) does not let tlp read`;
};

const unreadable = async (path: string, name: string, error: unknown): Promise<Diagnostic> => {
  const folder = dirname(path);
  const others = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.tlp'));
  const near = nearest(basename(path), others);
  return finding(fileNotFound, { file: name, start: 0, end: 0 }, `${reasonOf(error)} ${name}.`, {
    help:
      near !== null
        ? `Did you mean \`${join(folder, near)}\`?`
        : others.length > 0
          ? `In ${folder === '.' ? 'this folder' : folder} there is ${others.slice(0, 5).join(', ')}.`
          : '`tlp init` writes a pipeline to begin with.',
  });
};

/** Imports are relative to the file that imports and stay inside of the working folder, or of the file's own. */
const importReader = (path: string): ReadImport => {
  const own = path === '-' ? process.cwd() : dirname(resolve(path));
  const root = inside(process.cwd(), own) ? process.cwd() : own;
  return (wanted, from) => {
    const start = from === '<stdin>' ? process.cwd() : dirname(resolve(from));
    const target = resolve(start, wanted);
    if (!inside(root, target) || !inside(realOf(root), realOf(target)))
      return { problem: 'it lies outside of the project' };
    const shown = isAbsolute(from) ? target : relative(process.cwd(), target);
    try {
      const decoded = decode(shown, readRegular(target, BYTES_TO_READ));
      return 'source' in decoded
        ? decoded.source
        : { problem: decoded.diagnostic.message.toLowerCase().replace(/\.$/, '') };
    } catch (error) {
      return { problem: `${reasonOf(error).replace(/:$/, '').toLowerCase()} ${shown}` };
    }
  };
};

/** Where a path leads, through all links; the path itself where nothing is there. */
const realOf = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
};

const inside = (root: string, path: string): boolean => {
  const way = relative(root, path);
  return !way.startsWith('..') && !isAbsolute(way);
};
