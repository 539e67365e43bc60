import type { ApprovalState, PermissionState } from '../../contract/states.ts';
import type { Statements } from '../connection.ts';
import { idFrom } from './time-bounds.ts';
import type { Party, Said, SaidEnd, SaidWhen } from './traffic.ts';

const permissionsSql = `
SELECT agent_id, state, requested_at_ms FROM permissions
WHERE id >= ? AND requested_at_ms >= ? AND requested_at_ms < ? AND run_id IS coalesce(?, run_id) ORDER BY id`;
const approvalsSql = `
SELECT r.workflow, a.state, a.requested_at_ms FROM approvals a JOIN runs r ON r.id = a.run_id
WHERE a.id >= ? AND a.requested_at_ms >= ? AND a.requested_at_ms < ? AND a.run_id = coalesce(?, a.run_id) ORDER BY a.id`;

const ends: Readonly<Record<PermissionState | ApprovalState, SaidEnd>> = {
  open: 'open',
  answered: 'done',
  approved: 'done',
  rejected: 'done',
  expired: 'abandoned',
  withdrawn: 'abandoned',
};

const you: Party = { kind: 'person', name: 'you' };

/** What a person was asked: permissions by agents, approvals by workflows. */
export function* questions(statements: Statements, { from, to, runId }: SaidWhen): Generator<Said> {
  const asked = (kind: Party['kind'], [name, state, at]: readonly unknown[]): Said => ({
    kind: 'question',
    from: { kind, name: String(name) },
    to: you,
    at: Number(at),
    end: ends[state as PermissionState | ApprovalState],
  });
  for (const row of statements.each(permissionsSql, idFrom('permission', from), from, to, runId)) {
    yield asked('agent', row);
  }
  for (const row of statements.each(approvalsSql, idFrom('approval', from), from, to, runId)) {
    yield asked('workflow', row);
  }
}
