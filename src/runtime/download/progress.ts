// Noun: how far a download is, and the meter that knows its rate.

export interface DownloadProgress {
  readonly file: string;
  /** Bytes on this machine, those of earlier tries included. */
  readonly bytes: number;
  /** Bytes of the whole file; null where nobody knows. */
  readonly total: number | null;
  /** Bytes a second over the last five seconds. */
  readonly rate: number;
  readonly secondsLeft: number | null;
}

const WINDOW_MS = 5000;
const BETWEEN_MS = 100;

/**
 * A meter to be told the bytes so far as often as they come; `now` in milliseconds. It answers ten times a second at most, at the first
 * call and at the end; else null.
 */
export const progressMeter = (file: string, now: () => number) => {
  let samples: readonly { readonly at: number; readonly bytes: number }[] = [];
  return (bytes: number, total: number | null): DownloadProgress | null => {
    const at = now();
    const before = samples.at(-1);
    if (before !== undefined && at - before.at < BETWEEN_MS && bytes !== total) return null;
    // A restart from nothing begins a new measure.
    if (before !== undefined && before.bytes > bytes) samples = [];
    samples = [...samples.filter((sample) => at - sample.at <= WINDOW_MS), { at, bytes }];
    const first = samples[0]!;
    const rate = at > first.at ? ((bytes - first.bytes) * 1000) / (at - first.at) : 0;
    const secondsLeft = total !== null && rate > 0 ? Math.max(0, total - bytes) / rate : null;
    return { file, bytes, total, rate, secondsLeft };
  };
};

/** 58889256 → `58.9 MB`. */
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

const left = (seconds: number): string =>
  seconds < 60
    ? `${Math.ceil(seconds)} s`
    : `${Math.floor(seconds / 60)} min ${String(Math.floor(seconds % 60)).padStart(2, '0')} s`;

/** `downloading x.h5: 12.0 of 58.9 MB (20%), 3.1 MB/s, 15 s left`. */
export const progressText = ({ file, bytes, total, rate, secondsLeft }: DownloadProgress): string => {
  const share = total === null || total === 0 ? null : Math.floor((bytes / total) * 100);
  const amount =
    share === null ? megabytes(bytes) : `${(bytes / 1e6).toFixed(1)} of ${megabytes(total ?? 0)} (${share}%)`;
  const speed = rate > 0 ? `, ${megabytes(rate)}/s` : '';
  return `downloading ${file}: ${amount}${speed}${secondsLeft === null ? '' : `, ${left(secondsLeft)} left`}`;
};
