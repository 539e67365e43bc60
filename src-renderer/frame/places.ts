import type { LucideIcon } from 'lucide-react';
import {
  Activity,
  Bot,
  CalendarClock,
  ChartLine,
  Inbox,
  LayoutDashboard,
  ListOrdered,
  MessagesSquare,
  Play,
  Settings2,
  Workflow,
} from 'lucide-react';

/** A place of the left rail. */
export interface Place {
  readonly to: string;
  readonly label: string;
  readonly icon: LucideIcon;
  /** Pressed after `g`. */
  readonly key: string;
}

/** The places of the window, in the order of the rail. */
export const places: readonly Place[] = [
  { to: '/', label: 'Overview', icon: LayoutDashboard, key: 'o' },
  { to: '/runs', label: 'Runs', icon: Play, key: 'r' },
  { to: '/queue', label: 'Queue', icon: ListOrdered, key: 'q' },
  { to: '/agents', label: 'Agents', icon: Bot, key: 'a' },
  { to: '/workflows', label: 'Workflows', icon: Workflow, key: 'w' },
  { to: '/schedules', label: 'Schedules', icon: CalendarClock, key: 'c' },
  { to: '/inbox', label: 'Inbox', icon: Inbox, key: 'i' },
  { to: '/messages', label: 'Messages', icon: MessagesSquare, key: 't' },
  { to: '/events', label: 'Events', icon: Activity, key: 'e' },
  { to: '/metrics', label: 'Metrics', icon: ChartLine, key: 'm' },
  { to: '/settings', label: 'Settings', icon: Settings2, key: 's' },
];
