// H5 files that are in order for the library and made to harm: links out and around, sizes that are only said, depth.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Group, File as H5File, ready } from 'h5wasm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openWeightFile } from '../../../src/runtime/weights/open-weight-file.ts';
import { WeightFileError } from '../../../src/runtime/weights/weight-file.ts';

const hostile = suite('hostile H5 files');
const folder = mkdtempSync(join(tmpdir(), 'tlp-h5-'));
hostile.after(() => rmSync(folder, { recursive: true }));

/** Writes the file that `fill` describes, and gives what is said of it. */
const refusalOf = async (name: string, fill: (file: H5File) => void): Promise<string> => {
  const { FS } = await ready;
  const file = new H5File(`/${name}`, 'w');
  fill(file);
  file.close();
  const path = join(folder, name);
  writeFileSync(path, FS.readFile(`/${name}`));
  try {
    const opened = await openWeightFile(path);
    await opened.close();
  } catch (error) {
    assert.instance(error, WeightFileError, String(error));
    return (error as Error).message.slice(path.length + 1);
  }
  return 'nothing';
};

const values = Float32Array.of(1, 2);

/** A file whose only layer has this tensor. */
const topological = (file: H5File, weight: string): Group => {
  file.create_attribute('layer_names', ['a']);
  const group = file.create_group('a');
  group.create_attribute('weight_names', [weight]);
  return group;
};

hostile('a file in order is opened', async () => {
  const fill = (file: H5File) => topological(file, 'kernel:0').create_dataset({ name: 'kernel:0', data: values });
  assert.is(await refusalOf('right', fill), 'nothing');
});

hostile('a tensor in another file', async () => {
  const fill = (file: H5File) => topological(file, 'k').create_external_link('/etc/passwd', 'x', 'k');
  assert.is(await refusalOf('link', fill), 'is damaged: it has no tensor k');
});

hostile('a tensor that is not there, and a layer that is not there', async () => {
  assert.is(await refusalOf('tensor', (file) => topological(file, 'k')), 'is damaged: it has no tensor k');
  const fill = (file: H5File) => file.create_attribute('layer_names', ['b']);
  assert.is(await refusalOf('layer', fill), 'is damaged: it has no layer b');
});

hostile('a size that is said and not written', async () => {
  const fill = (file: H5File): void => {
    const group = topological(file, 'k');
    group.create_dataset({ name: 'k', data: values, shape: [2], maxshape: [null], chunks: [2] }).resize([2 ** 40]);
  };
  assert.is(await refusalOf('said', fill), 'is damaged: k is said to be larger than the file');
});

hostile('texts in place of numbers', async () => {
  const fill = (file: H5File) => topological(file, 'k').create_dataset({ name: 'k', data: ['a', 'b'] });
  assert.is(await refusalOf('texts', fill), 'has k in a type tlp does not read');
});

hostile('groups inside groups', async () => {
  const fill = (file: H5File): void => {
    let group: Group = file;
    for (let depth = 0; depth < 50; depth += 1) group = group.create_group('layers');
  };
  assert.is(await refusalOf('deep', fill), 'is damaged: its groups do not end');
});

hostile('groups in circles, twice a level', async () => {
  const fill = (file: H5File): void => {
    file.create_group('layers');
    for (const name of ['b', 'c']) file.create_hard_link('/', `/layers/${name}`);
  };
  assert.is(await refusalOf('circles', fill), 'is damaged: its groups do not end');
});

hostile('thirty levels of two links each: a thousand million groups', async () => {
  const fill = (file: H5File): void => {
    file.create_group('optimizer');
    for (let level = 0; level < 30; level += 1) file.create_group(`optimizer/${level}`);
    for (let level = 1; level < 30; level += 1) {
      for (const name of ['a', 'b']) file.create_hard_link(`/optimizer/${level}`, `/optimizer/${level - 1}/${name}`);
    }
    file.create_hard_link('/optimizer/0', '/layers');
  };
  assert.is(await refusalOf('ladder', fill), 'is damaged: its groups do not end');
});

hostile('an H5 file of something else', async () => {
  const fill = (file: H5File) => file.create_dataset({ name: 'table', data: values });
  assert.is(await refusalOf('other', fill), 'is an HDF5 file, but holds no weights of Keras');
});

hostile.run();
