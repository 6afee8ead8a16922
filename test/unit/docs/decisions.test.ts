/** The decisions are numbered without gaps, listed, of one form; and each dependency has its line. */
import test from 'ava'
import manifest from '../../../package.json' with { type: 'json' }
import { loadPage, loadPages, parseTables, unquote } from './pages.ts'

const decisions = loadPages().filter(({ path }) => /^docs\/decisions\/\d/.test(path))

test('numbers have no gap', t => {
  const numbers = decisions.map(({ path }) => Number(/(\d{4})-/.exec(path)?.[1]))
  t.deepEqual(
    numbers,
    numbers.map((_, index) => index + 1),
  )
})

for (const { path, text } of decisions) {
  test(`${path} says why, what, why not otherwise, and what follows`, t => {
    const headings = [...text.matchAll(/^## (.+)$/gm)].map(match => match[1])
    t.deepEqual(headings, ['Context', 'Decision', 'Why not', 'Consequence'])
  })
}

test('every dependency has one line, and every line a dependency', t => {
  const rows = parseTables(loadPage('docs/decisions/0002-dependencies.md'))
  const documented = rows.map(([name = '']) => unquote(name))
  t.deepEqual(documented.toSorted(), Object.keys(manifest.devDependencies).toSorted())
})
