import { Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { Component } from 'react';
import { CodeBlock } from '../ui/code-block.tsx';
import { ErrorNotice } from '../ui/notices.tsx';
import { Page } from '../ui/page.tsx';

interface BoundaryState {
  readonly error: Error | null;
}

/** Keeps a mistake in one view from taking the window: says what happened, and draws the view anew on demand. */
export class ViewBoundary extends Component<{ readonly children: ReactNode }, BoundaryState> {
  override state: BoundaryState = { error: null };

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <Page title="This view could not be drawn">
        <Group gap="md" align="stretch">
          <ErrorNotice
            error={{
              type: 'internal',
              message: `A mistake in this view stopped it: ${error.message}`,
              remedy: 'Runs and agents are not touched by it. Draw the view anew, or reload the window.',
            }}
          />
          <CodeBlock label="Details for a report" text={error.stack ?? error.message} />
          <Button onClick={() => this.setState({ error: null })}>Draw the view anew</Button>
          <Button variant="default" onClick={() => window.location.reload()}>
            Reload the window
          </Button>
        </Group>
      </Page>
    );
  }
}
