// Verb: editors/vscode to a .vsix, the archive that VS Code installs. `npm run pack:vscode`; nothing is fetched.
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';

const root = fileURLToPath(new URL('../', import.meta.url));
const home = join(root, 'editors/vscode');

interface Manifest {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly version: string;
  readonly publisher: string;
  readonly engines: { readonly vscode: string };
  readonly categories: readonly string[];
  readonly keywords: readonly string[];
}

/** Files of the extension that stand elsewhere in the project. */
const borrowed: Readonly<Record<string, string>> = {
  'syntaxes/tlp.tmLanguage.json': 'grammar/tlp.tmLanguage.json',
  'LICENSE.txt': 'LICENSE',
};

const contentTypes: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.md': 'text/markdown',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.vsixmanifest': 'text/xml',
};

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** What VS Code and its gallery read of an archive: identity, requirements, assets. */
const vsixManifest = (m: Manifest): string => `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id="${escaped(m.name)}" Version="${escaped(m.version)}" Publisher="${escaped(m.publisher)}"/>
    <DisplayName>${escaped(m.displayName)}</DisplayName>
    <Description xml:space="preserve">${escaped(m.description)}</Description>
    <Tags>${escaped([...m.keywords, 'snippet', 'tlp', '__ext_tlp'].join(','))}</Tags>
    <Categories>${escaped(m.categories.join(','))}</Categories>
    <GalleryFlags>Public</GalleryFlags>
    <Properties>
      <Property Id="Microsoft.VisualStudio.Code.Engine" Value="${escaped(m.engines.vscode)}"/>
      <Property Id="Microsoft.VisualStudio.Code.ExtensionDependencies" Value=""/>
      <Property Id="Microsoft.VisualStudio.Code.ExtensionPack" Value=""/>
      <Property Id="Microsoft.VisualStudio.Code.ExtensionKind" Value="ui,workspace,web"/>
      <Property Id="Microsoft.VisualStudio.Code.LocalizedLanguages" Value=""/>
    </Properties>
    <License>extension/LICENSE.txt</License>
    <Icon>extension/icons/tlp.png</Icon>
  </Metadata>
  <Installation>
    <InstallationTarget Id="Microsoft.VisualStudio.Code"/>
  </Installation>
  <Dependencies/>
  <Assets>
    <Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Content.Details" Path="extension/README.md" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Content.License" Path="extension/LICENSE.txt" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Icons.Default" Path="extension/icons/tlp.png" Addressable="true"/>
  </Assets>
</PackageManifest>
`;

const contentTypesXml = (files: readonly string[]): string => {
  const defaults = [...new Set(files.map((file) => extname(file)))].sort().map((extension) => {
    const type = contentTypes[extension];
    if (type === undefined)
      throw new Error(`no content type for ${extension} files: add one to scripts/pack-vscode.ts`);
    return `<Default Extension="${extension}" ContentType="${type}"/>`;
  });
  return `<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">${defaults.join('')}</Types>
`;
};

export interface Vsix {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The same bytes from the same files: no clock, sorted names. */
export const packVsix = (): Vsix => {
  const manifest = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as Manifest;
  const own = readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.vsix'))
    .map((entry) => relative(home, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
  const files: Record<string, Uint8Array> = {};
  for (const path of own) files[`extension/${path}`] = readFileSync(join(home, path));
  for (const [path, from] of Object.entries(borrowed)) files[`extension/${path}`] = readFileSync(join(root, from));
  files['extension.vsixmanifest'] = Buffer.from(vsixManifest(manifest));
  files['[Content_Types].xml'] = Buffer.from(contentTypesXml(Object.keys(files)));
  const sorted = Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    name: `${manifest.name}-${manifest.version}.vsix`,
    bytes: zipSync(sorted, { level: 9, mtime: '1980-01-01' }),
  };
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { name, bytes } = packVsix();
  const file = join(home, name);
  writeFileSync(`${file}.new`, bytes);
  renameSync(`${file}.new`, file);
  process.stdout.write(`wrote editors/vscode/${name}, ${bytes.length} bytes\n`);
}
