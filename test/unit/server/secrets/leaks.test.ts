/** Values of secrets show up where they were asked for, and nowhere else. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { pino } from 'pino'
import { openSqliteStore } from '../../../../server/store/sqlite.ts'
import { createTestApp } from '../../../helpers/test-app.ts'

const value = 'OpenSesame'
const refused: [string, string, unknown][] = [
  ['text that is no JSON', '/v1/secret', value],
  ['JSON that breaks off', '/v1/secret', `{"name":"s","secrets":{"password":"${value}`],
  ['a value without quotes', '/v1/secret', `{"name":"s","secrets":{"password": ${value}}}`],
  ['a value that is no text', '/v1/secret', { name: 's', secrets: { password: { is: value } } }],
  ['a value that is no text behind a line break', '/v1/secret', { name: 's', secrets: { 'a\nb': [value] } }],
  ['secrets that are a text', '/v1/secret', { name: 's', secrets: value }],
  ['a bad name', '/v1/secret', { name: 'no good', secrets: { password: value } }],
  ['a taken name', '/v1/secret', { name: 'taken', secrets: { password: value } }],
]

for (const [title, url, body] of refused) {
  test(`an answer that refuses ${title} holds no value, nor does the log`, async t => {
    const lines: string[] = []
    const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
    const { call } = await createTestApp(t, {}, { log })
    await call('POST', url, { name: 'taken', secrets: { password: value } })
    const { status, text } = await call('POST', url, body)
    t.true(status >= 400 && status < 500)
    t.notRegex(text, /sesame/i)
    t.notRegex(lines.join(''), /sesame/i)
  })
}

test('a failure of the store tells the log what failed, and no value', async t => {
  const directory = await mkdtemp(join(tmpdir(), 'dispatch-leaks-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  const lines: string[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
  const store = await openSqliteStore({ file: join(directory, 'dispatch.db') })
  const { call } = await createTestApp(t, {}, { log, store })
  await call('POST', '/v1/secret', { name: 's', secrets: { password: value } })
  await store.close()
  for (const name of ['s', 'new']) {
    const { status, text } = await call('POST', '/v1/secret', { name, secrets: { password: value } })
    t.is(status, 500)
    t.notRegex(text, /sesame/i)
  }
  t.is((await call('GET', '/v1/secret')).status, 500)
  t.not(lines.length, 0)
  t.notRegex(lines.join(''), /sesame/i)
})
