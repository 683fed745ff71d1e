#!/usr/bin/env node
// The start: where Node can keep compiled code (22.1 and later), it does, so that the next start need not compile it again.
import * as nodeModule from 'node:module';

const { enableCompileCache } = nodeModule as { readonly enableCompileCache?: () => unknown };
enableCompileCache?.();

await import('./command-line.ts');
