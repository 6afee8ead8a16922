/** The real program of the binary runtime, run as a process of this machine, keeps what every runtime promises; pieces it has none. */
import { readFileSync } from 'node:fs'
import test, { type ExecutionContext } from 'ava'
import { testConformance } from '../../../../helpers/conformance.ts'
import { createHostDocker, hostImage } from '../../../../helpers/host-runtimes.ts'
import { binary } from '../../../../helpers/runtime-probes.ts'
import { createTestEngine } from '../../../../helpers/test-engine.ts'

const cases = {
  ...binary,
  image: hostImage('binary'),
  engineFor: (t: ExecutionContext) => createTestEngine(t, { docker: createHostDocker() }),
}
testConformance(test, cases)

const programs: Record<string, { script: string; outcome: object }> = {
  'no output is null': { script: ':', outcome: { ok: true, outputJson: 'null' } },
  'a program may open its standard streams by name': {
    script: 'cat /dev/stdin > /dev/stdout',
    outcome: { ok: true, outputJson: '"in"' },
  },
  'the last line on standard error says why it failed': {
    script: 'echo first >&2; echo "no such house" >&2; exit 2',
    outcome: {
      error: { type: 'FunctionError', message: 'no such house', stacktrace: ['first', 'no such house'] },
      logs: { stdout: null, stderr: ['first', 'no such house'] },
    },
  },
  'what a failed one has on standard output is told as its lines': {
    script: 'echo "{"; exit 1',
    outcome: {
      error: {
        message: 'The process of the function exited with code 1 before it returned a result',
        stacktrace: null,
      },
      logs: { stdout: ['{'], stderr: null },
    },
  },
  'one that is killed is told as such': {
    script: 'kill -KILL $$',
    outcome: { error: { message: 'The process of the function was killed by SIGKILL before it returned a result' } },
  },
  'one that kills itself by another signal too': {
    script: 'kill -TERM $$',
    outcome: { error: { message: 'The process of the function was killed by SIGTERM before it returned a result' } },
  },
  'it finds its neighbours in its working directory, and nothing of the runtime in its environment': {
    script: 'printf \'"%s"\' "$(ls)"; env | grep -c DISPATCH_ >&2',
    outcome: { outputJson: '"run.sh"', logs: { stdout: null, stderr: ['1'] } },
  },
}

for (const [what, { script, outcome }] of Object.entries(programs)) {
  test(`binary: ${what}`, async t => {
    const { call, revision } = createTestEngine(t, { docker: createHostDocker() })
    const program = revision(hostImage('binary'), { 'run.sh': `#!/bin/sh\n${script}\n` })
    t.like(await call(program, 'in'), outcome)
  })
}

test('binary: the example greets, and the template answers', async t => {
  const { call, revision } = createTestEngine(t, { docker: createHostDocker() })
  const read = (name: string) => readFileSync(`server/runtimes/binary/${name}`, 'utf8')
  const greeting = await call(revision(hostImage('binary'), { 'hello.sh': read('example/hello.sh') }), {
    name: 'Jon',
    place: 'Winterfell',
  })
  t.like(greeting, { ok: true, outputJson: '{"myField": "Hello, Jon from Winterfell"}' })
  const echo = await call(revision(hostImage('binary'), { 'handler.sh': read('template/handler.sh') }), [1])
  t.like(echo, { ok: true, outputJson: '{"hello": [1]}' })
})

test('binary: the only program is the handler, whatever lies beside it', async t => {
  const { call, revision } = createTestEngine(t, { docker: createHostDocker() })
  const files = { 'a.sh': '#!/bin/sh\ncat data.json', 'data.json': '{"a": 1}' }
  t.like(await call(revision(hostImage('binary'), files)), { ok: true, outputJson: '{"a": 1}' })
})
