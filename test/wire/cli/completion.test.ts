/** Completion: what fits where, and the scripts, run by their shells against the program itself. */
import { execFile } from 'node:child_process'
import { chmodSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import test, { type ExecutionContext } from 'ava'
import { type Answer, createStage, type Stage } from './stage.ts'

const main = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url))
const names = ['hello-js', 'hello_2.py', 'other']
const list = (found: readonly string[]): Answer => ({ status: 200, body: found.map(name => ({ name })) })
const createWithNames = (t: ExecutionContext) => createStage(t, () => list(names))

async function complete(stage: Stage, words: readonly string[]): Promise<string[]> {
  const { code, stdout, stderr } = await stage.dispatch(['__complete', '--', ...words])
  return code === 0 && stderr === '' ? stdout.split('\n').slice(0, -1) : [`${code}: ${stderr}`]
}
const wordsOf = (lines: readonly string[]) => lines.map(line => line.split('\t')[0])

test('commands, with what they do; hidden ones and aliases are not offered', async t => {
  const stage = await createStage(t)
  t.deepEqual(await complete(stage, ['ge']), ['get\tShow objects and runs'])
  const words = wordsOf(await complete(stage, ['']))
  t.true(words.includes('context'))
  t.false(words.includes('__complete'))
  t.deepEqual(wordsOf(await complete(stage, ['create', 'f'])), ['function'])
  t.deepEqual(wordsOf(await complete(stage, ['-o', 'json', 'context', 's'])), ['set'])
})

test('commands behind help, too, but nothing that they are about', async t => {
  const stage = await createWithNames(t)
  t.deepEqual(await complete(stage, ['help', 'ge']), ['get\tShow objects and runs'])
  const iam = ['bootstrap', 'create', 'delete', 'get', 'rotate-keys', 'set-password', 'update']
  t.deepEqual(wordsOf(await complete(stage, ['help', 'iam', ''])), iam)
  t.deepEqual(await complete(stage, ['help', 'get', 'function', '']), [])
})

test('flags of the command and the global ones', async t => {
  const stage = await createStage(t)
  t.deepEqual(wordsOf(await complete(stage, ['create', 'functions', '--schema'])), ['--schema-in', '--schema-out'])
  const all = wordsOf(await complete(stage, ['get', 'function', '-']))
  for (const flag of ['--output', '-o', '--watch']) t.true(all.includes(flag), flag)
  t.false(all.includes('--json'))
})

for (const [line, url, expected] of [
  ['get function hel', '/v1/function', ['hello-js', 'hello_2.py']],
  ['delete base-image ', '/v1/baseimage', names],
  ['create api new hello', '/v1/function', ['hello-js', 'hello_2.py']],
  ['create function f a.py --image hello-', '/v1/image', ['hello-js']],
  ['create eventdriver o', '/v1/event/drivertypes?builtIn=true', ['other']],
  ['delete eventdrivertype o', '/v1/event/drivertypes', ['other']],
  ['iam get policy ', '/v1/iam/policy', names],
  ['iam create policy p -s ', '/v1/iam/serviceaccount', names],
  ['get functions --service-account h', '/v1/iam/serviceaccount', ['hello-js', 'hello_2.py']],
  ['get run f ', '/v1/runs?functionName=f&limit=20', names],
  ['logs f o', '/v1/runs?functionName=f&limit=20', ['other']],
  ['--organization other run h', '/v1/function', ['hello-js', 'hello_2.py']],
] as const)
  test(`names of what the server has: ${line}`, async t => {
    const stage = await createWithNames(t)
    t.deepEqual(await complete(stage, line.split(' ')), [...expected])
    t.deepEqual(
      stage.asked.map(asked => asked.url),
      [url],
    )
  })

test('values that are known; nothing where a file belongs, or no further argument', async t => {
  const stage = await createWithNames(t)
  t.deepEqual(await complete(stage, ['get', 'images', '-o', '']), ['json', 'name', 'table', 'wide', 'yaml'])
  t.deepEqual(await complete(stage, ['get', 'images', '--output', '=', 'y']), ['yaml'])
  t.deepEqual(await complete(stage, ['get', 'images', '-o', '=', '']), ['json', 'name', 'table', 'wide', 'yaml'])
  t.deepEqual(await complete(stage, ['iam', 'create', 'policy', 'p', '--action', 'c']), ['create'])
  t.deepEqual(await complete(stage, ['completion', '']), ['bash', 'fish', 'powershell', 'zsh'])
  for (const line of ['apply -f ', 'create function f ', 'get function f ', 'version ', 'nosuch '])
    t.deepEqual(await complete(stage, line.split(' ')), [], line)
  t.is(stage.asked.length, 0)
})

