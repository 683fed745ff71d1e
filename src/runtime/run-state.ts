// Noun and verb: what the terminal shows, and the pure reducer that makes it from events.
import type { RunEvent, RunResult, Score } from './events.ts';
import { type Clock, epochEnded, epochStarted, newClock, stageStarted, stepped, stopped } from './run-clock.ts';

/** An event with the second it arrived, on a clock that only goes forward. */
export interface TimedEvent {
  readonly event: RunEvent;
  readonly at: number;
}

/** One finished epoch: a point of the curves. */
export interface EpochPoint {
  readonly epoch: number;
  readonly train: Score;
  readonly validation: Score | null;
  readonly learningRate: number;
}

/** What the trainer is doing now. */
export type Activity =
  | { readonly kind: 'preparing'; readonly what: string; readonly since: number }
  | { readonly kind: 'training' }
  | { readonly kind: 'evaluating'; readonly what: string; readonly step: number; readonly steps: number }
  | { readonly kind: 'finished' };

export interface Note {
  readonly epoch: number;
  readonly name: string;
  readonly message: string;
}

type RunStarted = Extract<RunEvent, { type: 'run_started' }>;
type Step = Extract<RunEvent, { type: 'step' }>;

export interface RunState {
  readonly started: RunStarted;
  readonly activity: Activity;
  readonly stage: string | null;
  /** Trainable parameters in the current stage. */
  readonly trainable: number;
  /** The epoch under way, from 1; 0 before the first. */
  readonly epoch: number;
  /** Of the epoch under way; null before its first step. */
  readonly step: Step | null;
  readonly steps: number;
  readonly learningRate: number | null;
  readonly history: readonly EpochPoint[];
  readonly notes: readonly Note[];
  readonly clock: Clock;
  readonly result: RunResult | null;
}

export interface Preparing {
  readonly run: string;
  readonly what: string;
  readonly since: number;
  /** 0..1 of the work; null where it is not known. */
  readonly share: number | null;
}

export interface RunsState {
  readonly pipeline: string;
  readonly runNames: readonly string[];
  /** Name of each run without the values of a sweep. */
  readonly baseNames: readonly string[];
  /** From 1: which of the runs is shown; 0 before the first. */
  readonly runNumber: number;
  readonly run: RunState | null;
  /** What is done before the next run starts; null while one is shown. */
  readonly preparing: Preparing | null;
  readonly results: readonly RunResult[];
  readonly warnings: readonly string[];
  readonly finished: boolean;
}

export const initialState: RunsState = {
  pipeline: '',
  runNames: [],
  baseNames: [],
  runNumber: 0,
  run: null,
  preparing: null,
  results: [],
  warnings: [],
  finished: false,
};

const runStarted = (event: RunStarted, at: number): RunState => ({
  started: event,
  activity: { kind: 'preparing', what: 'starting', since: at },
  stage: null,
  trainable: event.parameters.trainable,
  epoch: 0,
  step: null,
  steps: 0,
  learningRate: null,
  history: [],
  notes: [],
  clock: newClock(at, event.epochs),
  result: null,
});

/** Callbacks that end a stage. */
const ENDS: ReadonlySet<string> = new Set(['early_stopping', 'interrupted', 'diverged']);

/** Epochs planned in a stage and those after it. */
const epochsFrom = ({ started: { stages } }: RunState, stage: string): number =>
  stages.slice(stages.findIndex(({ name }) => name === stage)).reduce((sum, { epochs }) => sum + epochs, 0);

/** The run after an event; events of a run that is not shown, which do not occur, leave it as it is. */
const reduceRun = (run: RunState, { event, at }: TimedEvent): RunState => {
  switch (event.type) {
    case 'preparing':
      return { ...run, activity: { kind: 'preparing', what: event.what, since: at } };
    case 'stage_started':
      return {
        ...run,
        stage: event.stage,
        trainable: event.trainable,
        clock: stageStarted(run.clock, epochsFrom(run, event.stage)),
      };
    case 'epoch_started':
      return {
        ...run,
        activity: { kind: 'training' },
        stage: event.stage,
        epoch: event.epoch,
        step: null,
        steps: event.steps,
        learningRate: event.learning_rate,
        clock: epochStarted(run.clock, event.epoch, event.steps, at),
      };
    case 'step':
      return {
        ...run,
        activity: { kind: 'training' },
        step: event,
        clock: stepped(run.clock, event.step, at),
      };
    case 'evaluating':
      return {
        ...run,
        activity: { kind: 'evaluating', what: event.what, step: event.step, steps: event.steps },
      };
    case 'epoch_finished': {
      const point = {
        epoch: event.epoch,
        train: event.train,
        validation: event.validation,
        learningRate: event.learning_rate,
      };
      return { ...run, history: [...run.history, point], clock: epochEnded(run.clock, at) };
    }
    case 'callback':
      return {
        ...run,
        notes: [...run.notes, { epoch: event.epoch, name: event.name, message: event.message }],
        clock: ENDS.has(event.name) ? stopped(run.clock) : run.clock,
      };
    case 'run_finished':
      return { ...run, activity: { kind: 'finished' }, result: event.result };
    default:
      return run;
  }
};

/** The state after an event. Pure: time comes with the event, and the state before is left as it was. */
export const reduce = (state: RunsState, timed: TimedEvent): RunsState => {
  const { event, at } = timed;
  switch (event.type) {
    case 'started':
      return { ...state, pipeline: event.pipeline, runNames: event.runs, baseNames: event.bases };
    case 'run_started':
      return { ...state, runNumber: state.runNumber + 1, run: runStarted(event, at), preparing: null };
    case 'preparing':
      if (state.run?.started.run === event.run) return { ...state, run: reduceRun(state.run, timed) };
      return {
        ...state,
        run: null,
        preparing: { run: event.run, what: event.what, since: at, share: event.share ?? null },
      };
    case 'warning':
      return { ...state, warnings: [...state.warnings, event.message] };
    case 'run_finished': {
      const run = state.run && reduceRun(state.run, timed);
      return { ...state, run, results: [...state.results, event.result] };
    }
    case 'finished':
      return { ...state, results: event.runs, finished: true };
    default:
      return state.run ? { ...state, run: reduceRun(state.run, timed) } : state;
  }
};

/** Whether a run ended before its time in a way that it can go on from. */
export const isResumable = ({ status }: Pick<RunResult, 'status'>): boolean =>
  status === 'interrupted' || status === 'failed';
