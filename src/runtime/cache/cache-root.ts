// Verb: environment → the folder of the user's caches, by the customs of the system.
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * `TLP_CACHE`; else `XDG_CACHE_HOME/tlp`; else `~/Library/Caches/tlp` (macOS), `LOCALAPPDATA/tlp` (Windows), `~/.cache/tlp`.
 * Empty variables count as unset (XDG Base Directory Specification).
 */
export const cacheRoot = (
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
  home: string = homedir(),
): string => {
  if (env.TLP_CACHE) return env.TLP_CACHE;
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'tlp');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'tlp');
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'tlp');
  return join(home, '.cache', 'tlp');
};

/** The folder of all caches of features: one folder for each, named by its key. */
export const featureFolder = (root: string): string => join(root, 'features');
