// Verb: `tlp predict RUN IMAGE…`: the most likely classes of images, as a table, as JSON lines or as CSV.
import { type PredictionFormat, type PredictionPrinter, predictionFormats } from '../../src/report/predictions.ts';
import { engines } from '../../src/runtime/engine/engines.ts';
import { predictImages } from '../../src/session/predict-images.ts';
import { CommandError, exitCode, guarded } from './fail.ts';
import { untilReaderGone } from './output-lost.ts';
import { say } from './say.ts';

export interface PredictOptions {
  /** Classes of each image; default 3. */
  readonly top?: number | undefined;
  readonly json?: boolean | undefined;
  readonly csv?: boolean | undefined;
  /** Images at once. */
  readonly batch?: number | undefined;
  readonly device?: string | undefined;
}

const formatOf = ({ json, csv }: PredictOptions): PredictionFormat => {
  if (json === true && csv === true) throw new CommandError('choose one: --json or --csv');
  if (json === true) return 'json';
  return csv === true ? 'csv' : 'table';
};

const write = (text: string): void => {
  if (text !== '') process.stdout.write(text);
};

/** Exit 0; 2 where something could not be read: the images that could are predicted. */
export const predict = (run: string, images: readonly string[], options: PredictOptions = {}): Promise<number> =>
  guarded(async () => {
    const format = predictionFormats[formatOf(options)];
    const asked = options.top ?? 3;
    let printer: PredictionPrinter | undefined;
    const { unreadable } = await predictImages({
      folder: run,
      images,
      engines,
      device: options.device ?? 'auto',
      top: asked,
      batch: options.batch,
      signal: untilReaderGone(),
      onBegin: (all, classes) => {
        printer = format({ images: all, classes, top: Math.min(asked, classes.length) });
        write(printer.head);
      },
      onPrediction: (prediction) => write(printer?.predicted(prediction) ?? ''),
      onUnreadable: (image) => {
        say(image.problem);
        write(printer?.unreadable(image) ?? '');
      },
    });
    return unreadable > 0 ? exitCode.cannotRun : exitCode.done;
  });
