/** The page on security has every line of the lists that it goes by, and names no test that is not there. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { loadPage, parseTables, repository } from './pages.ts'

/** Level 1 of ASVS 5.0.0: for each section the last parts of its numbers. */
const levelOne: Readonly<Record<string, readonly number[]>> = {
  'V1.2': [1, 2, 3, 4, 5],
  'V1.3': [1, 2],
  'V1.5': [1],
  'V2.1': [1],
  'V2.2': [1, 2],
  'V2.3': [1],
  'V3.2': [1, 2],
  'V3.3': [1],
  'V3.4': [1, 2],
  'V3.5': [1, 2, 3],
  'V4.1': [1],
  'V4.4': [1],
  'V5.2': [1, 2],
  'V5.3': [1, 2],
  'V6.1': [1],
  'V6.2': [1, 2, 3, 4, 5, 6, 7, 8],
  'V6.3': [1, 2],
  'V6.4': [1, 2],
  'V7.2': [1, 2, 3, 4],
  'V7.4': [1, 2],
  'V8.1': [1],
  'V8.2': [1, 2],
  'V8.3': [1],
  'V9.1': [1, 2, 3],
  'V9.2': [1],
  'V10.4': [1, 2, 3, 4, 5],
  'V11.3': [1, 2],
  'V11.4': [1],
  'V12.1': [1],
  'V12.2': [1, 2],
  'V13.4': [1],
  'V14.2': [1],
  'V14.3': [1],
  'V15.1': [1],
  'V15.2': [1],
  'V15.3': [1],
}
const asvs = Object.entries(levelOne).flatMap(([section, parts]) => parts.map(part => `${section}.${part}`))
const topTen = Array.from({ length: 10 }, (_, index) => `API${index + 1}`)

const rows = parseTables(loadPage('docs/security.md')).filter(([id = '']) => /^(V|API)\d/.test(id))

/** Titles stand as they do in the file: with placeholders, or a piece of them. */
const parseTests = (cell: string) =>
  [...cell.matchAll(/`(test\/[^`]+\.test\.ts)`: “([^”]+)”/g)].map(([, file = '', title = '']) => ({ file, title }))

function hasTest({ file, title }: { file: string; title: string }): boolean {
  const path = join(repository, file)
  if (!existsSync(path)) return false
  const calls = readFileSync(path, 'utf8')
    .split('\n')
    .filter(line => /\btest(\.serial)?\(|^\s*['"`]/.test(line))
  return calls.some(line => line.replaceAll("\\'", "'").includes(title))
}

test('every requirement of level 1, and every risk of the ten, has one line', t => {
  t.deepEqual(
    rows.map(([id]) => id),
    [...asvs, ...topTen],
  )
})

test('every test that the page names is there', t => {
  for (const each of parseTests(loadPage('docs/security.md').text))
    t.true(hasTest(each), `${each.file} has no test “${each.title}”`)
})

for (const [id = '', , proof = ''] of rows)
  test(`${id}: is proven by tests that are there, or the page says why not`, t => {
    const named = parseTests(proof)
    t.true(named.length > 0 || /^(Not here|Open|Not tested): ./.test(proof), proof)
    for (const each of named) t.true(hasTest(each), `${each.file} has no test “${each.title}”`)
    t.is(named.length, proof.split('.test.ts`').length - 1, 'each test is named as `file`: “title”')
  })
