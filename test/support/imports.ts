// Reads the import statements of the project's sources: who imports what, for its types alone or for its values.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

export interface Import {
  /** The file that imports, relative to the project. */
  readonly from: string;
  /** A file relative to the project, a package name, or `node:name`. */
  readonly to: string;
  readonly kind: 'file' | 'package' | 'node';
  /** Nothing of it is there at run time. */
  readonly types: boolean;
}

/** Source without comments; strings, templates and regular expressions stay. */
export const withoutComments = (source: string): string =>
  source.replace(
    /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`)|\/\*[\s\S]*?\*\/|(?<![:\\/[])\/\/[^\n]*/g,
    (whole, text?: string) => text ?? whole.replace(/[^\n]/g, ' '),
  );

const STATEMENT =
  /(?:^|[;\n}])\s*(?:(import|export)\s+(type\s+)?(?![(.])((?:[\w*$\s,]|\{[^}]*\})*?)\s*from\s*|import\s*)(['"])([^'"\n]+)\4/g;
const DYNAMIC = /\b(?:import|require)\s*\(\s*(['"`])([^'"`\n]+)\1/g;

/** `{ type A, type B }`: every name is a type. */
const onlyTypes = (clause: string): boolean => {
  const braces = /^\s*\{([^}]*)\}\s*$/.exec(clause);
  if (!braces) return false;
  const names = braces[1]!.split(',').map((name) => name.trim());
  return names.filter(Boolean).every((name) => name.startsWith('type '));
};

const packageName = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** All imports of a source text: static, re-exports, dynamic, `require`. `from` is its path relative to the project. */
export const importsOf = (source: string, from: string): readonly Import[] => {
  const text = withoutComments(source);
  const found = [
    ...[...text.matchAll(STATEMENT)].map((match) => ({
      specifier: match[5]!,
      types: match[2] !== undefined || onlyTypes(match[3] ?? ''),
    })),
    ...[...text.matchAll(DYNAMIC)].map((match) => ({ specifier: match[2]!, types: false })),
  ];
  return found.map(({ specifier, types }) => {
    if (specifier.startsWith('node:')) return { from, to: specifier, kind: 'node', types };
    if (specifier.startsWith('.')) return { from, to: normalize(join(dirname(from), specifier)), kind: 'file', types };
    return { from, to: packageName(specifier), kind: 'package', types };
  });
};

/** Source files below the folders, relative to the project, in order. */
export const sourceFiles = (...folders: readonly string[]): readonly string[] =>
  folders
    .flatMap((folder) =>
      readdirSync(join(projectRoot, folder), { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile() && /\.(ts|tsx|mts|mjs|js)$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
        .map((entry) => join(entry.parentPath, entry.name).slice(projectRoot.length)),
    )
    .filter((file) => !file.includes('node_modules'))
    .sort();

export const readSource = (file: string): string => readFileSync(join(projectRoot, file), 'utf8');
