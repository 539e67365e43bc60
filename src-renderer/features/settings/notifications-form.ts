import type { NoticeReason, NotificationSettings } from '../../../src-main/contract/desktop-settings.ts';
import { noticeReasons } from '../../../src-main/contract/desktop-settings.ts';
import type { Settings } from '../../../src-main/contract/settings.ts';
import { formatTimeOfDay } from '../../format/time.ts';
import type { Read } from './settings-form.ts';
import { checkSettings } from './settings-form.ts';

/** What is told and when, as it is being typed. */
export interface NotificationsForm {
  readonly on: boolean;
  readonly reasons: NotificationSettings['reasons'];
  readonly quietOn: boolean;
  /** `22:00`; empty while the field is. */
  readonly quietFrom: string;
  readonly quietTo: string;
}

/** Why something is told, as a switch says it. */
export const reasonWords: Readonly<Record<NoticeReason, { readonly label: string; readonly hint: string }>> = {
  needsYou: {
    label: 'Something needs you',
    hint: 'A stage waits for your approval, or an agent asks to be allowed something.',
  },
  failed: { label: 'Work failed', hint: 'A run failed, or a task that stands alone failed or is a dead letter.' },
  stuck: { label: 'Work is stuck', hint: 'An agent or a command has done nothing for longer than it should.' },
  finished: { label: 'Work is done', hint: 'A run, or a task that stands alone, completed.' },
  trouble: { label: 'Signalbox is in trouble', hint: 'The engine or a part of it does not work as it should.' },
  update: { label: 'There is an update', hint: 'A newer Signalbox can be had.' },
};

/** The reasons in the order in which they matter to a person. */
export const reasonOrder: readonly NoticeReason[] = noticeReasons.toSorted((one, other) => rankOf(one) - rankOf(other));

function rankOf(reason: NoticeReason): number {
  return Object.keys(reasonWords).indexOf(reason);
}

/** The notifications of settings in the form. */
export function notificationsOf({ notifications: { on, reasons, quietHours } }: Settings): NotificationsForm {
  return { on, reasons, quietOn: quietHours.on, quietFrom: quietHours.from, quietTo: quietHours.to };
}

/** Settings with the notifications of a form, or what is wrong with them. */
export function readNotifications(form: NotificationsForm, before: Settings): Read {
  const { on, reasons, quietOn, quietFrom, quietTo } = form;
  const faults = {
    ...(quietFrom === '' ? { quietFrom: 'Give a time of day.' } : {}),
    ...(quietTo === '' ? { quietTo: 'Give a time of day.' } : {}),
  };
  if (Object.keys(faults).length > 0) return { faults };
  const quietHours = { on: quietOn, from: quietFrom, to: quietTo };
  return checkSettings({ ...before, notifications: { ...before.notifications, on, reasons, quietHours } });
}

/** What the quiet hours mean, as a sentence. */
export function quietWords({ quietOn, quietFrom, quietTo }: NotificationsForm): string {
  if (!quietOn) return 'There are no quiet hours: what is told is told at once, day and night.';
  if (quietFrom === '' || quietTo === '' || quietFrom === quietTo) return 'Give the times between which all is quiet.';
  const [from, to] = [formatTimeOfDay(quietFrom), formatTimeOfDay(quietTo)];
  const end = quietTo < quietFrom ? `${to} of the next day` : to;
  return `From ${from} to ${end}, by the clock of this machine, nothing is told. What was kept back comes at ${to}, as one summary.`;
}

/** Settings that tell nothing until a time; null: they tell again. */
export function muted(settings: Settings, until: number | null): Settings {
  return { ...settings, notifications: { ...settings.notifications, mutedUntil: until } };
}

/** Whether nothing is told now because somebody muted it. Times in ms. */
export function isMuted({ notifications: { mutedUntil } }: Settings, now: number): boolean {
  return mutedUntil !== null && mutedUntil > now;
}

const hourMs = 3_600_000;
/** When a morning begins, by the clock of the machine. */
const morning = 8;

/** One hour after a time, in ms. */
export function inAnHour(now: number): number {
  return now + hourMs;
}

/** The morning of the next day, in ms, also over a night in which the clocks are changed. */
export function tomorrowMorning(now: number): number {
  const today = new Date(now);
  return new Date(today.getFullYear(), today.getMonth(), today.getDate() + 1, morning).getTime();
}
