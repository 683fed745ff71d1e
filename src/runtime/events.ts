// Noun: what the trainer says while it works. Terminal UI, report and `--json` are listeners; they see nothing else.

export interface Score {
  readonly loss: number;
  /** Share of right answers, 0..1. */
  readonly accuracy: number;
}

/** The weights that no stage of a run trains or moves, held against those that the run, or its resumed part, began with. */
export interface FrozenWeights {
  /** How many there are. */
  readonly tensors: number;
  /** SHA-256 of the lines `name SHA-256 of its float32 bytes` of the final weights, in the model's order. */
  readonly sha256: string;
  /** False where any byte changed: a fault of tlp, which a warning tells with the names. */
  readonly unchanged: boolean;
}

/** One entry of the last `--json` line. */
export interface RunResult {
  readonly name: string;
  /**
   * `done`; `early_stopped`: a callback ended it; `interrupted`: Ctrl-C or another signal; `diverged`: the loss became NaN or infinite;
   * `failed`: an error ended it. Interrupted and failed runs can be resumed.
   */
  readonly status: 'done' | 'early_stopped' | 'interrupted' | 'diverged' | 'failed';
  readonly seconds: number;
  /** Epochs finished, all stages together. */
  readonly epochs: number;
  /** Measured on a fixed part of the train split, dropout and augmentation off. NaN (`null` in JSON) when interrupted before that. */
  readonly train: Score;
  readonly validation: Score | null;
  readonly test: Score | null;
  /** train.accuracy - validation.accuracy; null without validation. */
  readonly gap: number | null;
  readonly parameters: { readonly total: number; readonly trainable: number };
  readonly frozen: FrozenWeights;
  /** The run folder, relative to the working folder. */
  readonly folder: string;
  /** What a failed run failed of, or why scores of a finished one are missing; all others have none. */
  readonly reason?: string;
}

interface At {
  /** Run name. */
  readonly run: string;
  /** Stage name. */
  readonly stage: string;
  /** From 1, counted over all stages of the run. */
  readonly epoch: number;
}

export type RunEvent =
  | {
      readonly type: 'started';
      readonly pipeline: string;
      readonly runs: readonly string[];
      /** Name of each run without the values of a sweep: runs of one name are repetitions of it. */
      readonly bases: readonly string[];
    }
  | {
      readonly type: 'run_started';
      readonly run: string;
      readonly engine: string;
      readonly device: string;
      readonly model: string;
      readonly parameters: { readonly total: number; readonly trainable: number };
      readonly images: {
        readonly train: number;
        readonly validation: number;
        readonly test: number;
        readonly probe: number;
      };
      readonly classes: readonly string[];
      /** All stages together. */
      readonly epochs: number;
      readonly stages: readonly { readonly name: string; readonly epochs: number; readonly batch: number }[];
    }
  /**
   * Long preparations that a person should see: compiling the graph, drawing or reading data. May come before `run_started`. With a `share`
   * (0..1 of the work) it comes again and again, and `what` says the rest.
   */
  | { readonly type: 'preparing'; readonly run: string; readonly what: string; readonly share?: number }
  | {
      readonly type: 'stage_started';
      readonly run: string;
      readonly stage: string;
      readonly epochs: number;
      readonly trainable: number;
    }
  | ({ readonly type: 'epoch_started'; readonly steps: number; readonly learning_rate: number } & At)
  | ({
      readonly type: 'step';
      /** From 1. */
      readonly step: number;
      readonly steps: number;
      /** Images seen in this epoch. */
      readonly images: number;
      /** Running means over the epoch, as Keras reports them (dropout and augmentation on). */
      readonly loss: number;
      readonly accuracy: number;
      readonly images_per_second: number;
      /** Seconds of this epoch spent waiting for data. */
      readonly waited: number;
      /** Seconds since the epoch began. */
      readonly seconds: number;
    } & At)
  /** `what` is being evaluated: `train` is the probe. */
  | ({
      readonly type: 'evaluating';
      readonly what: 'train' | 'validation' | 'test';
      readonly step: number;
      readonly steps: number;
    } & At)
  | ({
      readonly type: 'epoch_finished';
      /** Running means of the epoch (dropout and augmentation on). */
      readonly running: Score;
      /** The probe: dropout and augmentation off, at the same moment as validation. */
      readonly train: Score;
      readonly validation: Score | null;
      readonly gap: number | null;
      readonly learning_rate: number;
      readonly seconds: number;
      readonly images_per_second: number;
      readonly waited: number;
    } & At)
  | ({
      readonly type: 'callback';
      readonly name:
        | 'early_stopping'
        | 'reduce_lr_on_plateau'
        | 'checkpoint'
        | 'restore_best'
        | 'diverged'
        | 'interrupted';
      /** One sentence with figures, ready to print. */
      readonly message: string;
    } & At)
  | { readonly type: 'warning'; readonly message: string }
  | { readonly type: 'run_finished'; readonly result: RunResult }
  | { readonly type: 'finished'; readonly runs: readonly RunResult[] };

/** Receives every event in order; must not throw. */
export type Listener = (event: RunEvent) => void;
