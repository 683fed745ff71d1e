// Verb: `tlp embed FILE|RUN [DATA] --out features.npy`: features at the freeze frontier, for those who go on in another program.

import { csvLine } from '../../src/compiler/leaf/csv.ts';
import { plural } from '../../src/report/figures.ts';
import { engines } from '../../src/runtime/engine/engines.ts';
import type { Listener } from '../../src/runtime/events.ts';
import { chooseEngine } from '../../src/session/choose-engine.ts';
import { type Embedder, embedImages } from '../../src/session/embed-images.ts';
import { locateData } from '../../src/session/locate-data.ts';
import { embedderOfFolder, embedderOfPlan } from '../../src/session/open-embedder.ts';
import { checkHere, reportChecked } from './check-here.ts';
import { CommandError, exitCode, guarded } from './fail.ts';
import { isFolder, readData } from './read-data.ts';
import { say } from './say.ts';

export interface EmbedOptions {
  readonly out: string;
  /** Of a pipeline: this run instead of the first. */
  readonly run?: string | undefined;
  readonly set?: readonly string[] | undefined;
  readonly device?: string | undefined;
}

const onEvent: Listener = (event) => {
  if (event.type === 'warning') say(event.message);
};

/** Null where the file has errors, which are then on stderr. */
const readEmbedder = async (path: string, { run, set }: EmbedOptions): Promise<Embedder | null> => {
  if (isFolder(path)) {
    if (run !== undefined) throw new CommandError('--run names a run of a pipeline: a run folder has one');
    return embedderOfFolder(path);
  }
  const plan = reportChecked(await checkHere(path, { set }));
  return plan && embedderOfPlan(locateData(plan, path), run, onEvent, new AbortController().signal);
};

/** Exit 0; 1 errors in a file, 2 where something cannot be read or written: the images that could be read are embedded. */
export const embed = (of: string, path: string | undefined, options: EmbedOptions): Promise<number> =>
  guarded(async () => {
    const { out, device = 'auto' } = options;
    if (!out.endsWith('.npy')) throw new CommandError(`${out} is no name for features: write --out features.npy`);
    const data = await readData(path);
    const embedder = data && (await readEmbedder(of, options));
    if (data === null || embedder === null) return exitCode.pipelineErrors;
    let unreadable = 0;
    const engine = chooseEngine(engines, device);
    const { rows, columns, layers, ofBackbone, table } = await embedImages({
      embedder,
      data,
      engine,
      device,
      out,
      line: csvLine,
      onUnreadable: ({ problem }) => {
        unreadable += 1;
        say(problem);
      },
    });
    if (ofBackbone) say('nothing is frozen: these are the features at the end of the backbone');
    const where = layers.join(' and ');
    process.stdout.write(
      `${plural(rows, 'row')} of ${plural(columns, 'feature')} (${where}) in ${out}, names and classes in ${table}\n`,
    );
    return unreadable > 0 ? exitCode.cannotRun : exitCode.done;
  });
