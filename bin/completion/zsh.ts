// Verb: completions to a script for zsh.
import { type Choice, type CompletedCommand, type CompletedOption, type Place, rootOptions } from './completions.ts';

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
/** Inside `[…]` and behind `:` of a specification. */
const doc = (text: string): string => text.replace(/[[\]:\\]/g, '\\$&');

/** The action of `_arguments` for a place; words with documentation have a function of their own. */
const action = (place: Place): string => {
  switch (place.kind) {
    case 'words':
      return place.choices.some((choice) => choice.doc !== '')
        ? `${place.name}:_tlp_${place.name}`
        : `${place.name}:(${place.choices.map((choice) => choice.word).join(' ')})`;
    case 'pipelines':
      return 'pipeline:_files -g "*.tlp"';
    case 'files':
      return 'file:_files';
    case 'folders':
      return 'folder:_files -/';
    case 'free':
      return `${doc(place.name)}: `;
  }
};

const optionSpec = ({ flag, doc: text, value, repeated }: CompletedOption): string =>
  quoted(`${repeated ? '*' : ''}${flag}[${doc(text)}]${value === null ? '' : `:${action(value)}`}`);

const argumentSpec = ({ place, many }: CompletedCommand['args'][number], i: number): string =>
  quoted(`${many ? '*' : String(i + 1)}:${action(place)}`);

const commandCase = ({ name, options, args }: CompletedCommand): string =>
  `        ${name})
          _arguments ${[...options.map(optionSpec), ...args.map(argumentSpec)].join(' \\\n            ')}
          ;;`;

const described = (choices: readonly Choice[]): string =>
  choices.map(({ word, doc: text }) => `    ${quoted(`${word.replaceAll(':', '\\:')}:${text}`)}`).join('\n');

const wordFunction = (place: Extract<Place, { kind: 'words' }>): string => `_tlp_${place.name}() {
  local -a words=(
${described(place.choices)}
  )
  _describe -V ${place.name} words
}
`;

export const zshScript = (commands: readonly CompletedCommand[]): string => {
  const places = commands.flatMap(({ options, args }) => [
    ...options.flatMap(({ value }) => (value === null ? [] : [value])),
    ...args.map(({ place }) => place),
  ]);
  const functions = new Map(
    places.flatMap((place) =>
      place.kind === 'words' && place.choices.some((choice) => choice.doc !== '')
        ? [[place.name, wordFunction(place)]]
        : [],
    ),
  );
  return `#compdef tlp
# Completion of tlp for zsh: source <(tlp completion zsh), or as the file _tlp in a folder of $fpath.

${[...functions.values()].join('\n')}
_tlp() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  _arguments -C ${rootOptions.map(optionSpec).join(' ')} '1:command:->command' '*::argument:->argument'
  case $state in
    command)
      local -a commands=(
${described(commands.map(({ name, doc: text }) => ({ word: name, doc: text })))}
      )
      _describe -V command commands
      ;;
    argument)
      case $words[1] in
${commands.map(commandCase).join('\n')}
      esac
      ;;
  esac
}

if [[ $funcstack[1] == _tlp ]]; then _tlp "$@"; else compdef _tlp tlp; fi
`;
};
