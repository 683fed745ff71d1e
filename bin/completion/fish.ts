// Verb: completions to a script for fish.
import { type CompletedCommand, type CompletedOption, type Place, rootOptions } from './completions.ts';

const quoted = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`;

/** What follows `complete` for a place. Words with documentation come as lines with a tab between. */
const values = (place: Place): string => {
  switch (place.kind) {
    case 'words':
      return place.choices.every((choice) => choice.doc === '')
        ? `-a ${quoted(place.choices.map((choice) => choice.word).join(' '))}`
        : `-a '(_tlp_${place.name})'`;
    case 'pipelines':
      return "-a '(__fish_complete_suffix .tlp)'";
    case 'files':
      return '-F';
    case 'folders':
      return "-a '(__fish_complete_directories)'";
    case 'free':
      return '';
  }
};

const option = (condition: string, { flag, doc, value }: CompletedOption): string =>
  [
    'complete -c tlp',
    `-n ${quoted(condition)}`,
    `-l ${flag.slice(2)}`,
    value === null ? '' : `-x ${values(value)}`,
    `-d ${quoted(doc)}`,
  ]
    .join(' ')
    .replace('-x -F', '-r -F')
    .replaceAll(/ {2,}/g, ' ');

const used = (name: string): string => `__fish_seen_subcommand_from ${name}`;

const lines = ({ name, doc, options, args }: CompletedCommand): readonly string[] => [
  `complete -c tlp -n __fish_use_subcommand -a ${name} -d ${quoted(doc)}`,
  ...options.map((each) => option(used(name), each)),
  ...args.flatMap(({ place, many }, i) =>
    place.kind === 'free'
      ? []
      : [
          `complete -c tlp -n ${quoted(many || args.length === 1 ? used(name) : `${used(name)}; and _tlp_at ${i}`)} ${values(place)}`,
        ],
  ),
];

const wordFunction = (place: Extract<Place, { kind: 'words' }>): string => `function _tlp_${place.name}
  printf '%s\\t%s\\n' \\
${place.choices.map(({ word, doc }) => `    ${quoted(word)} ${quoted(doc)}`).join(' \\\n')}
end
`;

export const fishScript = (commands: readonly CompletedCommand[]): string => {
  const places = commands.flatMap(({ options, args }) => [
    ...options.map(({ value }) => value),
    ...args.map(({ place }) => place),
  ]);
  const functions = new Map(
    places.flatMap((place) =>
      place?.kind === 'words' && place.choices.some((choice) => choice.doc !== '')
        ? [[place.name, wordFunction(place)]]
        : [],
    ),
  );
  return `# Completion of tlp for fish: tlp completion fish | source

${[...functions.values()].join('\n')}
# Whether so many arguments stand behind the command.
function _tlp_at
  set -l words (string match -v -- '-*' (commandline -opc))
  test (count $words) -eq (math $argv[1] + 2)
end

complete -c tlp -f
${rootOptions.map((each) => option('__fish_use_subcommand', each)).join('\n')}
${commands.flatMap(lines).join('\n')}
`;
};
