/** The launcher of the built CLI: what it keeps of compiled code, and that it starts whatever becomes of that. */
import { execFile } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test, { type ExecutionContext } from 'ava'

const dispatch = fileURLToPath(new URL('../../dist/dispatch', import.meta.url))

function createCache(t: ExecutionContext): string {
  const cache = mkdtempSync(join(tmpdir(), 'dispatch-launcher-'))
  t.teardown(() => rmSync(cache, { recursive: true, force: true }))
  return cache
}

const start = (words: readonly string[], env: NodeJS.ProcessEnv) =>
  new Promise<{ code: unknown; stdout: string; stderr: string }>(resolve => {
    execFile(process.execPath, [dispatch, ...words], { env }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    )
  })

const helps = async (t: ExecutionContext, env: NodeJS.ProcessEnv): Promise<void> => {
  const { code, stdout, stderr } = await start(['help'], env)
  t.deepEqual([code, stderr], [0, ''])
  t.regex(stdout, /^Usage:$/m)
}

/** Paths of files below the folder of the launcher. */
const kept = (cache: string): string[] => {
  const names = readdirSync(cache, { recursive: true, withFileTypes: true })
  return names.filter(entry => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
}

test('a command that succeeds leaves its compiled code, once, for its user alone', async t => {
  const cache = createCache(t)
  const env = { XDG_CACHE_HOME: cache }
  await helps(t, env)
  const [file = '', ...others] = kept(cache)
  t.deepEqual(others, [])
  t.regex(file, /\/dispatch\/[0-9a-f]{16}-v[\d.]+-\w+\/help$/)
  const { mode, mtimeMs, ino } = statSync(file)
  t.is(mode & 0o777, 0o600)
  await helps(t, env)
  t.deepEqual([statSync(file).mtimeMs, statSync(file).ino], [mtimeMs, ino])
})

test('words that are no command leave nothing', async t => {
  const cache = createCache(t)
  for (const word of ['nosuch', '../help', '--nosuch']) await start([word], { XDG_CACHE_HOME: cache })
  t.deepEqual(kept(cache), [])
})

test('code that cannot be used is replaced', async t => {
  const cache = createCache(t)
  const env = { XDG_CACHE_HOME: cache }
  await helps(t, env)
  const [file = ''] = kept(cache)
  truncateSync(file, 1000)
  await helps(t, env)
  t.true(statSync(file).size > 100_000)
})

test('what another bundle has left goes; what is not of the launcher stays', async t => {
  const cache = createCache(t)
  const others = ['0123456789abcdef-v1.2.3-x64', 'notes'].map(name => join(cache, 'dispatch', name))
  for (const folder of others) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'help'), '')
  }
  await helps(t, { XDG_CACHE_HOME: cache })
  t.deepEqual(others.map(existsSync), [false, true])
})

test('without a place to keep anything it starts all the same', async t => {
  const cache = createCache(t)
  await helps(t, {})
  writeFileSync(join(cache, 'file'), '')
  await helps(t, { XDG_CACHE_HOME: join(cache, 'file') })
  const readOnly = join(cache, 'read-only')
  mkdirSync(readOnly)
  chmodSync(readOnly, 0o500)
  await helps(t, { HOME: readOnly })
})
