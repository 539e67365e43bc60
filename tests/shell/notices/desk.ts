import type { NotificationSettings } from '../../../src-main/contract/desktop-settings.ts';
import { notificationSettingsSchema } from '../../../src-main/contract/desktop-settings.ts';
import type { Event } from '../../../src-main/contract/event.ts';
import { eventSchema } from '../../../src-main/contract/event.ts';
import type { NewsThing, Notice } from '../../../src-main/shell/notices/notice.ts';
import type { NoticeRecord } from '../../../src-main/shell/notices/notice-record.ts';
import type { NoticeRules, ThingFacts } from '../../../src-main/shell/notices/notices.ts';
import { Notices } from '../../../src-main/shell/notices/notices.ts';
import { countingIds } from '../../support/counting-ids.ts';
import { ManualClock } from '../../support/manual-clock.ts';

export const ids = countingIds();
const failure = { category: 'exit', class: 'unknown', message: 'It exited with 1.' };

/** A stored event; what is not given is like in the others of its kind. */
export function event(seq: number, kind: Event['kind'], change: Readonly<Record<string, unknown>> = {}): Event {
  const attempt = { taskId: ids.taskId(), runId: null, attemptId: ids.attemptId(), agentId: 'worker' };
  const usual: Partial<Record<Event['kind'], object>> = {
    'run.completed': { runId: ids.runId() },
    'run.failed': { runId: ids.runId(), failure },
    'task.completed': { taskId: ids.taskId(), runId: null, outputs: {} },
    'task.failed': { taskId: ids.taskId(), runId: null, failure },
    'task.died': { taskId: ids.taskId(), runId: null, failure },
    'attempt.stuck': { ...attempt, since: 0, rung: 'notice', evidence: 'no output for 5 min, PID 7 alive' },
    'attempt.unstuck': attempt,
    'approval.requested': {
      runId: ids.runId(),
      stage: 'deploy',
      approvalId: ids.approvalId(),
      question: 'Deploy?',
      onTimeout: 'reject',
      expiresAt: null,
    },
    'approval.answered': { runId: ids.runId(), stage: 'deploy', answer: 'approved', comment: null },
    'permission.requested': {
      ...attempt,
      stage: null,
      permissionId: ids.permissionId(),
      callId: 'call',
      tool: 'write',
      title: 'Write notes.txt',
      detail: '',
      options: [],
      expiresAt: null,
    },
    'permission.answered': { ...attempt, state: 'answered', answer: null, by: null, comment: null },
    'engine.stopped': { reason: 'quit' },
  };
  return eventSchema.parse({ seq, at: 1, actor: 'engine', kind, ...usual[kind], ...change });
}

/** Settings as a file with these words would give them. */
export function settingsOf(change: object = {}): NotificationSettings {
  return notificationSettingsSchema.parse(change);
}

export function rulesOf(settings: NotificationSettings, change: Partial<NoticeRules> = {}): NoticeRules {
  return { settings, reasonsFor: () => settings.reasons, differing: new Set(), ...change };
}

/** What is on the screen of a person who does not look, over restarts of the application. */
export class Desk {
  readonly clock: ManualClock;
  readonly shown: (Notice & { readonly at: number; isClosed: boolean })[] = [];
  /** The route that the person has in front of them. */
  lookedAt = '';
  facts: ThingFacts = { name: 'app', detail: '7 stages in 3 s.', folder: '/work' };
  record: NoticeRecord | null = null;
  /** How often the record was written. */
  writes = 0;
  notices: Notices;
  #starts = 0;

  constructor(start?: number) {
    this.clock = new ManualClock(start);
    this.notices = this.#make();
  }

  /** Starts anew: what was not noted is lost. */
  restart(): void {
    this.notices = this.#make();
  }

  /** Starts with an engine that is at this event. */
  async begin(lastSeq: number, settings = settingsOf(), stored: readonly Event[] = []): Promise<void> {
    this.notices.setRules(rulesOf(settings));
    const from = this.notices.begin(lastSeq);
    await this.notices.take(stored.filter(({ seq }) => seq > from));
    this.notices.caughtUp(lastSeq);
    await settle();
  }

  async take(...events: readonly Event[]): Promise<void> {
    await this.notices.take(events);
    await settle();
  }

  /** Lets time pass; what falls due is shown. */
  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    await settle();
  }

  get titles(): readonly string[] {
    return this.shown.map(({ title }) => title);
  }

  #make(): Notices {
    this.#starts += 1;
    const start = this.#starts;
    // Of a process that was killed nothing is left, its timers neither.
    const isGone = () => start !== this.#starts;
    return new Notices({
      clock: {
        now: () => this.clock.now(),
        monotonic: () => this.clock.monotonic(),
        after: (ms, callback) =>
          this.clock.after(ms, () => {
            if (!isGone()) callback();
          }),
      },
      record: {
        read: () => this.record,
        write: (record) => {
          this.writes += 1;
          this.record = JSON.parse(JSON.stringify(record));
        },
      },
      show: (notice) => {
        const entry = { ...notice, at: this.clock.now(), isClosed: false };
        this.shown.push(entry);
        return {
          close: () => {
            entry.isClosed = true;
          },
        };
      },
      lookUp: async (_thing: NewsThing) => this.facts,
      isLookedAt: (route) => route === this.lookedAt,
    });
  }
}

/** Lets everything go on that waits for nothing but its turn. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
