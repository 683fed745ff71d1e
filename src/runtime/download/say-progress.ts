// Verb: the progress of a download → events for the listeners of a run, one a second.
import type { Listener } from '../events.ts';
import { type DownloadProgress, progressText } from './progress.ts';

const BETWEEN_MS = 1000;

/** `now` in milliseconds. The end is always said. */
export const sayProgress = (run: string, listener: Listener, now: () => number) => {
  let said = Number.NEGATIVE_INFINITY;
  return (progress: DownloadProgress): void => {
    const { bytes, total } = progress;
    if (now() - said < BETWEEN_MS && bytes !== total) return;
    said = now();
    const share = total === null || total === 0 ? null : Math.min(1, bytes / total);
    const event = { type: 'preparing', run, what: progressText(progress) } as const;
    listener(share === null ? event : { ...event, share });
  };
};
