import { useCallback, useMemo } from 'react';
import type { ApiError } from '../../../src-main/contract/errors.ts';
import { useCommand } from '../../api/use-command.ts';
import { usePages } from '../../api/use-pages.ts';
import type { Answer, Question } from './questions.ts';
import { mergeQuestions } from './questions.ts';

export interface Questions {
  readonly questions: readonly Question[];
  readonly isLoading: boolean;
  readonly error: ApiError | null;
  readonly refetch: () => void;
  /** Whether there are more than are loaded. */
  readonly hasMore: boolean;
  readonly loadMore: () => void;
}

const open = { states: ['open' as const] };

/** Everything that waits for a person now, oldest first. */
export function useOpenQuestions(): Questions {
  const approvals = usePages('listApprovals', open);
  const permissions = usePages('listPermissions', open);
  const questions = useMemo(() => mergeQuestions(approvals.rows, permissions.rows), [approvals.rows, permissions.rows]);
  return {
    questions,
    isLoading: approvals.isLoading || permissions.isLoading,
    error: approvals.error ?? permissions.error,
    refetch: () => {
      approvals.refetch();
      permissions.refetch();
    },
    hasMore: approvals.hasMore || permissions.hasMore,
    loadMore: () => {
      approvals.loadMore();
      permissions.loadMore();
    },
  };
}

export interface GivenAnswer {
  readonly answer: Answer;
  /** Kept with the event; empty: none. */
  readonly comment: string;
  /** Also from now on, for this agent and kind of tool. Only permissions have it. */
  readonly always: boolean;
}

/** Answers a question. Resolves to whether it was taken; a refusal is shown. */
export type GiveAnswer = (question: Question, given: GivenAnswer) => Promise<boolean>;

/** How questions are answered, by themselves or many at once. */
export function useGiveAnswer(): GiveAnswer {
  const { run: answerApproval } = useCommand('answerApproval');
  const { run: answerPermission } = useCommand('answerPermission');
  return useCallback(
    async (question, { answer, comment, always }) => {
      const said = comment.trim() === '' ? {} : { comment: comment.trim() };
      if (question.kind === 'approval') {
        const result = await answerApproval({
          approvalId: question.approval.id,
          answer: answer.allows ? 'approved' : 'rejected',
          ...said,
        });
        return result.ok;
      }
      const { id: permissionId } = question.permission;
      const result = await answerPermission({ permissionId, optionId: answer.id, always, ...said });
      return result.ok;
    },
    [answerApproval, answerPermission],
  );
}
