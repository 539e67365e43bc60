import type { Gate } from '../contract/policies.ts';

/** The short form of a gate on an output: `coverage >= 80`, `state == "ok"`, `report.clean == true`. */
export const gateTextPattern = /^\s*([\w.-]+)\s*(==|!=|<=|>=|<|>)\s*(\S|\S.*\S)\s*$/;

type OutputGate = Extract<Gate, { kind: 'output' }>;

/**
 * Reads the short form of a gate; null when the text has another shape. The value is a number, `true`, `false`, or
 * else a text, with or without quotes.
 */
export function readGateText(text: string): Pick<OutputGate, 'output' | 'operator' | 'value'> | null {
  const [, output, operator, value] = gateTextPattern.exec(text) ?? [];
  return output === undefined || value === undefined
    ? null
    : { output, operator: operator as OutputGate['operator'], value: readValue(value) };
}

function readValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') {
    return text === 'true';
  }
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) {
    return Number(text);
  }
  return /^"[^"]*"$|^'[^']*'$/.test(text) ? text.slice(1, -1) : text;
}
