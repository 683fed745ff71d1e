// Verb: `tlp cache [list|verify|clear]`: the features that are kept on this machine, whether they are whole, and without them.
import { bytesText } from '../../src/report/bytes-text.ts';
import { cacheRoot } from '../../src/runtime/cache/cache-root.ts';
import { type CacheEntry, clearCaches, listCaches, verifyCaches } from '../../src/runtime/cache/list-caches.ts';
import { CommandError, exitCode, guarded } from './fail.ts';
import { table } from './table.ts';

export interface CacheOptions {
  readonly json?: boolean | undefined;
  /** With `clear`: every cache. */
  readonly all?: boolean | undefined;
}

export const cacheActions = {
  list: 'Show what is kept.',
  verify: 'Read everything; remove what is damaged.',
  clear: 'Remove one cache, or all with --all.',
} as const;

export type CacheAction = keyof typeof cacheActions;

const isAction = (word: string): word is CacheAction => Object.hasOwn(cacheActions, word);

/** As many digits of a key as are shown; so many tell caches apart. */
const SHORT = 12;

const ago = (milliseconds: number): string => {
  const minutes = Math.round(milliseconds / 60_000);
  if (minutes < 1) return 'now';
  if (minutes < 120) return `${minutes} minutes ago`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours ago` : `${Math.round(hours / 24)} days ago`;
};

const row = ({ key, about, rows, bytes, used, users }: CacheEntry, now: number): readonly string[] => [
  key.slice(0, SHORT),
  about?.backbone ?? 'unknown',
  about?.frontier.join(', ') ?? 'unknown',
  about?.image ?? 'unknown',
  `${rows}`,
  bytesText(bytes),
  users > 0 ? 'in use' : ago(now - used),
];

const write = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const list = (root: string, json: boolean): number => {
  const entries = listCaches(root);
  if (json) write(JSON.stringify({ folder: root, caches: entries }));
  else if (entries.length === 0) write(`Nothing is kept in ${root}.`);
  else {
    const total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
    const heads = ['key', 'backbone', 'up to', 'images', 'rows', 'size', 'last used'];
    const rows = [...entries].reverse().map((entry) => row(entry, Date.now()));
    write(`${table([heads, ...rows])}\n${bytesText(total)} in ${root}`);
  }
  return exitCode.done;
};

const verify = (root: string, json: boolean): number => {
  const caches = verifyCaches(root);
  const damaged = caches.flatMap((cache) => cache.damaged);
  if (json) write(JSON.stringify({ folder: root, caches }));
  else {
    for (const { path, why } of damaged) write(`${path} ${why}: it is removed; what it held is computed again`);
    const shards = caches.reduce((sum, cache) => sum + cache.shards, 0);
    const whole = damaged.length === 0 ? 'all whole' : `${damaged.length} damaged`;
    write(`${caches.length} caches, ${shards} shards in ${root}: ${whole}`);
  }
  return exitCode.done;
};

const clear = (root: string, key: string | undefined, { all, json }: CacheOptions): number => {
  if ((key === undefined) === (all !== true))
    throw new CommandError(
      'which cache? Write tlp cache clear KEY (tlp cache shows the keys), or tlp cache clear --all',
    );
  const { removed, kept, bytes } = clearCaches(root, key ?? '');
  if (key !== undefined && removed.length + kept.length === 0)
    throw new CommandError(`there is no cache ${key} in ${root}: tlp cache shows the keys`);
  if (json) write(JSON.stringify({ folder: root, removed, kept, bytes }));
  else {
    write(`${removed.length} removed, ${bytesText(bytes)} freed`);
    for (const each of kept) write(`${each.slice(0, SHORT)} is in use and stays`);
  }
  return exitCode.done;
};

/** Exit 0; 2 where there is nothing of that name, or the folder cannot be read. */
export const cache = (action = 'list', key?: string, options: CacheOptions = {}): Promise<number> =>
  guarded(async () => {
    if (!isAction(action)) {
      const known = Object.keys(cacheActions).join(', ');
      throw new CommandError(`tlp cache does not know ${action}: it is one of ${known}`);
    }
    const root = cacheRoot();
    const json = options.json === true;
    const actions = {
      list: () => list(root, json),
      verify: () => verify(root, json),
      clear: () => clear(root, key, options),
    } satisfies Record<CacheAction, () => number>;
    try {
      return actions[action]();
    } catch (error) {
      if (!(error instanceof Error && 'syscall' in error)) throw error;
      throw new CommandError(`the cache cannot be read or changed: ${error.message}. TLP_CACHE names another folder.`);
    }
  });
