import type { LogStream } from '../../contract/log.ts';
import type { Activity } from '../../contract/task.ts';
import type { Clock } from '../../core/ports.ts';
import { ActivityBudget } from './activity-budget.ts';
import { LineJoiner } from './line-joiner.ts';
import type { SessionUpdate, ToolCallNews } from './protocol.ts';
import type { CallDescription } from './tool-calls.ts';
import { ToolCalls } from './tool-calls.ts';

/** The least time between two reports of usage, which some agents send with every token. */
const USAGE_EVERY_MS = 1_000;
const MAX_PLAN_ENTRIES = 200;
const MAX_ENTRY_LENGTH = 500;

export interface UpdateRecorderParts {
  readonly clock: Clock;
  did(activity: Activity): void;
  /** Whole lines for the attempt's log. */
  log(stream: LogStream, text: string): void;
}

type Block = { readonly kind: 'message' | 'thought'; readonly messageId: string | null };
type Usage = Extract<Activity, { kind: 'usageReported' }>;

/** Turns what an agent reports in one session into activities and log lines, in the order in which it was reported. */
export class UpdateRecorder {
  readonly #parts: UpdateRecorderParts;
  readonly #budget: ActivityBudget;
  readonly #calls: ToolCalls;
  readonly #lines: Readonly<Record<Block['kind'], LineJoiner>>;
  #block: Block | null = null;
  #usage: Usage | null = null;
  #usageReportedAt = Number.NEGATIVE_INFINITY;

  constructor(parts: UpdateRecorderParts) {
    this.#parts = parts;
    this.#budget = new ActivityBudget((activity) => parts.did(activity));
    this.#calls = new ToolCalls({
      did: (activity) => this.#budget.spend(activity),
      log: (text) => parts.log('tool', text),
    });
    this.#lines = {
      message: new LineJoiner((line) => parts.log('message', line)),
      thought: new LineJoiner((line) => parts.log('thought', line)),
    };
  }

  take(update: SessionUpdate): void {
    switch (update.kind) {
      case 'message':
      case 'thought':
        this.#takeChunk(update.kind, update.text, update.messageId);
        return;
      case 'toolCall':
        this.#endBlock();
        this.#calls.take(update);
        return;
      case 'plan':
        this.#endBlock();
        this.#takePlan(update.entries);
        return;
      case 'usage':
        this.#usage = { kind: 'usageReported', used: update.used, size: update.size, cost: update.cost };
        if (this.#parts.clock.monotonic() - this.#usageReportedAt >= USAGE_EVERY_MS) this.#reportUsage();
        return;
      case 'notice':
        this.#parts.log('message', update.text);
        return;
      case 'other':
        return;
    }
  }

  /** A permission that is asked for; some agents announce the call only with the question. */
  asked(call: ToolCallNews): CallDescription {
    this.#endBlock();
    this.#calls.take(call);
    return this.#calls.describe(call);
  }

  /** The answer to it. */
  answered({ callId, title }: CallDescription, answer: string): void {
    this.#endBlock();
    this.#parts.log('tool', `permission ${answer}: ${title}`);
    this.#budget.spend({ kind: 'permissionAnswered', callId, title, answer });
  }

  /** Something that breaks the protocol; it was recorded, and changed nothing. */
  broken(detail: string): void {
    this.#budget.spendOnBroken(detail);
  }

  /** The end of the session: unfinished lines are written, unfinished calls are closed as abandoned. */
  finish(): void {
    this.#endBlock();
    this.#calls.abandonOpen();
    if (this.#usage !== null) this.#reportUsage();
    this.#budget.report();
  }

  #takeChunk(kind: Block['kind'], text: string, messageId: string | null): void {
    const continues = this.#block?.kind === kind && (messageId === null || messageId === this.#block.messageId);
    if (!continues) {
      this.#endBlock();
      this.#block = { kind, messageId };
      this.#budget.spend({ kind: kind === 'message' ? 'replied' : 'thinking' });
    }
    this.#lines[kind].add(text);
  }

  #endBlock(): void {
    if (this.#block !== null) this.#lines[this.#block.kind].flush();
    this.#block = null;
  }

  #takePlan(entries: readonly { readonly content: string; readonly status: string }[]): void {
    const shown = entries.slice(0, MAX_PLAN_ENTRIES).map(({ content, status }) => ({
      content: content.slice(0, MAX_ENTRY_LENGTH),
      status,
    }));
    this.#budget.spend({ kind: 'planned', entries: shown.map(({ content }) => content) });
    for (const { content, status } of shown) this.#parts.log('plan', `[${status}] ${content}`);
  }

  #reportUsage(): void {
    if (this.#usage !== null) this.#budget.spend(this.#usage);
    this.#usage = null;
    this.#usageReportedAt = this.#parts.clock.monotonic();
  }
}
