/** What is written down of requests: who, what and with which result, and never what they hold. */
import test from 'ava'
import { pino } from 'pino'
import { openAuditLog } from '../../server/audit/log.ts'
import { type AuditStorage, createMemoryStorage } from '../../server/audit/storage.ts'
import { createClock } from '../../server/system.ts'
import { giveAccount, giveOrganization, givePolicy, giveToken } from '../helpers/credentials.ts'
import { createTestApp, type TestApp } from '../helpers/test-app.ts'
import { until } from '../helpers/wait.ts'

const secret = { name: 'key', secrets: { password: 'canary-3f1b' } }

/** Newest first, as far as they are about the operation. */
const linesOf = async ({ call }: TestApp, operation: string) =>
  (await call('GET', `/v1/audit?operation=${operation}`)).body

const untilLines = (app: TestApp, operation: string, count: number) =>
  until(`${count} lines of ${operation}`, async () => {
    const lines = await linesOf(app, operation)
    return lines.length >= count && lines
  })

test('a change is in the log once it is answered, with its request id, and without what it holds', async t => {
  const app = await createTestApp(t)
  const { headers } = await app.call('POST', '/v1/secret', secret)
  const [line] = await linesOf(app, 'addSecret')
  t.like(line, { kind: 'anyone', user: '', peer: '127.0.0.1', resource: 'secret', org: 'dispatch', name: 'key' })
  t.like(line, { status: 201, count: 1, request: headers['x-request-id'] })
  await app.call('PUT', '/v1/secret/key', secret)
  await app.call('DELETE', '/v1/secret/key')
  t.like((await linesOf(app, 'updateSecret'))[0], { name: 'key', status: 201 })
  t.like((await linesOf(app, 'deleteSecret'))[0], { name: 'key', status: 204 })
  t.false((await app.call('GET', '/v1/audit?limit=1000')).text.includes('canary'))
})

test('what was refused is told, with its reason as a status', async t => {
  const app = await createTestApp(t)
  await app.call('POST', '/v1/secret', secret)
  await app.call('POST', '/v1/secret', secret)
  await app.call('POST', '/v1/secret', { name: '!' })
  await app.call('DELETE', '/v1/secret/other')
  const refused = await untilLines(app, 'addSecret', 3)
  t.deepEqual(refused.map(({ name, status }: { name: string; status: number }) => [name, status]).toSorted(), [
    ['', 422],
    ['key', 201],
    ['key', 409],
  ])
  t.like((await untilLines(app, 'deleteSecret', 1))[0], { name: 'other', status: 404 })
})

/** Those of no organization too. */
const untilAll = (app: TestApp, operation: string) =>
  until(`a line of ${operation}`, async () => {
    const { body } = await app.call('GET', `/v1/audit/all?operation=${operation}`)
    return body.length > 0 && body
  })

test('who shows no credentials is unknown, and is told without the names that he asked for', async t => {
  const app = await createTestApp(t)
  await app.call('GET', '/v1/secret/key', undefined, { cookie: '' })
  const [line] = await untilAll(app, 'getSecret')
  t.like(line, { kind: 'unknown', user: '', name: '', org: '', status: 401 })
})

test('whatever strangers send to what anybody may ask, the others are told by their names', async t => {
  const storage = createMemoryStorage()
  const audit = await openAuditLog({ storage, clock: createClock(), log: pino({ level: 'silent' }), maxFiles: 10 })
  const app = await createTestApp(t, {}, { audit })
  const stranger = { cookie: '' }
  for (let index = 0; index < 1100; index += 1)
    await app.call('POST', '/v1/iam/login', {}, { ...stranger, 'x-dispatch-org': `org-${index}` })
  for (let index = 0; index < 50; index += 1)
    await app.call('GET', `/v1/secret/${index}`, undefined, { ...stranger, 'x-dispatch-org': `org-${index}` })
  await app.call('GET', '/v1/secret/payroll')
  const [line] = await untilLines(app, 'getSecret', 1)
  t.like(line, { kind: 'anyone', name: 'payroll', org: 'dispatch', status: 404 })
  t.true((await app.call('GET', '/v1/audit/all?limit=1000')).body.length < 10)
})

test('calls are counted under the name of their function; what anybody may ask is not told', async t => {
  const app = await createTestApp(t)
  await app.call('GET', '/healthz')
  for (const name of ['a', 'a', 'b']) await app.call('POST', `/v1/runs?functionName=${name}`, { input: 1 })
  const lines = await untilLines(app, 'runFunction', 2)
  t.deepEqual(lines.map(({ name }: { name: string }) => name).toSorted(), ['a', 'b'])
  t.deepEqual(await linesOf(app, 'getHealth'), [])
})

test('lists are narrowed, and go on page by page', async t => {
  const app = await createTestApp(t)
  for (const name of ['a', 'b', 'c']) await app.call('POST', '/v1/secret', { ...secret, name })
  await app.call('POST', '/v1/secret', { ...secret, name: 'd' }, { 'x-dispatch-org': 'other' })
  const names: string[] = []
  let url: string | undefined = '/v1/audit?operation=addSecret&limit=2'
  while (url) {
    const { body, headers } = await app.call('GET', url)
    names.push(...body.map((line: { name: string }) => line.name))
    url = /<(.*?)>/.exec(String(headers.link ?? ''))?.[1]
  }
  t.deepEqual(names, ['c', 'b', 'a'])
  const all = await app.call('GET', '/v1/audit/all?operation=addSecret')
  t.deepEqual(
    all.body.map((line: { org: string }) => line.org),
    ['other', 'dispatch', 'dispatch', 'dispatch'],
  )
  for (const query of ['user=jon', 'resource=image', 'since=32503680000'])
    t.deepEqual((await app.call('GET', `/v1/audit?${query}&operation=addSecret`)).body, [])
  t.is((await app.call('GET', '/v1/audit?resource=secret&since=0&operation=addSecret')).body.length, 3)
  t.is((await app.call('GET', '/v1/audit?limit=0')).status, 422)
})

