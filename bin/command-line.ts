// Verb: argv to command. The commands are a table; each one's code is loaded when it is called.
import { Command, InvalidArgumentError, Option } from 'commander';
import { commands, type OptionTable } from './command-table.ts';
import { readerGone } from './commands/reader-gone.ts';
import { version } from './commands/version.ts';

const whole =
  (minimum: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < minimum)
      throw new InvalidArgumentError(`It is a whole number of at least ${minimum}.`);
    return value;
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
  if (type === 'list') option.argParser(collected);
  if (mandatory === true) option.makeOptionMandatory();
  return option;
};

/** Reads the arguments of the process, runs the command that they name, and sets the exit code. */
export const main = async (): Promise<void> => {
  const program = new Command('tlp')
    .description('Transfer learning of image classifiers, checked before it runs.')
    .version(version)
    .showHelpAfterError('(tlp --help shows the commands)')
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

  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // `tlp … | head`: nobody reads any more, and that is no failure.
    if (error.code === 'EPIPE') {
      if (!readerGone()) process.exit(process.exitCode ?? 0);
      return;
    }
    process.stderr.write(
      `tlp: standard output cannot be written (${error.code ?? error.message}): make room, or write it to another place\n`,
    );
    process.exit(2);
  });

  try {
    await program.parseAsync();
  } catch (error) {
    const { reportFailure } = await import('./commands/fail.ts');
    process.exitCode = reportFailure(error);
  }
};
