import { maxPermissionDetail } from '../../contract/permission.ts';
import type { AskedPermission, LaunchObserver, PermissionQuestion as ShownQuestion } from '../../core/ports.ts';
import type { Redactor } from '../redact.ts';
import type { PermissionQuestion } from './protocol.ts';
import type { CallDescription } from './tool-calls.ts';

const MAX_OPTIONS = 50;
const MAX_OPTION_ID = 1_000;
const MAX_OPTION_NAME = 500;

type Options = PermissionQuestion['options'];

/** Told once: the option that was chosen, by the agent's own id, or null; and the same for people. */
type Done = (optionId: string | null, answer: string) => void;

interface OpenQuestion {
  readonly asked: AskedPermission;
  readonly done: Done;
}

/** The permission questions of one attempt that wait for a person. */
export class OpenQuestions {
  readonly #redact: Redactor;
  readonly #ask: LaunchObserver['asked'];
  readonly #open = new Set<OpenQuestion>();

  constructor(parts: { readonly redact: Redactor; readonly ask: LaunchObserver['asked'] }) {
    this.#redact = parts.redact;
    this.#ask = parts.ask;
  }

  /** Hands a question on. A person sees it without secrets; the agent gets its own id of the option back. */
  ask(call: CallDescription, options: Options, done: Done): void {
    const offered = readable(options);
    if (offered.length === 0) {
      done(null, 'cancelled: it offers no answer');
      return;
    }
    const shown = this.#show(call, offered);
    const question = { asked: this.#ask(shown), done };
    this.#open.add(question);
    void question.asked.verdict.then(({ optionId, answer }) => {
      if (!this.#open.delete(question)) return;
      const chosen = offered[shown.options.findIndex(({ id }) => id === optionId)];
      done(chosen?.id ?? null, answer);
    });
  }

  /** Tells the agent of all questions that nobody answers them: it must not wait for ever. */
  cancelAll(reason: string): void {
    for (const question of [...this.#open]) {
      this.#open.delete(question);
      question.done(null, `cancelled: ${reason}`);
      question.asked.withdraw(reason);
    }
  }

  #show(call: CallDescription, options: Options): ShownQuestion {
    const redact = this.#redact;
    return {
      callId: redact(call.callId),
      tool: redact(call.tool),
      title: redact(call.title),
      // First without secrets, then shorter: half a secret would not be found.
      detail: shorten(redact(call.detail), maxPermissionDetail),
      options: options.map(({ id, kind, name }) => ({ id: redact(id), kind, name: redact(name) })),
    };
  }
}

/** What a person can choose from: options with an id of their own. */
function readable(options: Options): Options {
  const ids = new Set<string>();
  const kept = options.filter(({ id }) => {
    const isNew = id !== '' && id.length <= MAX_OPTION_ID && !ids.has(id);
    ids.add(id);
    return isNew;
  });
  return kept.slice(0, MAX_OPTIONS).map((option) => ({ ...option, name: shorten(option.name, MAX_OPTION_NAME) }));
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
