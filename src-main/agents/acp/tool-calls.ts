import type { Activity } from '../../contract/task.ts';
import type { ToolCallNews, ToolStatus } from './protocol.ts';

const MAX_TITLE = 500;
const MAX_ID = 200;

interface OpenCall {
  title: string;
  tool: string;
  kindOfTool: string | null;
  /** What it would do. */
  detail: string;
  /** What it printed so far; agents repeat it with every update. */
  output: string;
}

/** A call as people are asked about it. */
export interface CallDescription {
  readonly callId: string;
  readonly title: string;
  /** Kind of tool as the protocol names it; the agent's own name of the tool where that says nothing. */
  readonly tool: string;
  readonly detail: string;
}

export interface ToolCallsParts {
  /** @returns false when it was kept back: a call whose start was kept back has no end either. */
  did(activity: Activity): boolean;
  log(text: string): void;
}

/** The tool calls of one session: each is started once and finished once, however often an agent reports it. */
export class ToolCalls {
  readonly #parts: ToolCallsParts;
  readonly #open = new Map<string, OpenCall>();
  readonly #finished = new Set<string>();

  constructor(parts: ToolCallsParts) {
    this.#parts = parts;
  }

  take(news: ToolCallNews): void {
    const callId = idOf(news);
    if (this.#finished.has(callId)) return;
    const call = this.#open.get(callId) ?? this.#start(callId, news);
    if (call === null) return;
    call.title = news.title === null ? call.title : oneLine(news.title);
    call.kindOfTool = news.kindOfTool ?? call.kindOfTool;
    call.detail = news.detail === '' ? call.detail : news.detail;
    this.#logOutput(call, news.output);
    if (isFinal(news.status)) this.#finish(callId, call, news.status);
  }

  /** How a call is told to people, also where only its id is known. */
  describe(news: ToolCallNews): CallDescription {
    const callId = idOf(news);
    const { title, tool, kindOfTool, detail } = this.#open.get(callId) ?? openCall(news);
    const known = kindOfTool === null || kindOfTool === 'other' ? tool : kindOfTool;
    return { callId, title, tool: oneLine(known).slice(0, MAX_ID), detail };
  }

  /** Closes what the agent left open. */
  abandonOpen(): void {
    for (const [callId, call] of [...this.#open]) this.#finish(callId, call, 'abandoned');
  }

  #start(callId: string, news: ToolCallNews): OpenCall | null {
    const call = openCall(news);
    if (!this.#parts.did({ kind: 'toolCallStarted', callId, title: call.title, tool: call.tool })) return null;
    this.#open.set(callId, call);
    this.#parts.log(`started: ${call.title} (${call.tool})`);
    return call;
  }

  #finish(callId: string, call: OpenCall, status: 'completed' | 'failed' | 'abandoned'): void {
    this.#open.delete(callId);
    this.#finished.add(callId);
    this.#parts.did({ kind: 'toolCallFinished', callId, status });
    this.#parts.log(`${status}: ${call.title}`);
  }

  /** Logs what is new: an update brings the whole output again. */
  #logOutput(call: OpenCall, output: string): void {
    if (output === '' || output === call.output) return;
    const fresh = output.startsWith(call.output) ? output.slice(call.output.length) : output;
    call.output = output;
    const text = fresh.replace(/^\n/, '').trimEnd();
    if (text !== '') this.#parts.log(text.replaceAll(/^/gm, '  '));
  }
}

function isFinal(status: ToolStatus | null): status is 'completed' | 'failed' {
  return status === 'completed' || status === 'failed';
}

function openCall(news: ToolCallNews): OpenCall {
  const { kindOfTool, detail } = news;
  const tool = oneLine(news.tool ?? 'other').slice(0, MAX_ID);
  return { title: titleOf(news), tool, kindOfTool, detail, output: '' };
}

function idOf(news: ToolCallNews): string {
  return news.callId.slice(0, MAX_ID);
}

function titleOf(news: ToolCallNews): string {
  return oneLine(news.title ?? news.tool ?? news.callId);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, MAX_TITLE);
}
