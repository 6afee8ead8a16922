/** The table of imports names the rules that are checked, all of them and no other. */
import { createRequire } from 'node:module'
import test from 'ava'
import { loadPage, parseTables } from './pages.ts'

const { forbidden }: { forbidden: { name: string }[] } = createRequire(import.meta.url)(
  '../../../.dependency-cruiser.cjs',
)

test('every import rule has its row, and every row its rule', t => {
  const rows = parseTables(loadPage('docs/architecture.md')).filter(cells => cells.length === 3)
  const documented = rows.flatMap(([room = '', , rules = '']) => {
    const domains = [...room.matchAll(/`(\w+)`/g)].map(match => match[1] ?? '')
    const names = [...rules.matchAll(/`([\w<>-]+)`/g)].map(match => match[1] ?? '')
    return names.flatMap(name =>
      name.startsWith('<domain>') ? domains.map(domain => name.replace('<domain>', domain)) : [name],
    )
  })
  t.deepEqual(documented.toSorted(), forbidden.map(({ name }) => name).toSorted())
})
