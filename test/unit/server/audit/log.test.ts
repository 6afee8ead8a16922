/** The audit log as the server writes it: in order, on disk before anything else goes on, and without end when it is asked the same. */
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { pino } from 'pino'
import { openDiskStorage } from '../../../../server/audit/disk.ts'
import { openAuditLog } from '../../../../server/audit/log.ts'
import { verifyStored } from '../../../../server/audit/reader.ts'
import { type AuditStorage, createMemoryStorage } from '../../../../server/audit/storage.ts'
import { clock, entry, read, stage, temporary } from '../../../helpers/audit-log.ts'
import { until } from '../../../helpers/wait.ts'

test('a line is on disk when its write has ended, and nobody else can read it', async t => {
  const directory = join(await temporary(), 'audit')
  const storage = await openDiskStorage(directory)
  const { audit } = await stage(storage)
  await Promise.all(['a', 'b', 'c'].map(name => audit.write(entry(name))))
  const names = await readdir(directory)
  t.deepEqual(names.toSorted(), ['audit-000000000001.jsonl', 'head'])
  const [first = ''] = (await readFile(join(directory, 'audit-000000000001.jsonl'), 'utf8')).split('\n')
  t.deepEqual(JSON.parse(first), {
    number: 1,
    time: '2026-11-24T12:09:55.002Z',
    ...{ kind: 'user', user: 'jon', peer: '10.0.0.1', operation: 'addFunction', resource: 'function' },
    ...{ org: 'dispatch', name: 'a', status: 201, count: 1, request: 'r-1', previous: '0'.repeat(64) },
  })
  for (const name of names) t.is((await stat(join(directory, name))).mode & 0o777, 0o600)
  t.is((await stat(directory)).mode & 0o777, 0o700)
  await audit.close()
})

test('the chain goes on after a restart, over the piece of a line that a crash left', async t => {
  const directory = await temporary()
  const first = await stage(await openDiskStorage(directory))
  await first.audit.write(entry('a'))
  await first.audit.close()
  await writeFile(join(directory, 'audit-000000000001.jsonl'), '{"number":2,"ti', { flag: 'a' })
  const storage = await openDiskStorage(directory)
  const { audit } = await stage(storage)
  await audit.write(entry('b'))
  t.deepEqual(
    (await read(storage)).map(({ number, name }) => [number, name]),
    [
      [1, 'a'],
      [2, 'b'],
    ],
  )
  t.is((await verifyStored(storage)).fault, undefined)
  await audit.close()
})

test('files end when they are long, and the oldest go', async t => {
  const storage = createMemoryStorage()
  const { audit } = await stage(storage, 2)
  const long = 'x'.repeat(600 * 1024)
  for (let index = 0; index < 8; index += 1) await audit.write(entry(`${index}${long}`))
  t.deepEqual(await storage.names(), ['audit-000000000005.jsonl', 'audit-000000000007.jsonl'])
  const { fault, first, last } = await verifyStored(storage)
  t.deepEqual([fault, first, last.number], [undefined, 5, 8])
  await storage.remove('audit-000000000005.jsonl')
  t.is((await verifyStored(storage)).fault?.cause, 'the log begins with line 7, but 5 was kept')
})

test('while the log cannot be written changes are refused; what was done meanwhile is written down later, once and in order', async t => {
  const memory = createMemoryStorage()
  let isFull = true
  const storage: AuditStorage = {
    ...memory,
    write: async (...place) => {
      if (isFull) throw new Error('no space left on device')
      return memory.write(...place)
    },
  }
  const { audit, told } = await stage(storage)
  audit.check()
  await audit.write(entry('a'))
  t.throws(() => audit.check(), { message: /cannot be written: no space left on device; make that possible/ })
  await audit.write(entry('b'))
  isFull = false
  await until('it is written', async () => (await read(storage)).length === 2)
  t.notThrows(() => audit.check())
  await audit.write(entry('c'))
  t.deepEqual(
    (await read(storage)).map(({ name }) => name),
    ['a', 'b', 'c'],
  )
  t.is((await verifyStored(storage)).fault, undefined)
  t.is(told.filter(line => line.includes('changes are refused')).length, 1)
})

test('equal requests share a line; the first of them is told at once', async t => {
  const storage = createMemoryStorage()
  const { audit } = await stage(storage)
  for (let index = 0; index < 100; index += 1) audit.count(entry('a', { requestId: `r-${index}` }))
  audit.count(entry('b'))
  await until('they are told', async () => (await read(storage)).length === 2)
  await audit.close()
  const told = (await read(storage)).map(({ name, count, request }) => [name, count, request])
  t.deepEqual(told, [
    ['a', 1, 'r-0'],
    ['b', 1, 'r-1'],
    ['a', 99, 'r-99'],
  ])
})

test('what is counted is told when its time is over', async t => {
  const storage = createMemoryStorage()
  const log = pino({ level: 'silent' })
  const audit = await openAuditLog({ storage, clock, log, maxFiles: 10, periodMs: 5 })
  audit.count(entry('a'))
  audit.count(entry('a'))
  await until('all of them are told', async () => (await read(storage)).length >= 2)
  t.is(
    (await read(storage)).reduce((sum, { count }) => sum + Number(count), 0),
    2,
  )
  await audit.close()
})

test('strangers cannot fill the log, nor hide who is known behind their number', async t => {
  const storage = createMemoryStorage()
  const { audit } = await stage(storage)
  const stranger = { kind: 'unknown', user: '', status: 401 } as const
  for (let index = 0; index < 5000; index += 1) audit.count(entry(`name-${index}`, stranger))
  for (let index = 0; index < 5000; index += 1) audit.count(entry('', { ...stranger, peer: `2001:db8::${index}` }))
  audit.count(entry('a', { status: 403 }))
  await audit.close()
  const lines = await read(storage)
  t.true(lines.length < 50)
  t.is(
    lines.reduce((sum, { count }) => sum + Number(count), 0),
    10_001,
  )
  const various = lines.find(({ kind, count }) => kind === 'various' && Number(count) > 1)
  t.like(various, { peer: '', operation: 'addFunction', status: 401 })
  t.true(lines.some(({ user, name }) => user === 'jon' && name === 'a'))
})

test('whoever asks for very many names is told without them', async t => {
  const storage = createMemoryStorage()
  const { audit } = await stage(storage)
  for (let index = 0; index < 5000; index += 1) audit.count(entry(`name-${index}`, { status: 403 }))
  await audit.close()
  const lines = await read(storage)
  t.true(lines.length < 1010)
  t.like(lines.at(-1), { user: 'jon', name: '', count: 3999 })
})
