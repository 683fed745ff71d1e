// The training graphs of the pipelines, as `tlp compile --emit training` prints them.
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkText } from '../../../src/compiler/check.ts';
import { buildNetwork, buildStageGraphs } from '../../../src/compiler/index.ts';
import { printTraining } from '../../../src/compiler/passes.ts';
import { golden } from '../../support/golden.ts';

const graphs = suite('golden training graphs');

for (const file of readdirSync('pipelines').filter((name) => name.endsWith('.tlp'))) {
  const name = basename(file, '.tlp');
  graphs(name, () => {
    const { plan } = checkText(readFileSync(`pipelines/${file}`, 'utf8'), file);
    assert.ok(plan, 'the pipeline has a plan');
    const text = plan.runs.flatMap((run, r) => {
      const network = buildNetwork(run, `/runs/${r}`);
      return run.stages.map((stage, s) => {
        const title = `// run ${run.name}, stage ${stage.name}\n`;
        return title + printTraining(buildStageGraphs(network, stage, s));
      });
    });
    golden(`${name}/training.txt`, text.join('\n'));
  });
}

graphs.run();
