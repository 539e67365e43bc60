/** Tests of the application that are the same for every calculator, by path inside the application. */
export function applicationTests(name: string): Readonly<Record<string, string>> {
  return {
    'test/calculate.test.mjs': calculateTest,
    'test/http-server.test.mjs': serverTest,
    'test/command-line.test.mjs': commandLineTest(name),
  };
}

const calculateTest = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calculate } from '../src/calculate.mjs';
import { UnknownOperationError } from '../src/calculator-error.mjs';

test('an unknown operation is refused by name', () => {
  assert.throws(() => calculate('guess', ['1', '2']), UnknownOperationError);
  assert.throws(() => calculate('toString', []), /there is no operation "toString"/);
});

test('a missing number is refused by its name', () => {
  assert.throws(() => calculate('add', ['1']), /the number b is missing/);
  assert.throws(() => calculate('add', [' ', '1']), /the number a is missing/);
});

test('a text that is not a number is refused', () => {
  assert.throws(() => calculate('add', ['one', '2']), /a is not a number: one/);
  assert.throws(() => calculate('add', ['1', 'Infinity']), /b is not a number/);
});

test('more numbers than the operation takes are refused', () => {
  assert.throws(() => calculate('add', ['1', '2', '3']), /add takes 2 numbers, not 3/);
});

test('a result beyond all numbers is refused', () => {
  assert.throws(() => calculate('multiply', ['1e308', '10']), /the result is too large/);
});

test('whole numbers stay exact', () => {
  assert.equal(calculate('add', ['9007199254740990', '1']), 9007199254740991);
});
`;

const serverTest = `import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from '../src/http-server.mjs';

let server;

before(async () => {
  server = await startServer(0);
});

after(() => server.stop());

async function get(path, options) {
  const response = await fetch(server.url + path, options);
  return { status: response.status, body: await response.json() };
}

test('an operation answers its result as JSON', async () => {
  assert.deepEqual(await get('/add?a=2&b=3'), { status: 200, body: { result: 5 } });
});

test('wrong input is answered with 400 and the reason', async () => {
  assert.deepEqual(await get('/add?a=2'), { status: 400, body: { error: 'the number b is missing' } });
  assert.deepEqual(await get('/divide?a=1&b=0'), { status: 400, body: { error: 'division by zero' } });
});

test('an unknown operation is answered with 404', async () => {
  assert.equal((await get('/guess?a=1&b=2')).status, 404);
  assert.equal((await get('//')).status, 404);
});

test('any method but GET is answered with 405', async () => {
  assert.equal((await get('/add?a=2&b=3', { method: 'POST' })).status, 405);
});

test('the health page answers ok', async () => {
  assert.deepEqual(await get('/health'), { status: 200, body: { status: 'ok' } });
});
`;

function commandLineTest(name: string): string {
  return `import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../bin/${name}.mjs', import.meta.url));

function run(...args) {
  return spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
}

test('an operation prints its result', () => {
  const { status, stdout } = run('add', '2', '3');
  assert.equal(stdout, '5\\n');
  assert.equal(status, 0);
});

test('a mistake is explained on standard error', () => {
  const { status, stderr } = run('add', '2', 'x');
  assert.match(stderr, /b is not a number: x/);
  assert.equal(status, 1);
});

test('the help lists the operations', () => {
  assert.match(run('--help').stdout, /add a b/);
});

test('a wrong port is refused', () => {
  assert.match(run('serve', '--port', 'x').stderr, /0 to 65535/);
});

test('the server tells its address and ends when asked to', { skip: process.platform === 'win32' }, async (context) => {
  const child = spawn(process.execPath, [program, 'serve', '--port', '0']);
  context.after(() => child.kill());
  const line = await firstLine(child.stdout);
  assert.match(line, /^listening on http/);
  const response = await fetch(line.replace('listening on ', '') + '/health');
  assert.equal(response.status, 200);
  child.kill('SIGTERM');
  const [exitCode] = await once(child, 'exit');
  assert.equal(exitCode, 0);
});

async function firstLine(stream) {
  for await (const line of createInterface({ input: stream })) {
    return line;
  }
  return '';
}
`;
}
