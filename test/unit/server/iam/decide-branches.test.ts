/** The tests of decide.ts reach every branch of it, as V8 counts them. */
import { execFile } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import test from 'ava'

interface FunctionCoverage {
  isBlockCoverage: boolean
  ranges: { startOffset: number; endOffset: number; count: number }[]
}
interface ScriptCoverage {
  url: string
  functions: FunctionCoverage[]
}

const repository = fileURLToPath(new URL('../../../../', import.meta.url))
const source = new URL('../../../../server/iam/decide.ts', import.meta.url)

/** Of the process that loaded the file. */
async function measure(directory: string): Promise<FunctionCoverage[]> {
  const ava = [join(repository, 'node_modules/ava/entrypoints/cli.js'), 'test/unit/server/iam/decide.test.ts']
  const env = { ...process.env, NODE_V8_COVERAGE: directory }
  await promisify(execFile)(process.execPath, ava, { cwd: repository, env })
  const scripts = globSync(join(directory, '*.json')).flatMap(
    (path): ScriptCoverage[] => JSON.parse(readFileSync(path, 'utf8')).result,
  )
  return scripts.find(({ url }) => url === source.href)?.functions ?? []
}

test('no branch of decide.ts is without a test', async t => {
  const directory = await mkdtemp(join(tmpdir(), 'dispatch-branches-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  const functions = await measure(directory)
  t.true(functions.some(({ isBlockCoverage }) => isBlockCoverage))
  const text = readFileSync(source, 'utf8')
  const missed = functions.flatMap(({ ranges }) => ranges.filter(({ count }) => count === 0))
  t.deepEqual(
    missed.map(({ startOffset, endOffset }) => text.slice(startOffset, endOffset)),
    [],
  )
})
