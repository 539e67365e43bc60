import { Button } from '@mantine/core';
import { useState } from 'react';
import type { AgentView } from '../../../src-main/contract/api-agents.ts';
import type { Breaker } from '../../../src-main/contract/breaker.ts';
import { useCommand } from '../../api/use-command.ts';
import { useEntry } from '../../api/use-entry.ts';
import { ConfirmWithReason } from '../../ui/confirm-with-reason.tsx';
import { notify } from '../../ui/notify.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import classes from './agents.module.css';
import { breakerSubject, breakersOf, breakerWhy } from './breaker-words.ts';

/** The circuit breakers that keep work from an agent, with the way to close them; nothing when none does. */
export function AgentBreakers({ agent }: { readonly agent: AgentView }) {
  const { data } = useEntry('listBreakers', {});
  return breakersOf(agent.definition, data?.breakers ?? []).map((breaker) => (
    <OpenBreaker key={breaker.id} breaker={breaker} />
  ));
}

function OpenBreaker({ breaker }: { readonly breaker: Breaker }) {
  const [isAsked, setAsked] = useState(false);
  const { run } = useCommand('resetBreaker');
  const { state, stateSince, retryAt } = breaker;
  const subject = breakerSubject(breaker);
  return (
    <section className={classes.breaker} aria-label={`Circuit breaker of ${subject}`}>
      <p className={classes.breakerHead}>
        <StateMark of="breaker" state={state} />
        <span>
          since <RelativeTime at={stateSince} />
        </span>
      </p>
      <p className={classes.breakerText}>
        {state === 'open' ? `Work for ${subject} waits` : `Some work for ${subject} is let through, the rest waits`}
        {retryAt !== null && (
          <>
            ; it is tried again <RelativeTime at={retryAt} />
          </>
        )}
        . {breakerWhy(breaker)}
      </p>
      <div>
        <Button variant="default" size="compact-xs" onClick={() => setAsked(true)}>
          Close it now
        </Button>
      </div>
      <ConfirmWithReason
        isOpen={isAsked}
        title={`Close the circuit breaker of ${subject}?`}
        consequence="Work goes on at once, as if nothing had failed. It opens again when failures go on."
        action="Close it now"
        suggestedReason="What failed was mended"
        onConfirm={async (reason) => {
          const closed = await run({ breakerId: breaker.id, reason });
          if (closed.ok) notify('The circuit breaker is closed', `Work for ${subject} goes on.`);
          return closed.ok;
        }}
        onClose={() => setAsked(false)}
      />
    </section>
  );
}