test('lists are narrowed to who asked, to the object, and to the result', async t => {
  const app = await createTestApp(t, {}, { auth: 'required' })
  const { store } = app
  await givePolicy(store, { subjects: ['jon', 'eye'], global: true })
  const [jon, eye] = [await giveToken(store, { subject: 'jon' }), await giveAccount(store, 'dispatch/eye')]
  for (const name of ['a', 'a', 'b']) await app.call('POST', '/v1/secret', { ...secret, name }, jon)
  await app.call('POST', '/v1/secret', secret, { cookie: '' })
  const told = async (query: string) => {
    const { body } = await app.call('GET', `/v1/audit/all?operation=addSecret&${query}`, undefined, eye)
    return body.map(({ name, status }: { name: string; status: number }) => `${name} ${status}`).toSorted()
  }
  await until('all are told', async () => (await told('')).length === 4)
  t.deepEqual(await told('user=jon'), ['a 201', 'a 409', 'b 201'])
  t.deepEqual(await told('user=unknown'), [' 401'])
  t.deepEqual(await told('user=local'), [])
  t.deepEqual(await told('name=a'), ['a 201', 'a 409'])
  t.deepEqual(await told('status=409'), ['a 409'])
  t.deepEqual(await told('status=4xx'), [' 401', 'a 409'])
  t.deepEqual(await told('status=2xx&name=b'), ['b 201'])
  const refused = await app.call('GET', '/v1/audit?status=refused', undefined, eye)
  t.deepEqual([refused.status, refused.body.code], [422, 605])
  t.regex(refused.body.message, /should be a status such as 403, or 4xx for all of its hundred/)
})

test('the server checks its own log, and says which line does not fit', async t => {
  const storage = createMemoryStorage()
  const audit = await openAuditLog({ storage, clock: createClock(), log: pino({ level: 'silent' }), maxFiles: 10 })
  const app = await createTestApp(t, {}, { audit })
  for (const name of ['a', 'b', 'c']) await app.call('POST', '/v1/secret', { ...secret, name })
  const { body } = await app.call('GET', '/v1/audit/verification')
  t.deepEqual([body.lines, body.first, body.fault], [3, 1, undefined])
  const [file = ''] = await storage.names()
  const text = await storage.read(file)
  await storage.write(file, text.replace('"name":"b"', '"name":"x"'), 0)
  const { fault } = (await app.call('GET', '/v1/audit/verification')).body
  t.deepEqual([fault.file, fault.lineInFile], [file, 3])
})

test('nothing is changed while that cannot be written down; reads go on', async t => {
  const memory = createMemoryStorage()
  const storage: AuditStorage = { ...memory, write: () => Promise.reject(new Error('the disk is full')) }
  const audit = await openAuditLog({ storage, clock: createClock(), log: pino({ level: 'silent' }), maxFiles: 10 })
  const app = await createTestApp(t, {}, { audit })
  // It is seen by the first that is to be written down.
  t.is((await app.call('POST', '/v1/secret', secret)).status, 201)
  const refused = await app.call('POST', '/v1/secret', { ...secret, name: 'other' })
  t.is(refused.status, 503)
  t.regex(refused.body.message, /^nothing can be changed, because the audit log cannot be written: the disk is full/)
  t.deepEqual(
    (await app.call('GET', '/v1/secret')).body.map(({ name }: { name: string }) => name),
    ['key'],
  )
})

test('who is known is told by his name, also when he is refused; an organization sees its own lines alone', async t => {
  const app = await createTestApp(t, {}, { auth: 'required' })
  const { store } = app
  await giveOrganization(store, 'other')
  await givePolicy(store, { subjects: ['jon'] })
  await givePolicy(store, { subjects: ['ned'], org: 'other' })
  await givePolicy(store, { subjects: ['eye'], actions: ['get'], resources: ['audit'], global: true })
  const [jon, ned, eye] = await Promise.all(['jon', 'ned', 'eye'].map(subject => giveToken(store, { subject })))
  const nedThere = await giveToken(store, { subject: 'ned', org: 'other' })
  await app.call('POST', '/v1/secret', secret, jon)
  t.is((await app.call('POST', '/v1/secret', secret, ned)).status, 403)
  t.is((await app.call('GET', '/v1/audit', undefined, ned)).status, 403)
  const lines = await until('both are told', async () => {
    const { body } = await app.call('GET', '/v1/audit?operation=addSecret', undefined, eye)
    return body.length === 2 && body
  })
  t.like(lines[0], { kind: 'user', user: 'ned', name: '', status: 403 })
  t.like(lines[1], { kind: 'user', user: 'jon', name: 'key', status: 201 })
  const there = { ...nedThere, 'x-dispatch-org': 'other' }
  t.deepEqual((await app.call('GET', '/v1/audit?operation=addSecret', undefined, there)).body, [])
  t.is((await app.call('GET', '/v1/audit/all', undefined, there)).status, 403)
  t.is((await app.call('GET', '/v1/audit/verification', undefined, there)).status, 403)
})
