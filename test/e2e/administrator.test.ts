/** The administrator whom the appliance's agent makes on the built server: logs in, may do everything, and is made again. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { createAdministrator } from '../../provisioning/appliance/administrator.ts'
import { healthPlaces, readHealth } from '../../provisioning/appliance/health.ts'
import { createServerClient } from '../../provisioning/appliance/server-client.ts'
import { run } from '../../provisioning/run.ts'
import { startGuarded } from '../helpers/guarded-server.ts'

const password = 'winter is not coming yet'

test('the administrator logs in, uses the organization, and a cut-off claim is done again with another password', async t => {
  const directory = await mkdtemp(join(tmpdir(), 'dispatch-administrator-'))
  const server = await startGuarded(directory)
  t.teardown(async () => {
    await server.stop()
    await rm(directory, { recursive: true, force: true })
  })
  const client = createServerClient(join(directory, 'api.sock'))
  await createAdministrator(client, { organization: 'north', password: 'another one before it' })
  await createAdministrator(client, { organization: 'north', password })
  const admin = server.person('admin', 'north')
  const url = `http://127.0.0.1:${server.port}`
  const login = await admin.tell(`${password}\n`, 'login', url, '--user', 'admin', '--password-stdin')
  t.is(login.code, 0, login.stderr)
  for (const words of [
    ['get', 'functions'],
    ['create', 'secret', 's', '--from-literal', 'a=b'],
    ['iam', 'create', 'organization', 'south'],
  ]) {
    const { code, stderr } = await admin.run(...words)
    t.is(code, 0, stderr)
  }
  const same = await admin.run('iam', 'bootstrap', '--user', 'admin', '--organization', 'north')
  const unchanged = 'Unchanged organization: north\nUnchanged policy: default-policy\nEverything is allowed to: admin\n'
  t.is(same.stdout, unchanged, 'what `iam bootstrap` makes is what is there already')
  const former = await admin.tell('another one before it\n', 'login', url, '--user', 'admin', '--password-stdin')
  t.not(former.code, 0)
  const health = await readHealth({ server: client, run, places: healthPlaces }, [])
  t.deepEqual(
    health.filter(({ ok }) => !ok),
    [],
  )
})
