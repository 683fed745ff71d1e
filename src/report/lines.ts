// Verb: events → lines of plain text for pipes and log files: no colour, no cursor movement, one aligned line an epoch.
import type { Listener, RunEvent } from '../runtime/events.ts';
import { count, duration, loss, percent, plural, points, rate, speed } from './figures.ts';
import { alignTable, commonFolder, RESULT_COLUMNS, type RunFacts, resultTable, summarize } from './summary.ts';

type Started = Extract<RunEvent, { type: 'run_started' }>;
type Epoch = Extract<RunEvent, { type: 'epoch_finished' }>;

interface Column {
  readonly head: string;
  readonly width: number;
  readonly cell: (event: Epoch, epochs: number) => string;
}

/** The columns of an epoch's line. `train` is the probe: the figure that may be compared with validation. */
const columns: readonly Column[] = [
  { head: 'epoch', width: 9, cell: (e, epochs) => `${e.epoch}/${epochs}` },
  { head: 'train loss', width: 11, cell: (e) => loss(e.train.loss) },
  { head: 'train acc', width: 10, cell: (e) => percent(e.train.accuracy) },
  { head: 'val loss', width: 9, cell: (e) => loss(e.validation?.loss) },
  { head: 'val acc', width: 8, cell: (e) => percent(e.validation?.accuracy) },
  { head: 'gap', width: 6, cell: (e) => points(e.gap).replace(' points', '') },
  { head: 'lr', width: 9, cell: (e) => rate(e.learning_rate) },
  { head: 'images/s', width: 9, cell: (e) => speed(e.images_per_second) },
  { head: 'waiting', width: 8, cell: (e) => percent(e.seconds > 0 ? e.waited / e.seconds : 0, 0) },
  { head: 'time', width: 11, cell: (e) => duration(e.seconds) },
];

const heads = columns.map(({ head, width }) => head.padStart(width)).join(' ');

const runFacts = ({ images, classes, epochs }: Started): RunFacts => ({ images, classes: classes.length, epochs });

const runHead = (event: Started): readonly string[] => {
  const { images, parameters, stages } = event;
  const splits = [
    `${count(images.train)} train`,
    images.validation > 0 && `${count(images.validation)} validation`,
    images.test > 0 && `${count(images.test)} test`,
  ];
  return [
    `run ${event.run}: ${event.model} on ${event.engine} (${event.device})`,
    `  ${count(parameters.total)} parameters, ${count(parameters.trainable)} trainable`,
    `  ${splits.filter(Boolean).join(', ')} images in ${plural(event.classes.length, 'class', 'classes')}`,
    `  ${plural(event.epochs, 'epoch')}${stages.length > 1 ? ` in ${stages.length} stages` : ''}, batch ${[
      ...new Set(stages.map(({ batch }) => batch)),
    ].join(', ')}`,
  ];
};

/** Control characters and line breaks inside a message would break the one-line promise. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const plain = (text: string): string => text.replace(/\x1b\[[0-9;]*m/g, '').replace(/[\x00-\x1f\x7f-\x9f]+/g, ' ');

/**
 * A listener for output that is not a terminal. `write` receives whole lines, each ended by a line feed; steps are not
 * reported, and nothing depends on colour settings or the terminal's width.
 */
export const lines = (write: (text: string) => void): Listener => {
  const facts = new Map<string, RunFacts>();
  let runs = 0;
  let headed = false;
  /** Of a preparation that says how far it is, one line a tenth. */
  let tenth = -1;
  let staged = false;
  const say = (...texts: readonly string[]): void => {
    for (const text of texts) write(`${plain(text).trimEnd()}\n`);
  };
  return (event) => {
    switch (event.type) {
      case 'started':
        runs = event.runs.length;
        say(`pipeline ${event.pipeline}${runs > 1 ? `: ${runs} runs` : ''}`);
        break;
      case 'run_started':
        facts.set(event.run, runFacts(event));
        headed = false;
        staged = event.stages.length > 1;
        say('', ...runHead(event));
        break;
      case 'preparing':
        if (event.share !== undefined) {
          const begun = Math.floor(event.share * 10);
          if (begun === tenth) break;
          tenth = begun;
        }
        say(`  ${event.what}`);
        break;
      case 'stage_started':
        if (!staged) break;
        say(`  stage ${event.stage}: ${plural(event.epochs, 'epoch')}, ${count(event.trainable)} trainable parameters`);
        headed = false;
        break;
      case 'epoch_finished': {
        if (!headed) say(heads);
        headed = true;
        const epochs = facts.get(event.run)?.epochs ?? event.epoch;
        say(columns.map(({ width, cell }) => cell(event, epochs).padStart(width)).join(' '));
        break;
      }
      case 'callback':
        say(`  epoch ${event.epoch}: ${event.message}`);
        break;
      case 'warning':
        say(`warning: ${event.message}`);
        break;
      case 'run_finished': {
        const known = facts.get(event.result.name);
        if (known) say(...summarize(event.result, known));
        break;
      }
      case 'finished':
        if (runs > 1) say('', ...alignTable(RESULT_COLUMNS, resultTable(event.runs), 160));
        if (commonFolder(event.runs)) say(`Kept in ${commonFolder(event.runs)}`);
        break;
      case 'epoch_started':
      case 'step':
      case 'evaluating':
        break;
    }
  };
};