test('the server and contexts are those of the flags that are on the line', async t => {
  const stage = await createWithNames(t)
  const solo = { host: '127.0.0.1', port: stage.port, scheme: 'http', organization: 'mine' }
  stage.write('other.json', JSON.stringify({ current: 'solo', contexts: { solo, second: {} } }))
  const env = { DISPATCH_ORGANIZATION: 'wrong' }
  const line = ['__complete', '--', '--config', 'other.json', '--organization=mine', 'exec', 'o']
  t.is((await stage.dispatch(line, { env })).stdout, 'other\n')
  t.is(stage.asked[0]?.headers['x-dispatch-org'], 'mine')
  t.deepEqual(await complete(stage, ['--config', 'other.json', 'context', 'set', '']), ['second', 'solo'])
})

test('a server that is away, refuses or is slow: no names, no word, no error', async t => {
  const away = await createStage(t, () => ({ status: 503, body: { code: 503, message: 'no' } }))
  t.deepEqual(await complete(away, ['exec', '']), [])
  t.deepEqual(await complete(away, ['--port', '1', 'exec', '']), [])
  t.deepEqual(await complete(away, ['--config', 'missing.json', 'exec', '']), [])
})

test('names of a hostile server in which a shell could expand something are not offered', async t => {
  const hostile = ['$(>ran)', '`>ran`', 'x[$(>ran)]', "'open", 'a;b', '*', '-rf', 'a\tb', 'a\nb', '']
  const stage = await createStage(t, () => list(['safe', ...hostile]))
  t.deepEqual(await complete(stage, ['exec', '']), ['safe'])
})

/** Runs the lines in a shell in which `dispatch` is the program from its sources. */
async function runShell(stage: Stage, shell: string, script: string): Promise<string[]> {
  stage.write('bin/dispatch', `#!/bin/sh\nexec ${process.execPath} ${main} "$@"\n`)
  chmodSync(join(stage.cwd, 'bin/dispatch'), 0o755)
  const address = { DISPATCH_HOST: '127.0.0.1', DISPATCH_PORT: String(stage.port), DISPATCH_SCHEME: 'http' }
  const env = { PATH: `${join(stage.cwd, 'bin')}:${process.env.PATH}`, HOME: stage.homeDir, ...address }
  const { stdout } = await promisify(execFile)(shell, ['-c', script], { cwd: stage.cwd, env })
  return stdout.trim().split(/\s+/)
}

test('bash, also without an argument: the script asks the program', async t => {
  const hostile = await createStage(t, () => list([...names, '$(>ran)']))
  const { stdout } = await hostile.dispatch(['completion'])
  t.is(stdout, (await hostile.dispatch(['completion', 'bash'])).stdout)
  t.true(stdout.startsWith('# bash completion for dispatch'))
  hostile.write('completion.sh', stdout.replace('--request-timeout 1s', '--request-timeout 60s'))
  const press = (words: string) =>
    runShell(
      hostile,
      'bash',
      `. ./completion.sh; COMP_WORDS=(dispatch ${words}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); __start_dispatch; echo "\${COMPREPLY[@]}"`,
    )
  t.deepEqual(await press('ge'), ['get'])
  t.deepEqual(await press("exec ''"), names)
  t.false(existsSync(join(hostile.cwd, 'ran')))
})

test('each shell has its script, which gives the server a second', async t => {
  const stage = await createStage(t)
  for (const shell of ['bash', 'zsh', 'fish', 'powershell']) {
    const { stdout } = await stage.dispatch(['completion', shell])
    t.regex(stdout, new RegExp(`^(#compdef dispatch\n)?# ${shell} completion for dispatch`))
    t.true(stdout.includes('dispatch __complete --request-timeout 1s'))
  }
  t.like(await stage.dispatch(['completion', 'tcsh']), {
    code: 1,
    stderr: 'no completion for "tcsh": use bash, zsh, fish, powershell\n',
  })
})
