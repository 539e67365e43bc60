import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import type { ApiOutput } from '../../contract/api.ts';
import { lineBlocks } from './line-blocks.ts';
import type { SearchQuery } from './search-lines.ts';
import { searchLines } from './search-lines.ts';

/** One search, as the thread is asked for it. */
export interface SearchRequest extends SearchQuery {
  readonly path: string;
}

/** `noFile`: there is no such log. `noPattern`: the pattern is none, with the reason. `failed`: the disk, or a defect. */
export type SearchReply =
  | { readonly kind: 'found'; readonly found: ApiOutput<'searchLog'> }
  | { readonly kind: 'noFile' }
  | { readonly kind: 'noPattern'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** A thread that looks through logs, one after the other, so that nobody else waits for it. */
parentPort?.on('message', (request: SearchRequest) => {
  parentPort?.postMessage(reply(request));
});

function reply({ path, ...query }: SearchRequest): SearchReply {
  try {
    return { kind: 'found', found: searchFile(path, query) };
  } catch (error) {
    if (error instanceof SyntaxError) return { kind: 'noPattern', reason: error.message };
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { kind: 'noFile' };
    return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}

function searchFile(path: string, query: SearchQuery): ApiOutput<'searchLog'> {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const blocks = lineBlocks((...place) => readSync(file, ...place), size);
    return searchLines(blocks, query);
  } finally {
    closeSync(file);
  }
}
