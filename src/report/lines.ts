// Verb: events → lines of plain text for pipes and log files: no colour, no cursor movement, one aligned line an epoch.
import type { Listener, RunEvent } from '../runtime/events.ts';
import { initialState, type RunsState, reduce } from '../runtime/run-state.ts';
import { count, duration, loss, percent, plural, points, rate, speed } from './figures.ts';
import { plain } from './plain-text.ts';
import {
  alignTable,
  commonFolder,
  RESULT_COLUMNS,
  type RunSizes,
  resultTable,
  SWEEP_COLUMNS,
  summarize,
  sweepTable,
} from './summary.ts';

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

const sizesOf = ({ images, classes, epochs }: Started): RunSizes => ({ images, classes: classes.length, epochs });

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

/** What the lines so far leave behind, beside the state of the runs. */
interface Memory {
  readonly state: RunsState;
  /** The heads stand above the line to come. */
  headed: boolean;
  /** Of a preparation that says how far it is, one line a tenth. */
  tenth: number;
}

type Kind = RunEvent['type'];
type EventOf<K extends Kind> = Extract<RunEvent, { type: K }>;
type Printer<K extends Kind> = (event: EventOf<K>, memory: Memory) => readonly string[];

const silent = (): readonly string[] => [];

/** Lines of each kind of event; `memory.state` is the one after the event. */
const printers: { readonly [K in Kind]: Printer<K> } = {
  started: ({ pipeline, runs }) => [`pipeline ${pipeline}${runs.length > 1 ? `: ${runs.length} runs` : ''}`],
  run_started: (event, memory) => {
    memory.headed = false;
    return ['', ...runHead(event)];
  },
  preparing: ({ what, share }, memory) => {
    const tenth = share === undefined ? null : Math.floor(share * 10);
    if (tenth !== null && tenth === memory.tenth) return [];
    if (tenth !== null) memory.tenth = tenth;
    return [`  ${what}`];
  },
  stage_started: ({ stage, epochs, trainable }, memory) => {
    if ((memory.state.run?.started.stages.length ?? 0) < 2) return [];
    memory.headed = false;
    return [`  stage ${stage}: ${plural(epochs, 'epoch')}, ${count(trainable)} trainable parameters`];
  },
  epoch_finished: (event, memory) => {
    const above = memory.headed ? [] : [heads];
    memory.headed = true;
    const epochs = memory.state.run?.started.epochs ?? event.epoch;
    return [...above, columns.map(({ width, cell }) => cell(event, epochs).padStart(width)).join(' ')];
  },
  callback: ({ epoch, message }) => [`  epoch ${epoch}: ${message}`],
  warning: ({ message }) => [`warning: ${message}`],
  run_finished: ({ result }, { state: { run } }) =>
    run?.started.run === result.name ? summarize(result, sizesOf(run.started)) : [],
  finished: ({ runs }, { state }) => {
    const table = state.runNames.length > 1 ? ['', ...alignTable(RESULT_COLUMNS, resultTable(runs), 160)] : [];
    const repeated = sweepTable(runs, state.baseNames);
    const means = repeated.length > 0 ? ['', ...alignTable(SWEEP_COLUMNS, repeated, 160)] : [];
    const common = commonFolder(runs);
    return [...table, ...means, ...(common === null ? [] : [`Kept in ${common}`])];
  },
  epoch_started: silent,
  step: silent,
  evaluating: silent,
};

const printed = <K extends Kind>(event: EventOf<K>, memory: Memory): readonly string[] => {
  const print: Printer<K> = printers[event.type as K];
  return print(event, memory);
};

/**
 * A listener for output that is not a terminal. `write` receives whole lines, each ended by a line feed; steps are not
 * reported, and nothing depends on colour settings or the terminal's width.
 */
export const lines = (write: (text: string) => void): Listener => {
  let memory: Memory = { state: initialState, headed: false, tenth: -1 };
  return (event) => {
    memory = { ...memory, state: reduce(memory.state, { event, at: 0 }) };
    for (const text of printed(event, memory)) write(`${plain(text).trimEnd()}\n`);
  };
};
