import { writeFile } from 'node:fs/promises';
import { fatal } from '../builtin/stage-failure.ts';
import type { Channel } from './channel.ts';
import { writeFully } from './write-fully.ts';

/** Talks as a plain command does: lines on standard output, and a file with the outputs. */
export class CommandChannel implements Channel {
  readonly signal = new AbortController().signal;
  readonly #outputFile: string | undefined;
  #twice = false;

  constructor(outputFile: string | undefined) {
    this.#outputFile = outputFile;
  }

  /** Whether a second answer was arranged. */
  get answersTwice(): boolean {
    return this.#twice;
  }

  async say(text: string): Promise<void> {
    await this.raw(`${text}\n`);
  }

  async begin(title: string): Promise<void> {
    await this.say(`started: ${title}`);
  }

  async finish(): Promise<void> {
    await this.say('finished');
  }

  readonly raw = (bytes: string | Uint8Array): Promise<void> => writeFully(process.stdout, bytes);

  async answerHalf(): Promise<void> {
    await this.#write('{"answer": "brok');
    await this.raw('a line that breaks off in the mid'); // last: nothing may complete the line
  }

  async answerForeign(): Promise<void> {
    await this.say('the result belongs to the task somebody-elses-task');
    await this.#write('{"taskId":"somebody-elses-task"}\n');
  }

  answerTwice(): void {
    this.#twice = true;
  }

  async ask(): Promise<string> {
    throw fatal(
      'A plain command cannot ask for a permission',
      'it has no protocol for that',
      'Use the test agent with "acp"',
    );
  }

  async #write(text: string): Promise<void> {
    if (this.#outputFile !== undefined) {
      await writeFile(this.#outputFile, text);
    }
  }
}
