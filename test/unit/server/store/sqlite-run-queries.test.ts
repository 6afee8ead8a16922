/** How SQLite answers the queries for runs: by an index, never by going through all of them. */
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import test, { type ExecutionContext } from 'ava'
import type { RunQuery } from '../../../../server/store/port.ts'
import { planRunList, runQueries } from '../../../../server/store/sqlite-run-queries.ts'
import { openForWriting } from '../../../../server/store/sqlite-schema.ts'
import { temporaryDir } from '../../../contract/store/samples.ts'

function open(t: ExecutionContext): DatabaseSync {
  const database = openForWriting(join(temporaryDir(t), 'dispatch.db'))
  t.teardown(() => database.close())
  return database
}

const explain = (database: DatabaseSync, sql: string): string[] =>
  database
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...Array(sql.split('?').length - 1).fill(1))
    .map(row => String(row.detail))

const scans = (steps: string[]): string[] => steps.filter(step => step.startsWith('SCAN'))
const sorts = (steps: string[]): string[] => steps.filter(step => step.includes('TEMP B-TREE FOR ORDER BY'))

for (const [name, sql] of Object.entries(runQueries))
  test(`${name} goes through no table, and sorts nothing`, t => {
    const steps = explain(open(t), sql)
    // The names of the functions with runs are read off the beginning of an index, which is one step.
    const isOwner = (step: string) => name === 'nextOwner' && step.includes('COVERING INDEX runs_by_function')
    t.deepEqual(
      scans(steps).filter(step => !isOwner(step)),
      [],
      steps.join('\n'),
    )
    t.deepEqual(sorts(steps), [], steps.join('\n'))
  })

const place = { executedNs: 5n, name: 'r' }
const queries: [string, RunQuery, string][] = [
  ['of an organization', { org: 'o' }, 'runs_by_org (org=?)'],
  ['of an organization, by pages', { org: 'o', before: place }, 'runs_by_org (org=? AND executed_ns<?)'],
  ['of a function', { org: 'o', functionName: 'f' }, 'runs_by_function (org=? AND function_name=?)'],
  ['of what has ended', { org: 'o', functionName: 'f', ended: true }, 'runs_by_function (org=? AND function_name=?)'],
  [
    'of a function, older',
    { org: 'o', functionName: 'f', before: place },
    '(org=? AND function_name=? AND executed_ns<?)',
  ],
  [
    'of a function, newer',
    { org: 'o', functionName: 'f', after: place },
    '(org=? AND function_name=? AND executed_ns>?)',
  ],
]
for (const [name, query, index] of queries)
  test(`the list ${name} begins at its place in an index, and ends at its limit`, t => {
    const steps = explain(open(t), planRunList(query).sql)
    t.true(
      steps.some(step => step.includes(index)),
      steps.join('\n'),
    )
    t.deepEqual([...scans(steps), ...sorts(steps)], [], steps.join('\n'))
  })

const changes: [string, RunQuery, string][] = [
  ['of an organization', { org: 'o' }, 'runs_by_change (org=? AND modified_ns>?)'],
  [
    'of a function',
    { org: 'o', functionName: 'f' },
    'runs_by_function_change (org=? AND function_name=? AND modified_ns>?)',
  ],
]
for (const [name, query, index] of changes)
  test(`changes ${name} are found in the index of changes`, t => {
    const steps = explain(open(t), planRunList({ ...query, sinceSeconds: 5n }).sql)
    t.true(
      steps.some(step => step.includes(`COVERING INDEX ${index}`)),
      steps.join('\n'),
    )
    t.true(
      steps.some(step => step === 'SEARCH runs USING INTEGER PRIMARY KEY (rowid=?)'),
      steps.join('\n'),
    )
    t.deepEqual(scans(steps), [], steps.join('\n'))
  })
