// Verb: `tlp init [TEMPLATE] [DIR]`: a commented pipeline to begin with. An existing file is never overwritten.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suggestion } from '../../src/compiler/leaf/nearest.ts';
import { plain } from '../../src/report/plain-text.ts';
import { CommandError, exitCode, guarded } from './fail.ts';
import { templates } from './templates.ts';
import { cannotWrite } from './write-file.ts';

export const init = (template = 'own', folder = '.'): Promise<number> =>
  guarded(async () => {
    const found = Object.hasOwn(templates, template) ? templates[template] : undefined;
    if (found === undefined) {
      throw new CommandError(
        `there is no template ${template}. ${suggestion(template, Object.keys(templates), 'templates')}`,
      );
    }
    const path = join(folder, found.file);
    if (existsSync(path)) throw new CommandError(`${path} is there already; name another folder, or remove it`);
    try {
      mkdirSync(folder, { recursive: true });
      writeFileSync(path, found.text, { flag: 'wx' });
    } catch (error) {
      throw cannotWrite(path, error);
    }
    const shown = plain(path);
    process.stdout.write(
      `wrote ${shown}: ${found.doc}\nnext: tlp check ${shown}, tlp plan ${shown}, tlp run ${shown}\n`,
    );
    return exitCode.done;
  });
