/** Sources of the application that are the same for every calculator, by path inside the application. */
export const applicationSource: Readonly<Record<string, string>> = {
  'src/calculator-error.mjs': `/** A mistake in what the caller gave; the message is written for the caller. */
export class CalculatorError extends Error {
  name = 'CalculatorError';
}

/** The caller asked for an operation that does not exist. */
export class UnknownOperationError extends CalculatorError {
  name = 'UnknownOperationError';
}
`,

  'src/calculate.mjs': `import { CalculatorError, UnknownOperationError } from './calculator-error.mjs';
import { operations } from './operations/index.mjs';

const SIGNIFICANT_DIGITS = 15;

/**
 * Runs one operation on numbers given as text.
 *
 * @param {string} name name of the operation, such as 'add'
 * @param {readonly (string | undefined)[]} texts one text per parameter, in order
 * @returns {number} the result, rounded to 15 significant digits
 * @throws {UnknownOperationError} when there is no such operation
 * @throws {CalculatorError} when a number is missing, wrong, or has no result
 */
export function calculate(name, texts) {
  const operation = operations.get(name);
  if (operation === undefined) {
    throw new UnknownOperationError(\`there is no operation "\${name}"\`);
  }
  const { parameters } = operation;
  if (texts.length > parameters.length) {
    throw new CalculatorError(\`\${name} takes \${parameters.length} numbers, not \${texts.length}\`);
  }
  const values = parameters.map((parameter, index) => parseNumber(parameter, texts[index]));
  return tidy(operation.compute(...values));
}

function parseNumber(parameter, text) {
  if (text === undefined || text.trim() === '') {
    throw new CalculatorError(\`the number \${parameter} is missing\`);
  }
  const value = Number(text);
  if (!Number.isFinite(value)) {
    throw new CalculatorError(\`\${parameter} is not a number: \${text}\`);
  }
  return value;
}

/** Hides the rounding errors of binary fractions; whole numbers stay exact. */
function tidy(value) {
  if (!Number.isFinite(value)) {
    throw new CalculatorError('the result is too large');
  }
  return Number.isSafeInteger(value) ? value : Number(value.toPrecision(SIGNIFICANT_DIGITS));
}
`,

  'src/command-line.mjs': `import { calculate } from './calculate.mjs';
import { CalculatorError } from './calculator-error.mjs';
import { startServer } from './http-server.mjs';
import { operations } from './operations/index.mjs';

const DEFAULT_PORT = 8080;

/**
 * Runs one command and returns the exit code: 0, or 1 for a mistake in the arguments.
 *
 * @param {readonly string[]} args words after the program's name
 */
export async function runCommand(args) {
  const [command, ...rest] = args;
  if (command === undefined || command === '--help') {
    console.log(usage());
    return 0;
  }
  try {
    if (command === 'serve') {
      await serve(rest);
    } else {
      console.log(String(calculate(command, rest)));
    }
    return 0;
  } catch (error) {
    if (!(error instanceof CalculatorError)) {
      throw error;
    }
    console.error(\`\${error.message}\\nTry --help.\`);
    return 1;
  }
}

function usage() {
  const lines = [...operations.values()].map(
    ({ name, parameters, summary }) => \`  \${[name, ...parameters].join(' ').padEnd(20)} \${summary}\`,
  );
  return ['Operations:', ...lines, 'Server:', '  serve [--port N]     answers over HTTP'].join('\\n');
}

/** Serves until the process is asked to end. Port 0 takes any free port. */
async function serve(args) {
  const { url, stop } = await startServer(parsePort(args));
  console.log(\`listening on \${url}\`);
  await new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  await stop();
}

function parsePort([option, text]) {
  if (option === undefined) {
    return DEFAULT_PORT;
  }
  const port = Number(text);
  if (option !== '--port' || !Number.isInteger(port) || port < 0 || port > 65535) {
    throw new CalculatorError('serve takes --port and a number from 0 to 65535');
  }
  return port;
}
`,

  'src/http-server.mjs': `import { createServer } from 'node:http';
import { calculate } from './calculate.mjs';
import { CalculatorError, UnknownOperationError } from './calculator-error.mjs';
import { operations } from './operations/index.mjs';

const HOST = '127.0.0.1';

/**
 * Starts the server on the loopback interface.
 *
 * @param {number} port port to listen on; 0 takes any free port
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export function startServer(port) {
  const server = createServer((request, response) => {
    const { status, body } = answer(request.method, request.url);
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
    response.end(\`\${JSON.stringify(body)}\\n\`);
  });
  const stop = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections?.();
    });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      resolve({ url: \`http://\${HOST}:\${server.address().port}\`, stop });
    });
  });
}

function answer(method, target) {
  if (method !== 'GET') {
    return { status: 405, body: { error: 'only GET is supported' } };
  }
  const [path, query = ''] = target.split('?', 2);
  if (path === '/health') {
    return { status: 200, body: { status: 'ok' } };
  }
  try {
    return { status: 200, body: { result: callOperation(path.slice(1), new URLSearchParams(query)) } };
  } catch (error) {
    return refusal(error);
  }
}

function callOperation(name, query) {
  const parameters = operations.get(name)?.parameters ?? [];
  const texts = parameters.map((parameter) => query.get(parameter) ?? undefined);
  return calculate(name, texts);
}

function refusal(error) {
  if (error instanceof UnknownOperationError) {
    return { status: 404, body: { error: error.message } };
  }
  if (error instanceof CalculatorError) {
    return { status: 400, body: { error: error.message } };
  }
  console.error(error);
  return { status: 500, body: { error: 'internal error' } };
}
`,
};
