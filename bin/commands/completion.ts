// Verb: `tlp completion SHELL`: a script that teaches a shell to complete tlp.
import { suggestion } from '../../src/compiler/leaf/nearest.ts';
import { bashScript } from '../completion/bash.ts';
import { type CompletedCommand, readCompletions, type Shell, shells, type Usage } from '../completion/completions.ts';
import { fishScript } from '../completion/fish.ts';
import { zshScript } from '../completion/zsh.ts';
import { say } from './say.ts';

const scripts: Readonly<Record<Shell, (commands: readonly CompletedCommand[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** Exit 0, or 2 for a shell that tlp has no script for. */
export const completion = async (wanted: string, commands: readonly Usage[]): Promise<number> => {
  const shell = shells.find((name) => name === wanted);
  if (shell === undefined) {
    say(`there is no completion for ${wanted}. ${suggestion(wanted, shells, 'shells')}`);
    return 2;
  }
  process.stdout.write(scripts[shell](readCompletions(commands)));
  return 0;
};
