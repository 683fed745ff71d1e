// Verb: the layers of a run to the findings about them, placed in the text.
import type { Diagnostic } from '../../parser/diagnostic.ts';
import { networkRules } from '../findings/network.ts';
import type { LayerProblem } from '../layers/problem.ts';
import type { RunLayers } from '../layers/run-layers.ts';
import { diagnosticAt, isWritten, type Origins } from '../plan/origins.ts';

export const checkNetwork = ({ problems }: RunLayers, origins: Origins, file: string): readonly Diagnostic[] =>
  problems.map((problem) => {
    const { name, origin, message, help } = problem;
    return withCure(
      problem,
      origins,
      diagnosticAt(origins, origin, file, networkRules[name], sentence(message), sentence(help)),
    );
  });

/** Pooling before the dense layer that lacks it: not the same network as with `flatten`, so it is for the person to judge. */
const withCure = ({ name, origin }: LayerProblem, origins: Origins, diagnostic: Diagnostic): Diagnostic => {
  // Before a layer that the file does not spell out there is no place.
  if (name !== 'dense-needs-flatten' || !/\/(head|layers)\/\d+$/.test(origin) || !isWritten(origins, origin))
    return diagnostic;
  const text = 'global_average_pooling';
  const fix = {
    title: `Insert \`${text}\``,
    edits: [{ kind: 'insert', span: diagnostic.span, text }],
    safe: false,
  } as const;
  return { ...diagnostic, fix };
};

/** With a capital letter at the beginning (unless it is a name) and a full stop at the end. */
const sentence = (text: string): string => {
  const end = /[.?!]$/.test(text) ? '' : '.';
  const first = /^[a-z]+ /.test(text) ? text.slice(0, 1).toUpperCase() + text.slice(1) : text;
  return `${first}${end}`;
};
