// Noun: the folders in which Keras keeps what it fetched, so that tlp and Keras share one copy.
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The `datasets` or `models` folders of Keras' cache, best first: `$KERAS_HOME`, or `~/.keras` and then `/tmp/.keras` (where Keras
 * goes when home is not writable). They need not exist. Source: Keras 3.15, `backend/config.py` and `utils/file_utils.py`.
 */
export const kerasFolders = (kind: 'datasets' | 'models'): readonly [string, ...string[]] => {
  const home = process.env.KERAS_HOME;
  return home ? [join(home, kind)] : [join(homedir(), '.keras', kind), join('/tmp', '.keras', kind)];
};
