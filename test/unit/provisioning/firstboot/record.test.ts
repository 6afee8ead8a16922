/** What is remembered over boots is on disk whole, for root alone, and without secrets. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { readRecord, writeSources, writeValues } from '../../../../provisioning/firstboot/record.ts'

function createFolder(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'record-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'dispatch-appliance')
}
const sources = {
  salt: 'aa',
  sources: { guestinfo: { shown: { 'network.ip0': 'bb' }, whole: { 'network.http_proxy': 'cc' } } },
  appliedCredentials: ['appliance.root_pwd'],
  owedCredentials: ['dispatch.admin_pwd'],
  pair: { isTaken: false, inForce: 'dd' },
}
const unknown = { salt: 'new', sources: {}, appliedCredentials: [], owedCredentials: [] }

test('at first there is nothing', async t => {
  t.deepEqual(await readRecord(createFolder(t), 'new'), { values: {}, sources: unknown, faults: [] })
})

test('what was written is read, by root alone, and no secret is among it', async t => {
  const folder = createFolder(t)
  const secrets = { 'appliance.root_pwd': 'x', 'dispatch.admin_pwd': 'y', 'appliance.tls_cert_key': 'z' }
  await writeValues(folder, { 'network.ip0': '10.0.0.5/24', ...secrets })
  await writeSources(folder, sources)
  const values = { 'network.ip0': '10.0.0.5/24' }
  t.deepEqual(await readRecord(folder, 'new'), { values, sources, faults: [] })
  t.deepEqual(JSON.parse(readFileSync(join(folder, 'values.json'), 'utf8')), values)
  for (const name of readdirSync(folder)) t.is(statSync(join(folder, name)).mode & 0o777, 0o600, name)
  t.is(statSync(folder).mode & 0o777, 0o700)
})

test('a boot does not stop at a file that cannot be read', async t => {
  const folder = createFolder(t)
  await writeValues(folder, { 'network.ip0': '10.0.0.5/24' })
  await writeSources(folder, sources)
  writeFileSync(join(folder, 'values.json'), '{"network.ip0": ')
  const { values, sources: read, faults } = await readRecord(folder, 'new')
  t.deepEqual(values, {})
  t.deepEqual(read, { ...sources, sources: {} })
  t.is(faults.length, 1)
  writeFileSync(join(folder, 'properties.json'), '[]')
  t.is((await readRecord(folder, 'new')).faults.length, 2)
})

test('what is of no known shape in a file is left out', async t => {
  const folder = createFolder(t)
  await writeValues(folder, {})
  writeFileSync(join(folder, 'values.json'), '{"network.ip0": 7, "network.fqdn": "a"}')
  writeFileSync(
    join(folder, 'properties.json'),
    '{"salt": 7, "sources": {"guestinfo": 1, "x": {"shown": {}, "whole": {}}}, "pair": {"isTaken": 1}}',
  )
  t.deepEqual(await readRecord(folder, 'new'), { values: { 'network.fqdn': 'a' }, sources: unknown, faults: [] })
})
