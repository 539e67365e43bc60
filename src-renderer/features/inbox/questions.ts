import type { RowOf } from '../../api/use-pages.ts';

type Approval = RowOf<'listApprovals'>;
type Permission = RowOf<'listPermissions'>;

/** Something that a person is asked: a stage's approval, or what an agent wants to do. */
export type Question =
  | { readonly kind: 'approval'; readonly id: string; readonly askedAt: number; readonly approval: Approval }
  | { readonly kind: 'permission'; readonly id: string; readonly askedAt: number; readonly permission: Permission };

/** One of the answers that a question offers. */
export interface Answer {
  readonly id: string;
  readonly label: string;
  /** Whether it lets the work go on as asked. */
  readonly allows: boolean;
}

/** Questions of both kinds in one list, the one that waits longest first. */
export function mergeQuestions(
  approvals: readonly Approval[],
  permissions: readonly Permission[],
): readonly Question[] {
  const questions: Question[] = [
    ...approvals.map((approval) => ({
      kind: 'approval' as const,
      id: approval.id,
      askedAt: approval.requestedAt,
      approval,
    })),
    ...permissions.map((permission) => ({
      kind: 'permission' as const,
      id: permission.id,
      askedAt: permission.requestedAt,
      permission,
    })),
  ];
  return questions.sort((a, b) => a.askedAt - b.askedAt || a.id.localeCompare(b.id));
}

/** What can be answered, in the order in which it is offered: what allows first. */
export function answersOf(question: Question): readonly Answer[] {
  if (question.kind === 'approval') {
    return [
      { id: 'approved', label: 'Approve', allows: true },
      { id: 'rejected', label: 'Reject', allows: false },
    ];
  }
  const answers = question.permission.options.map(({ id, name, kind }) => ({
    id,
    label: name,
    allows: kind.startsWith('allow'),
  }));
  return answers.sort((a, b) => Number(b.allows) - Number(a.allows));
}

/** The answer that says yes (or no) to this once; null when the question has none. */
export function plainAnswer(question: Question, allows: boolean): Answer | null {
  if (question.kind === 'approval') return answersOf(question).find((answer) => answer.allows === allows) ?? null;
  const kinds = allows ? ['allow_once', 'allow_always'] : ['reject_once', 'reject_always'];
  for (const wanted of kinds) {
    const option = question.permission.options.find(({ kind }) => kind === wanted);
    if (option !== undefined) return { id: option.id, label: option.name, allows };
  }
  return null;
}

/** What is asked, in one line. */
export function questionTitle(question: Question): string {
  return question.kind === 'approval' ? question.approval.question : question.permission.title;
}
