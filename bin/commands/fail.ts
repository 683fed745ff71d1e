// Verb: an error → one line for the person, and the exit code. What a person can cure is told apart from our own mistakes.
import { plain } from '../../src/report/plain-text.ts';
import { DataError } from '../../src/runtime/data/source.ts';
import { DownloadError } from '../../src/runtime/download/download-error.ts';
import { EngineError } from '../../src/runtime/engine/engine.ts';
import { RunFolderError } from '../../src/runtime/run-folder/run-folder.ts';
import { shortOf } from '../../src/runtime/short-of.ts';
import { SessionError, type SessionFault } from '../../src/session/session-error.ts';
import { logFault } from './fault-log.ts';

/** Exit codes of all commands. */
export const exitCode = { done: 0, pipelineErrors: 1, cannotRun: 2, interrupted: 130 } as const;

/** The command cannot be carried out as it was asked: one clear line with the cure. */
export class CommandError extends Error {
  readonly code: number;
  constructor(message: string, code: number = exitCode.cannotRun) {
    super(message);
    this.code = code;
  }
}

const known = [CommandError, SessionError, DataError, DownloadError, EngineError, RunFolderError];

const faultCodes: Readonly<Record<SessionFault, number>> = {
  pipeline: exitCode.pipelineErrors,
  request: exitCode.cannotRun,
};

const codeOf = (error: Error): number => {
  if (error instanceof CommandError) return error.code;
  return error instanceof SessionError ? faultCodes[error.fault] : exitCode.cannotRun;
};

/** On a terminal a line breaks between words; elsewhere it is one line. What is longer than the terminal, a path, stays whole. */
const atEdge = (text: string): string => {
  const { isTTY, columns } = process.stderr;
  if (!isTTY || !columns) return text;
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns) lines.push(`${lines.pop()} ${word}`);
    else lines.push(word);
  }
  return lines.join('\n');
};

const oneLine = (text: string): string => plain(text.replace(/\s*[\r\n]+\s*/g, ' ')).trim();

/** Writes the line to stderr. The stack of an internal error goes to a file, under TLP_DEBUG=1 to stderr, too. */
export const reportFailure = (
  error: unknown,
  write = (text: string): unknown => process.stderr.write(text),
): number => {
  const debug = process.env.TLP_DEBUG === '1';
  const line = (text: string): unknown => write(`${atEdge(text)}\n`);
  if (error instanceof Error && known.some((kind) => error instanceof kind)) {
    line(`tlp: ${oneLine(error.message)}`);
    const details = error instanceof SessionError || error instanceof DataError ? error.details : [];
    for (const detail of details) line(`  ${oneLine(detail)}`);
    if (debug) write(`${error.stack ?? ''}\n`);
    return codeOf(error);
  }
  const short = shortOf(error);
  if (short !== null) {
    line(`tlp: ${short}`);
    return exitCode.cannotRun;
  }
  const { id, file } = logFault(error);
  const message = oneLine(error instanceof Error ? error.message : String(error));
  const what = file === null ? `: ${message}` : ` with ${file}`;
  line(`tlp: internal error ${id}, a mistake of tlp and not of yours; please report it${what}`);
  if (debug && error instanceof Error) write(`${error.stack ?? ''}\n`);
  return exitCode.cannotRun;
};

/** Runs a command; every error becomes one line and an exit code. */
export const guarded = async (command: () => Promise<number>): Promise<number> => {
  try {
    return await command();
  } catch (error) {
    return reportFailure(error);
  }
};
