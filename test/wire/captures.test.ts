/** The recorded day of the original, done again on one server: every request gets the answer that was recorded. */
import { readFileSync } from 'node:fs'
import test from 'ava'
import { parse } from 'yaml'
import { listCaptures, loadCapture } from '../helpers/captures.ts'
import { type Difference, replay } from '../helpers/replay.ts'
import { createTestApp } from '../helpers/test-app.ts'
import { before } from './captures.ts'
import { scripts } from './captures-functions.ts'
import { listRecordings } from './cli/recording.ts'

/** The file of what looks at it instead, below test/, and why it cannot be part of that day or differs. */
type Elsewhere = { elsewhere: string; reason: string }
type Row = Difference | { waits: string } | Elsewhere

const table = new URL('../fixtures/captures/differences.yaml', import.meta.url)
const rows: Readonly<Record<string, Row>> = parse(readFileSync(table, 'utf8'))
const readTest = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const { files, all, withTraffic } = listCaptures()
const recordedDay = await createTestApp({ teardown: test.after.always }, scripts)

for (const number of withTraffic) {
  const row = rows[number]
  if (row && ('waits' in row || 'elsewhere' in row)) continue
  const { method, url } = loadCapture(number)[0]?.request ?? {}
  test.serial(`capture ${number}: ${method} ${url}`, async t => {
    for (const step of before[number] ?? []) await step(recordedDay)
    await replay(t, recordedDay, number, row)
  })
}

test('all captures are here, and each is replayed or says what it waits for', t => {
  t.is(files.length, 200)
  const typed = new Set(listRecordings())
  const missing = all.filter(number => !withTraffic.includes(number) && !typed.has(number) && !rows[number])
  t.deepEqual(missing, [])
})

test('each difference is one from a capture, and has a reason; what is looked at elsewhere is named there', t => {
  for (const [number, row] of Object.entries(rows)) {
    t.true(all.includes(number), number)
    if ('waits' in row) t.truthy(row.waits, number)
    else if ('elsewhere' in row)
      t.true(readTest(row.elsewhere).includes(number), `${row.elsewhere} does not name ${number}`)
    else t.regex(row.reason, /^\d+(\.\d+)?[:,] ?./, number)
  }
})

test('the version, which the original did not serve, is a full version object without credentials', async t => {
  const { call } = await createTestApp(t)
  const { status, body } = await call('GET', '/v1/version', undefined, { cookie: '', 'x-dispatch-org': '' })
  t.is(status, 200)
  t.deepEqual(Object.keys(body).sort(), ['buildDate', 'commit', 'compiler', 'goVersion', 'platform', 'version'])
})
