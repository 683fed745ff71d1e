// Plays the made-up training in the real terminal UI: `node --import tsx test/support/play-ui.ts [seconds per event]`.
import { setTimeout as wait } from 'node:timers/promises';
import { renderUi } from '../../src/ui/render-ui.tsx';
import { fakeRun } from './fake-run.ts';

const pause = Number(process.argv[2] ?? 0);
const ui = renderUi();
for (const { event } of fakeRun({ epochs: 8, gap: 0.08, warning: 'images of 8 x 8 pixels are small', steps: 12 })) {
  ui.listener(event);
  if (pause > 0) await wait(pause * 1000);
}
await ui.done();
