/** No text becomes code in processes of ours. What is in schemas of functions, which a library compiles, stays text. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import test from 'ava'
import { createSchemaCompiler } from '../../../server/core/json-schema.ts'

const root = resolve(import.meta.dirname, '../../..')
/** Those of `server/runtimes` run in containers. */
const files = ['server', 'cli', 'provisioning'].flatMap(folder =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map(name => join(folder, name))
    .filter(name => name.endsWith('.ts') && !name.startsWith('server/runtimes/')),
)
const makesCode = /\beval\(|\bnew Function\(|['"]node:vm['"]|\bimport\((?!['"])/
/** Runs a text of its own for the sake of the time limit that comes with it. */
const known = ['server/core/time-limit.ts']

test('no file of ours makes code of text', t => {
  t.true(files.length > 300, `${files.length} files`)
  t.deepEqual(
    files.filter(file => makesCode.test(readFileSync(join(root, file), 'utf8'))),
    known,
  )
})

const hostile = [
  `"];globalThis.wasRun=true;//`,
  `'];globalThis.wasRun=true;//`,
  '`+(globalThis.wasRun=true)+`',
  `$\{globalThis.wasRun=true}`,
  '\u2028globalThis.wasRun=true\u2028',
  '*/globalThis.wasRun=true/*',
]

test('code in a schema of a function, and in what it checks, is text', t => {
  const compile = createSchemaCompiler()
  for (const text of hostile) {
    const place = { [text]: { type: 'string', enum: [text], description: text } }
    const check = compile({ properties: place, required: [text], dependencies: { [text]: [text] }, title: text })
    t.deepEqual(check({ [text]: text }), [], text)
    t.is(check({}).length, 1, text)
    t.is(check({ [text]: `${text}x` }).length, 1, text)
    t.throws(() => compile({ $ref: `#/${text}` }), undefined, text)
  }
  t.false('wasRun' in globalThis)
})
