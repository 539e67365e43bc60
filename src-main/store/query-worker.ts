import { parentPort, workerData } from 'node:worker_threads';
import { onTrouble } from './connection.ts';
import { loadSqlite } from './load-sqlite.ts';
import type { UnreadableNote, ViewReply, ViewRequest } from './query-thread.ts';
import { describeTrouble } from './sqlite-trouble.ts';
import { createViewAnswers } from './views/answer-view.ts';

/** A thread that answers questions which may have to look at every row, one after the other. */
const { file } = workerData as { readonly file: string };
const sqlite = await loadSqlite();
if (!sqlite.ok) throw new Error(sqlite.error.message);
const connection = new sqlite.value(file, { readonly: true, timeout: 5_000 });
connection.pragma('temp_store = MEMORY');
onTrouble(connection, {
  unreadable: (unreadable) => parentPort?.postMessage({ unreadable } satisfies UnreadableNote),
});
const answer = createViewAnswers(connection);

parentPort?.on('message', (message: ViewRequest | 'close') => {
  if (message !== 'close') {
    parentPort?.postMessage({ id: message.id, result: answerOne(message) } satisfies ViewReply);
    return;
  }
  connection.close();
  parentPort?.close();
});
parentPort?.postMessage('ready');

function answerOne({ name, query }: ViewRequest): unknown {
  try {
    return answer(name, query);
  } catch (error) {
    return { ok: false, error: describeTrouble(error, file) };
  }
}
