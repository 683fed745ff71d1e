// Verb: the TextMate grammar to a bundle for editors that do not read JSON: TextMate, Sublime Text, JetBrains.
import { plistText } from './plist.ts';
import { tmLanguage } from './tm-language.ts';

/** Constant identities, so that an editor knows the next version for the same bundle. */
const GRAMMAR_ID = '6B1B5C1E-3F0B-4B57-9C6E-2D8D4F0A7C11';
const COMMENTS_ID = '0D7C2C0A-6C1F-4C0D-8E53-77F4A4B6E9A2';
const BUNDLE_ID = 'B7E0B9D2-52C7-4E6B-A1F5-9A3D5E1C8F40';

export const bundleFiles: Readonly<Record<string, () => string>> = {
  'info.plist': () => plistText({ name: 'tlp', uuid: BUNDLE_ID, description: 'The language tlp.' }),
  'Syntaxes/tlp.tmLanguage': () => {
    const { patterns, ...head } = tmLanguage();
    return plistText({ ...head, uuid: GRAMMAR_ID, patterns });
  },
  'Preferences/Comments.tmPreferences': () =>
    plistText({
      name: 'Comments',
      uuid: COMMENTS_ID,
      scope: 'source.tlp',
      settings: { shellVariables: [{ name: 'TM_COMMENT_START', value: '// ' }] },
    }),
};
