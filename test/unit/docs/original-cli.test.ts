/** Each row of the page about the original's command line names tests that there are. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { loadPage, parseTables, repository } from './pages.ts'

const rows = parseTables(loadPage('docs/reference/original-cli.md'))
const special = /[.*+?^${}()|[\]\\]/g

/** The titles in a file of tests; what is filled in while they run may be anything. */
function loadTitles(file: string): RegExp[] {
  const text = readFileSync(join(repository, 'test', `${file}.test.ts`), 'utf8')
  const titles = [...text.matchAll(/\btest(?:\.serial)?\(\s*(?:'([^'\n]+)'|`([^`\n]+)`|"([^"\n]+)")/g)]
  return titles.map(([, single, template, double]) => {
    const parts = (single ?? template ?? double ?? '').split(/\$\{.*?\}(?=[^}]|$)/)
    return new RegExp(`^${parts.map(part => part.replace(special, '\\$&')).join('.+')}$`)
  })
}

test('the rows are numbered, and none is without a test', t => {
  t.deepEqual(
    rows.map(([number]) => Number(number)),
    rows.map((_, index) => index + 1),
  )
  for (const [number, , , tests = ''] of rows) t.true(tests.startsWith('`'), `row ${number}`)
})

test('every test that is named is there', t => {
  for (const [number, , , tests = ''] of rows)
    for (const named of tests.split('<br>')) {
      const [, file = '', title = ''] = /^`([\w/-]+)` (.+)$/.exec(named) ?? []
      const isThere = loadTitles(file).some(pattern => pattern.test(title))
      t.true(isThere, `row ${number}: ${named}`)
    }
})
