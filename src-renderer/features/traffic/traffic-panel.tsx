import { CloseButton } from '@mantine/core';
import { ArrowRight } from 'lucide-react';
import { Link } from 'wouter';
import type { Traffic, TrafficEdge } from '../../../src-main/contract/api-traffic.ts';
import { formatCount } from '../../format/amount.ts';
import { KeyValue } from '../../ui/figures.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import classes from './traffic.module.css';
import { TrafficTranscript } from './traffic-transcript.tsx';
import { countWords, edgeKey, kindWords, nameOf, nodeWords } from './traffic-words.ts';
import type { OpenTraffic } from './transcript.ts';

export interface TrafficPanelProps {
  readonly traffic: Traffic;
  readonly open: OpenTraffic;
  /** The run that the graph shows; undefined: all. */
  readonly runId: string | undefined;
  /** Since when, ms. */
  readonly since: number;
  readonly onSelect: (key: string) => void;
  readonly onClose: () => void;
}

/** What is open beside the graph: its numbers, where it leads, and the newest of what was said. */
export function TrafficPanel({ traffic, open, runId, since, onSelect, onClose }: TrafficPanelProps) {
  const edges =
    open.is === 'edge' ? [open.edge] : traffic.edges.filter(({ from, to }) => [from, to].includes(open.node.id));
  return (
    <aside className={classes.aside} aria-label="What was said">
      <header className={classes.asideHead}>
        <h2 className={classes.asideTitle}>{open.is === 'edge' ? <Ends edge={open.edge} /> : open.node.name}</h2>
        <CloseButton aria-label="Close" onClick={onClose} />
      </header>
      <p className={classes.muted}>
        {open.is === 'edge'
          ? kindWords[open.edge.kind]
          : `${nodeWords[open.node.kind]}, ${countWords(open.node)} in all`}
        <PlaceLinks open={open} />
      </p>
      <Figures edges={edges} />
      {open.is === 'node' && <Connections edges={edges} onSelect={onSelect} />}
      <TrafficTranscript key={openKey(open)} open={open} runId={runId} since={since} />
    </aside>
  );
}

function openKey(open: OpenTraffic): string {
  return open.is === 'edge' ? edgeKey(open.edge) : open.node.id;
}

function Ends({ edge }: { readonly edge: TrafficEdge }) {
  return (
    <>
      {nameOf(edge.from)} <ArrowRight size={14} aria-label="to" /> {nameOf(edge.to)}
    </>
  );
}

function Figures({ edges }: { readonly edges: readonly TrafficEdge[] }) {
  const sum = (figure: 'count' | 'failed' | 'abandoned' | 'open') =>
    edges.reduce((total, edge) => total + edge[figure], 0);
  const failed = sum('failed');
  const failedCell = <span className={failed > 0 ? classes.bad : undefined}>{formatCount(failed)}</span>;
  const lastCell = <RelativeTime at={Math.max(0, ...edges.map(({ lastAt }) => lastAt))} />;
  return (
    <KeyValue
      items={[
        ['Count', formatCount(sum('count'))],
        ['Failed', failedCell],
        ['Abandoned', formatCount(sum('abandoned'))],
        ['Open', formatCount(sum('open'))],
        ['Last', lastCell],
      ]}
    />
  );
}

/** Links to the pages of the ends that have one. */
function PlaceLinks({ open }: { readonly open: OpenTraffic }) {
  const ids = open.is === 'edge' ? [...new Set([open.edge.from, open.edge.to])] : [open.node.id];
  return ids.map((id) => {
    const place = placeOf(id);
    return (
      place !== null && (
        <Link key={id} href={place}>
          {id.startsWith('person:') ? 'inbox' : id.replace(':', ' ')}
        </Link>
      )
    );
  });
}

function placeOf(id: string): string | null {
  if (id.startsWith('agent:')) return `/agents/${nameOf(id)}`;
  if (id.startsWith('workflow:')) return `/workflows/${nameOf(id)}`;
  return id.startsWith('person:') ? '/inbox' : null;
}

interface ConnectionsProps {
  readonly edges: readonly TrafficEdge[];
  readonly onSelect: (key: string) => void;
}

/** The busiest first; more can be had in the table. */
const mostConnections = 30;

function Connections({ edges, onSelect }: ConnectionsProps) {
  const rest = edges.length - mostConnections;
  return (
    <Panel title="Talks with" isFlush>
      <ul>
        {edges.slice(0, mostConnections).map((edge) => (
          <li key={edgeKey(edge)}>
            <button type="button" className={classes.connection} onClick={() => onSelect(edgeKey(edge))}>
              <span className={classes.connectionEnds}>
                <Ends edge={edge} />
              </span>
              {edge.failed > 0 && <span className={classes.bad}>{formatCount(edge.failed)} failed</span>}
              <span>{formatCount(edge.count)}</span>
            </button>
          </li>
        ))}
      </ul>
      {rest > 0 && <p className={classes.rest}>{formatCount(rest)} less busy ones are in the table.</p>}
    </Panel>
  );
}
