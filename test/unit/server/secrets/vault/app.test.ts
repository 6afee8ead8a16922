/** The vault in a whole server on disk: what clients keep secret is in none of its files. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { createEntity } from '../../../../../server/core/entity.ts'
import type { Driver } from '../../../../../server/events/driver-schema.ts'
import type { Secret } from '../../../../../server/secrets/schema.ts'
import { openSqliteStore } from '../../../../../server/store/sqlite.ts'
import { createClock, createIds } from '../../../../../server/system.ts'
import { archiveOf } from '../../../../helpers/archive.ts'
import { createTestApp, seed } from '../../../../helpers/test-app.ts'

const canary = 'OpenSesame'
const setting = [{ key: 'password', value: canary }]

async function openStore(t: ExecutionContext) {
  const directory = await mkdtemp(join(tmpdir(), 'dispatch-vault-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  const file = join(directory, 'dispatch.db')
  const contents = async () =>
    Buffer.concat(await Promise.all((await readdir(directory)).map(name => readFile(join(directory, name)))))
  const open = async () => {
    const store = await openSqliteStore({ file })
    t.teardown(store.close)
    return store
  }
  return { open, contents }
}

test('secrets, code, settings and tokens of drivers are in no file while the server runs', async t => {
  const { open, contents } = await openStore(t)
  const store = await open()
  const app = await createTestApp(t, {}, { store })
  await seed(app)
  const source = (await archiveOf([{ name: 'handler.py', content: canary }])).toString('base64')
  await app.call('POST', '/v1/secret', { name: 's', secrets: { password: canary } })
  await app.call('PUT', '/v1/secret/s', { name: 's', secrets: { password: canary, [canary]: 'key' } })
  await app.call('POST', '/v1/function', { name: 'f', image: 'python3', source })
  await app.call('POST', '/v1/event/drivertypes', { name: 'ticker', image: 'me/ticker:1', config: setting })
  await app.call('POST', '/v1/event/drivers', { name: 'tick', type: 'ticker', config: setting })
  const driver = await app.store.collection<Driver>('Driver').get('dispatch', 'tick')
  const found = await contents()
  for (const text of [canary, source, driver?.token ?? canary]) t.false(found.includes(text), text)
  t.true(found.includes('me/ticker:1'), 'what is no secret is there')
  await app.call('DELETE', '/v1/secret/s')
  t.false((await contents()).includes(canary))
  t.deepEqual((await app.call('GET', '/v1/event/drivers/tick')).body.config, setting)
})

test('a database with secrets in clear has none in its files when the server has started, not even of what was removed', async t => {
  const { open, contents } = await openStore(t)
  const former = await open()
  const secrets = former.collection<Secret>('Secret')
  const create = (name: string, value: string) =>
    secrets.create({ ...createEntity('dispatch', { name }, { ...createClock(), ...createIds() }), values: { value } })
  await create('kept', canary)
  await create('long', canary.repeat(2000))
  await create('removed', canary)
  await secrets.remove('dispatch', 'removed')
  t.true((await contents()).includes(canary))
  await former.close()
  const store = await open()
  const { call } = await createTestApp(t, {}, { store })
  t.false((await contents()).includes(canary))
  t.is((await call('GET', '/v1/secret/kept')).body.secrets.value, canary)
})

test('the operation that rotates keys tells the new one, and how much was sealed', async t => {
  const { call } = await createTestApp(t)
  await call('POST', '/v1/secret', { name: 'a', secrets: { k: canary } })
  await call('POST', '/v1/secret', { name: 'b', secrets: { k: canary } }, { 'x-dispatch-org': 'other' })
  const first = await call('POST', '/v1/iam/key')
  t.like(first, { status: 200, body: { records: 2 } })
  t.not((await call('POST', '/v1/iam/key')).body.key, first.body.key)
  t.is((await call('GET', '/v1/secret/a')).body.secrets.k, canary)
})
