// Verb: completions to a script for bash, 3.2 and later.
import { type CompletedCommand, type Place, rootOptions } from './completions.ts';

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** The call that offers what can stand at a place. */
const offer = (place: Place): string => {
  switch (place.kind) {
    case 'words':
      return `_tlp_words ${quoted(place.choices.map((choice) => choice.word).join(' '))}`;
    case 'pipelines':
      return '_tlp_files "*.tlp"';
    case 'files':
      return '_tlp_files "*"';
    case 'folders':
      return '_tlp_files ""';
    case 'free':
      return ':';
  }
};

const valueCases = (command: CompletedCommand): readonly string[] =>
  command.options.flatMap(({ flag, value }) =>
    value === null ? [] : [`    '${command.name} ${flag}') ${offer(value)} ;;`],
  );

const argumentCases = ({ name, args }: CompletedCommand): readonly string[] =>
  args.map(({ place, many }, i) => `    '${name} ${many ? "'*" : `${i}'`}) ${offer(place)} ;;`);

const flags = (options: CompletedCommand['options']): string => options.map((option) => option.flag).join(' ');

export const bashScript = (
  commands: readonly CompletedCommand[],
): string => `# Completion of tlp for bash: source <(tlp completion bash)

# Offers the words of a list that begin as what is written.
_tlp_words() {
  COMPREPLY=($(compgen -W "$1" -- "$value"))
}

# Offers folders, and files that fit a pattern.
_tlp_files() {
  compopt -o filenames 2>/dev/null
  local IFS=$'\\n'
  COMPREPLY=($(compgen -d -- "$value"))
  [[ -z $1 ]] || COMPREPLY+=($(compgen -f -X "!$1" -- "$value" | while read -r file; do [[ -d $file ]] || echo "$file"; done))
}

# Whether an option of a command takes a value.
_tlp_takes_value() {
  case "$1 $2" in
${commands
  .flatMap(({ name, options }) =>
    options.flatMap(({ flag, value }) => (value === null ? [] : [`    '${name} ${flag}') ;;`])),
  )
  .join('\n')}
    *) return 1 ;;
  esac
}

_tlp() {
  COMPREPLY=()
  local current=\${COMP_WORDS[COMP_CWORD]} at=$COMP_CWORD joined=''
  # bash takes \`=\` for a word of its own: put \`name=level\` and \`--option=value\` together again.
  if [[ $current == '=' ]]; then
    joined="\${COMP_WORDS[at - 1]}="
    current=$joined
    at=$((at - 1))
  elif [[ \${COMP_WORDS[at - 1]} == '=' ]]; then
    joined="\${COMP_WORDS[at - 2]}="
    current=$joined$current
    at=$((at - 2))
  fi
  local previous=\${COMP_WORDS[at - 1]} command='' position=0 skip='' word
  for word in "\${COMP_WORDS[@]:1:at - 1}"; do
    if [[ $word == '=' ]]; then
      skip=yes
    elif [[ -n $skip ]]; then
      skip=''
    elif [[ $word == -?* ]]; then
      if _tlp_takes_value "$command" "$word"; then skip=yes; fi
    elif [[ -z $command ]]; then
      command=$word
    else
      position=$((position + 1))
    fi
  done

  local option='' value=$current
  if [[ $current == --*=* ]]; then
    option=\${current%%=*}
    value=\${current#*=}
  elif _tlp_takes_value "$command" "$previous"; then
    option=$previous
  fi
  if [[ -n $option ]]; then
    case "$command $option" in
${commands.flatMap(valueCases).join('\n')}
    esac
    if [[ $current == --*=* ]]; then
      [[ -n $joined ]] || COMPREPLY=("\${COMPREPLY[@]/#/$option=}")
    elif [[ -n $joined ]]; then
      COMPREPLY=("\${COMPREPLY[@]#"$joined"}")
    fi
    return
  fi
  if [[ $current == -* ]]; then
    case "$command" in
    '') _tlp_words '${flags(rootOptions)}' ;;
${commands.map(({ name, options }) => `    ${name}) _tlp_words '${flags(options)}' ;;`).join('\n')}
    esac
    return
  fi
  case "$command $position" in
    ' 0') _tlp_words '${commands.map(({ name }) => name).join(' ')} help' ;;
    'help 0') _tlp_words '${commands.map(({ name }) => name).join(' ')}' ;;
${commands.flatMap(argumentCases).join('\n')}
  esac
}

complete -F _tlp tlp
`;
