/** The recorded day of the original, done again on one server: every request gets the answer that was recorded. */
import { readFileSync } from 'node:fs'
import test from 'ava'
import { parse } from 'yaml'
import { listCaptures, loadCapture } from '../helpers/captures.ts'
import { type Difference, replay } from '../helpers/replay.ts'
import { createTestApp } from '../helpers/test-app.ts'
import { before, scripts } from './captures.ts'
import { listRecordings } from './cli/recording.ts'

type Row = Difference | { waits: string } | { elsewhere: string }

const table = new URL('../fixtures/captures/differences.yaml', import.meta.url)
const rows: Readonly<Record<string, Row>> = parse(readFileSync(table, 'utf8'))
const { files, all, withTraffic } = listCaptures()
const recordedDay = await createTestApp({ teardown: test.after.always }, scripts)

for (const number of withTraffic) {
  const row = rows[number]
  if (row && !('reason' in row)) continue
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

test('each difference is one from a capture, and has a reason', t => {
  for (const [number, row] of Object.entries(rows)) {
    t.true(all.includes(number), number)
    if ('reason' in row) t.regex(row.reason, /^\d+(\.\d+)?[:,] ?./, number)
    else t.truthy('waits' in row ? row.waits : row.elsewhere, number)
  }
})

test('the version, which the original did not serve, is a full version object without credentials', async t => {
  const { call } = await createTestApp(t)
  const { status, body } = await call('GET', '/v1/version', undefined, { cookie: '', 'x-dispatch-org': '' })
  t.is(status, 200)
  t.deepEqual(Object.keys(body).sort(), ['buildDate', 'commit', 'compiler', 'goVersion', 'platform', 'version'])
})
