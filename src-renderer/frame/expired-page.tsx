import { Button } from '@mantine/core';
import { CodeBlock } from '../ui/code-block.tsx';
import { EmptyState } from '../ui/notices.tsx';
import classes from './expired-page.module.css';

/** What a browser shows whose pass is no longer good: only somebody at the machine can give a new one. */
export function ExpiredPage() {
  return (
    <main className={classes.page}>
      <EmptyState
        title="This browser’s pass to the engine is no longer good."
        hint="The engine was started again, or the pass is too old. Take a new link on the machine where Signalbox runs: it prints one whenever it serves this page."
        action={<Button onClick={() => window.location.reload()}>Try again</Button>}
      />
      <CodeBlock label="The command that prints a new link" text="signalbox serve" />
    </main>
  );
}
