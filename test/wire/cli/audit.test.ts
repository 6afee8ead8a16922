/** `get audit` and `audit verify`: who did what, and whether somebody has changed what is known of it. */
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { pino } from 'pino'
import { openDiskStorage } from '../../../server/audit/disk.ts'
import { openAuditLog } from '../../../server/audit/log.ts'
import { createClock } from '../../../server/system.ts'
import { createStage } from './stage.ts'

const line = {
  ...{ number: 7, time: '2026-11-24T12:09:55.002Z', kind: 'account', user: 'dispatch/default-svc', peer: 'local' },
  ...{ operation: 'addSecret', resource: 'secret', org: 'dispatch', name: 'key', status: 201, count: 1 },
  ...{ request: 'r-1', previous: '0'.repeat(64) },
}

test('get audit shows who did what, and names by their kind those whom nobody can name', async t => {
  const stranger = { ...line, number: 8, kind: 'unknown', user: '', peer: '10.0.0.9', name: '', status: 401, count: 30 }
  const stage = await createStage(t, [{ status: 200, body: [stranger, line] }])
  const { stdout, code } = await stage.dispatch(['get', 'audit'], { timeZone: 'UTC' })
  t.is(code, 0)
  const rows = stdout.split('\n').map(row => row.split('|').map(cell => cell.trim()))
  t.deepEqual(rows[0], ['NUMBER', 'TIME', 'USER', 'FROM', 'OPERATION', 'ORGANIZATION', 'NAME', 'RESULT', 'COUNT'])
  const time = '2026-11-24T12:09:55.002Z'
  t.deepEqual(rows[2], ['8', time, 'unknown', '10.0.0.9', 'addSecret', 'dispatch', '', '401', '30'])
  t.deepEqual(rows[3], ['7', time, 'dispatch/default-svc', 'local', 'addSecret', 'dispatch', 'key', '201', '1'])
  t.is(stage.asked[0]?.url, '/v1/audit')
})

test('get audit asks for what its flags say, and shows JSON as it came', async t => {
  const stage = await createStage(t, [{ status: 200, body: [line] }])
  const now = () => new Date(1_795_522_200_000)
  const words = 'get audit --since 10m --user jon --resource secret --limit 5 --before 9 --all-organizations -o json'
  const more = '--status 4xx --name key --operation addSecret'
  const { stdout } = await stage.dispatch(`${words} ${more}`.split(' '), { now })
  const url = new URL(stage.asked[0]?.url ?? '', 'http://host')
  t.is(url.pathname, '/v1/audit/all')
  const query = {
    ...{ since: '1795521600', user: 'jon', resource: 'secret', limit: '5', before: '9' },
    ...{ status: '4xx', name: 'key', operation: 'addSecret' },
  }
  t.deepEqual(Object.fromEntries(url.searchParams), query)
  t.deepEqual(JSON.parse(stdout), [line])
})

/** Three lines in a folder `log`. */
async function writeLog(cwd: string): Promise<string> {
  const folder = join(cwd, 'log')
  const storage = await openDiskStorage(folder)
  const audit = await openAuditLog({ storage, clock: createClock(), log: pino({ level: 'silent' }), maxFiles: 10 })
  for (const name of ['a', 'b', 'c'])
    await audit.write({
      ...{ requestId: 'r', kind: 'local', user: '', peer: 'local', operation: 'addSecret', resource: 'secret' },
      ...{ org: 'dispatch', name, status: 201 },
    })
  await audit.close()
  return join(folder, 'audit-000000000001.jsonl')
}

test('audit verify checks a folder without a server, and tells the hash to keep', async t => {
  const stage = await createStage(t)
  await writeLog(stage.cwd)
  const { code, stdout } = await stage.dispatch(['audit', 'verify', 'log'])
  t.is(code, 0)
  const [, hash = ''] = /^Verified: lines 1 to 3\nHash of the last line: ([0-9a-f]{64})\n$/.exec(stdout) ?? []
  t.is((await stage.dispatch(['audit', 'verify', 'log', '--holds', hash])).code, 0)
  const other = await stage.dispatch(['audit', 'verify', 'log', '--holds', 'f'.repeat(64)])
  t.deepEqual([other.code, other.stdout], [1, ''])
  t.regex(other.stderr, /^no line has the hash f+: the log was written anew/)
  t.deepEqual(JSON.parse((await stage.dispatch(['audit', 'verify', 'log', '-o', 'json'])).stdout), {
    ...{ lines: 3, first: 1 },
    last: { number: 3, hash },
  })
  t.deepEqual(stage.asked, [])
})

test('audit verify names file and line of what was changed, and an end that was cut', async t => {
  const stage = await createStage(t)
  const file = await writeLog(stage.cwd)
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.replace('"name":"b"', '"name":"x"'))
  const changed = await stage.dispatch(['audit', 'verify', file])
  t.deepEqual(changed, {
    ...{ code: 1, stdout: '' },
    stderr:
      'the audit log was changed: audit-000000000001.jsonl:3: it does not hold the hash of line 2: one of the two was changed\n',
  })
  await writeFile(file, `${text.split('\n').slice(0, 2).join('\n')}\n`)
  t.is((await stage.dispatch(['audit', 'verify', file])).code, 0, 'files alone do not tell')
  const cut = await stage.dispatch(['audit', 'verify', 'log'])
  t.is(cut.code, 1)
  t.regex(cut.stderr, /audit-000000000001.jsonl: the log ends with line 2, but 3 was written: its end was cut\n$/)
})

test('audit verify refuses a folder whose head was spoilt or removed', async t => {
  const stage = await createStage(t)
  await writeLog(stage.cwd)
  const head = join(stage.cwd, 'log', 'head')
  const isRefused = async (how: string) => {
    const { code, stderr } = await stage.dispatch(['audit', 'verify', 'log'])
    t.is(code, 1, how)
    t.regex(stderr, /^the audit log was changed: head: it was removed or changed, and with it what tells/, how)
  }
  await writeFile(head, 'x')
  await isRefused('spoilt')
  await rm(head)
  await isRefused('removed')
})

test('audit verify asks the server for its own log', async t => {
  const hash = 'a'.repeat(64)
  const verdict = { lines: 3, first: 2, last: { number: 4, hash } }
  const fault = { file: 'audit-000000000001.jsonl', lineInFile: 0, cause: 'its end was cut' }
  const stage = await createStage(t, [
    { status: 200, body: verdict },
    { status: 200, body: { ...verdict, fault } },
  ])
  const { stdout } = await stage.dispatch(['audit', 'verify'])
  t.is(stdout, `Verified: lines 2 to 4\nHash of the last line: ${hash}\n`)
  const { code, stderr } = await stage.dispatch(['audit', 'verify'])
  t.deepEqual([code, stderr], [1, 'the audit log was changed: audit-000000000001.jsonl: its end was cut\n'])
  t.is(stage.asked[0]?.url, '/v1/audit/verification')
})

test('audit verify says what it cannot read', async t => {
  const stage = await createStage(t)
  for (const [words, message] of [
    [['nowhere'], /^error when reading the audit log: open nowhere: no such file or directory\n$/],
    [['.'], /^error when reading the audit log: there are no files of it in \.\n$/],
    [['--holds', 'x'], /--holds needs the files of the log/],
  ] as const) {
    const { code, stderr } = await stage.dispatch(['audit', 'verify', ...words])
    t.is(code, 1)
    t.regex(stderr, message)
  }
})
