/** How SQLite answers the queries for events: by an index, never by going through all of them. */
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import type { EventQuery } from '../../../../server/store/event-port.ts'
import { eventQueries, planEventList, totalsQuery } from '../../../../server/store/sqlite-event-queries.ts'
import { openForWriting } from '../../../../server/store/sqlite-schema.ts'
import { temporaryDir } from '../../../contract/store/samples.ts'

function explain(t: ExecutionContext, sql: string): string[] {
  const database = openForWriting(join(temporaryDir(t), 'dispatch.db'))
  const values = Array(sql.split('?').length - 1).fill('1')
  const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values)
  database.close()
  return steps.map(row => String(row.detail))
}

/** A list of ids comes as JSON, which is read as a table. */
const isList = (step: string): boolean => step.includes('json_each')
const slow = (steps: string[]): string[] =>
  steps.filter(step => (step.startsWith('SCAN') && !isList(step)) || step.includes('FOR ORDER BY'))

for (const [name, sql] of Object.entries(eventQueries))
  test(`${name} goes through no table, and sorts nothing`, t => {
    const steps = explain(t, sql)
    t.deepEqual(slow(steps), [], steps.join('\n'))
  })

test('what waits and what is dead is counted in an index alone', t => {
  t.true(explain(t, totalsQuery).some(step => /COVERING INDEX deliveries_open/.test(step)))
})

const queries: [string, EventQuery, string][] = [
  ['of an organization', { org: 'o', limit: 1 }, 'events_by_org (org=?)'],
  ['of an organization, older', { org: 'o', before: 'i', limit: 1 }, 'events_by_org (org=? AND id<?)'],
  ['of a type', { org: 'o', type: 't', before: 'i', limit: 1 }, 'events_by_type (org=? AND type=? AND id<?)'],
  ['of what is dead', { org: 'o', dead: true, before: 'i', limit: 1 }, 'deliveries_dead (org=? AND event_id<?)'],
  [
    'of what is dead of a type',
    { org: 'o', type: 't', dead: true, limit: 1 },
    'deliveries_dead_by_type (org=? AND type=?)',
  ],
]
for (const [name, query, index] of queries)
  test(`the list ${name} begins at its place in an index`, t => {
    const steps = explain(t, planEventList(query).sql)
    t.true(
      steps.some(step => step.includes(index)),
      steps.join('\n'),
    )
    t.deepEqual(
      steps.filter(step => step.startsWith('SCAN')),
      [],
      steps.join('\n'),
    )
  })
