// Verb: argv to command. The commands are a table; each one's code is loaded when it is called.
import { Command, InvalidArgumentError, Option } from 'commander';
import { plainLines } from '../src/report/plain-text.ts';
import { shortOf } from '../src/runtime/short-of.ts';
import { commands, type OptionTable } from './command-table.ts';
import { hangUpAtEnd } from './commands/hang-up.ts';
import { outputLost } from './commands/output-lost.ts';
import { version } from './commands/version.ts';

/** `most` is the largest that is taken: the seeds of the random streams have 32 bits, and a longer one would be another in silence. */
const whole =
  (minimum: number, most = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= minimum && value <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${minimum}` : `from ${minimum} to ${most}`;
    throw new InvalidArgumentError(`It is a whole number ${range}.`);
  };

const collected = (value: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  value,
];

const optionOf = ({ flags, doc, type, choices, mandatory }: OptionTable): Option => {
  const option = new Option(flags, doc);
  if (choices !== undefined) option.choices([...choices]);
  if (type === 'count') option.argParser(whole(0));
  if (type === 'positive') option.argParser(whole(1));
  if (type === 'seed') option.argParser(whole(0, 2 ** 32 - 1));
  if (type === 'list') option.argParser(collected);
  if (mandatory === true) option.makeOptionMandatory();
  return option;
};

/** What happens when standard output cannot be written. Standard error is given up in silence: there is no place to say so. */
const watchOutput = (): void => {
  process.stderr.on('error', () => {});
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EIO' && process.stdout.isTTY) hangUpAtEnd();
    const then = outputLost(code);
    if (then === 'ends in order') return;
    const why = `tlp: standard output cannot be written (${code ?? message})`;
    if (then === 'goes on') {
      if (!told) process.stderr.write(`${why}: the run goes on without it\n`);
      told = true;
      return;
    }
    // `tlp … | head`: nobody reads any more, and that is no failure.
    if (code === 'EPIPE') process.exit(process.exitCode ?? 0);
    process.stderr.write(`${why}: make room, or write it to another place\n`);
    process.exit(2);
  });
};

let told = false;

/** One line, and the exit code. What says it may itself not be loaded: where no file can be opened. */
const failed = async (error: unknown): Promise<void> => {
  try {
    const { reportFailure } = await import('./commands/fail.ts');
    process.exitCode = reportFailure(error);
  } catch {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`tlp: ${shortOf(error) ?? message}\n`);
    process.exitCode = 2;
  }
};

/** Reads the arguments of the process, runs the command that they name, and sets the exit code. */
export const main = async (): Promise<void> => {
  const program = new Command('tlp')
    .description('Transfer learning of image classifiers, checked before it runs.')
    .version(version)
    .showHelpAfterError('(tlp --help shows the commands)')
    .configureOutput({ outputError: (text, write) => write(plainLines(text)) })
    .exitOverride((error) => {
      process.exit(error.exitCode === 0 ? 0 : 2);
    });

  for (const table of commands) {
    const command = program.command(table.usage).description(table.doc);
    for (const option of table.options) command.addOption(optionOf(option));
    command.action(async (...args: unknown[]) => {
      const values = args.slice(0, command.registeredArguments.length);
      process.exitCode = await table.action(values, command.opts());
    });
  }

  watchOutput();
  // an error that nobody waits for: no file descriptor for a worker, no memory for a callback
  process.on('uncaughtException', (error) => void failed(error).then(() => process.exit()));

  try {
    await program.parseAsync();
  } catch (error) {
    await failed(error);
  }
};
