/** The driver `vcenter` against a vCenter of the test's own, over TLS. */
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import test, { type ExecutionContext } from 'ava'
import { renderType } from '../../../../../server/drivers/vcenter/event.ts'
import { createPoller } from '../../../../../server/drivers/vcenter/poller.ts'
import { loadSettings } from '../../../../../server/drivers/vcenter/settings.ts'
import { post } from '../../../../../server/drivers/vcenter/transport.ts'
import { parseXml } from '../../../../../server/drivers/vcenter/xml.ts'
import { startFakeVcenter, type VcenterEvent } from '../../../../helpers/fake-vcenter.ts'

const certificate = new X509Certificate(
  readFileSync(fileURLToPath(new URL('../../../../fixtures/cli/server.crt', import.meta.url))),
)
const password = `p<&>"'ä`
const vm = '<vm><name>web &amp; co</name><vm type="VirtualMachine">vm-42</vm></vm>'
const at = (second: number): string => `2026-11-24T02:59:${String(second).padStart(2, '0')}.123Z`
const event = (key: number, fields: Partial<VcenterEvent> = {}): VcenterEvent => ({
  ...{ key, type: 'VmPoweredOnEvent', createdTime: at(key % 60) },
  ...fields,
})

async function createStage(t: ExecutionContext, given: { thumbprint?: string; password?: string } = {}) {
  const vcenter = await startFakeVcenter(t, "p&lt;&amp;&gt;&quot;'ä")
  const env = {
    VCENTER_USER: 'jon',
    VCENTER_PASSWORD: given.password ?? password,
    VCENTER_THUMBPRINT: given.thumbprint ?? certificate.fingerprint256,
  }
  const settings = loadSettings([`--url=${vcenter.url.href}`, '--source=vc', '--dispatch-api-endpoint=h:1'], env)
  const sent: Record<string, unknown>[] = []
  const state = { isFull: false }
  const poller = createPoller({
    post: (body, headers) => post(settings, body, headers),
    user: { name: settings.user, password: settings.password },
    source: settings.source,
    send: async json => {
      if (state.isFull) throw new Error('the server answered 507')
      sent.push(...JSON.parse(json))
    },
    print: () => undefined,
  })
  const ids = () => sent.map(({ id }) => id).join()
  return { vcenter, sent, ids, state, poll: poller.poll }
}

test('an event becomes a CloudEvent with what it is about', async t => {
  const { vcenter, poll, sent } = await createStage(t)
  await poll()
  vcenter.events.push(event(7, { more: `${vm}<fullFormattedMessage>web &lt;on&gt;</fullFormattedMessage>` }))
  await poll()
  t.deepEqual(sent, [
    {
      specversion: '1.0',
      id: '7',
      source: 'vc',
      type: 'vm.powered.on',
      subject: 'web & co',
      time: at(7),
      datacontenttype: 'application/json',
      data: {
        key: '7',
        chainId: '7',
        createdTime: at(7),
        userName: 'VSPHERE.LOCAL\\Administrator',
        vm: { name: 'web & co', vm: 'vm-42' },
        fullFormattedMessage: 'web <on>',
      },
    },
  ])
})

test('all that comes is handed over once, in order, by pages; what was there before is not', async t => {
  const { vcenter, poll, ids } = await createStage(t)
  vcenter.events.push(event(1, { createdTime: '2026-11-24T01:00:00Z' }))
  await poll()
  const later = Array.from({ length: 250 }, (_, index) => event(index + 2, { createdTime: at(1) }))
  vcenter.events.push(...later)
  await poll()
  await poll()
  t.is(ids(), later.map(({ key }) => key).join())
  t.is(vcenter.logins, 1)
})

test('a lost session is opened anew, and it goes on where it was', async t => {
  const { vcenter, poll, ids } = await createStage(t)
  await poll()
  vcenter.events.push(event(1), event(2))
  await poll()
  vcenter.expire()
  vcenter.events.push(event(3, { createdTime: at(2) }), event(4))
  await poll()
  t.is(ids(), '1,2,3,4')
  t.is(vcenter.logins, 2)
})

test('what could not be handed over is handed over later', async t => {
  const { vcenter, poll, ids, state } = await createStage(t)
  await poll()
  vcenter.events.push(event(1))
  state.isFull = true
  await t.throwsAsync(poll(), { message: 'the server answered 507' })
  vcenter.events.push(event(2))
  state.isFull = false
  await poll()
  t.is(ids(), '1,2')
})

test('a wrong password is told in the words of the server', async t => {
  const { poll } = await createStage(t, { password: 'wrong' })
  await t.throwsAsync(poll(), { message: /^Login: Cannot complete login due to an incorrect user name or password/ })
})

test('nothing is sent to a server with another certificate; SHA-1 pins it too', async t => {
  const sha1 = await createStage(t, { thumbprint: certificate.fingerprint })
  await t.notThrowsAsync(sha1.poll())
  const other = await createStage(t, { thumbprint: 'ab'.repeat(32) })
  await t.throwsAsync(other.poll(), { message: /has another thumbprint than vcenter-thumbprint$/ })
  const none = await createStage(t, { thumbprint: '' })
  await t.throwsAsync(none.poll(), { message: /self-signed|unable to verify|self signed/ })
  t.is(other.vcenter.logins + none.vcenter.logins, 0)
})

test('types follow from class names, and from the ids of extensions', t => {
  const typeOf = (xsiType: string, inner = ''): string => {
    const xmlns = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:vim="urn:vim25"'
    const [element] = parseXml(`<e ${xmlns} xsi:type="${xsiType}">${inner}</e>`).children
    return element ? renderType(element) : ''
  }
  t.is(typeOf('VmPoweredOnEvent'), 'vm.powered.on')
  t.is(typeOf('vim:VmBeingHotMigratedEvent'), 'vm.being.hot.migrated')
  t.is(typeOf('DVPortgroupCreatedEvent'), 'dv.portgroup.created')
  t.is(typeOf('EventEx', '<eventTypeId>com.vmware.vc.ha Vm/x</eventTypeId>'), 'com.vmware.vc.ha-Vm-x')
})

test('entities that a document defines are not taken, nor what is no XML', t => {
  t.throws(() => parseXml('<!DOCTYPE e [<!ENTITY x "y">]><e>&x;</e>'), { message: /document type/ })
  t.throws(() => parseXml('<e>&x;</e>'))
  t.throws(() => parseXml('<e>'))
})

test('settings that cannot be are told', t => {
  const env = { VCENTER_USER: 'a', VCENTER_PASSWORD: 'b' }
  const load = (argv: string[], given: NodeJS.ProcessEnv = env) =>
    loadSettings([...argv, '--dispatch-api-endpoint=h:1'], given)
  t.throws(() => load(['--url=https://v/sdk'], {}), { message: /keys vcenter-user and vcenter-password/ })
  t.throws(() => load(['--url=http://v/sdk']), { message: /^url is "http:\/\/v\/sdk": write for example https/ })
  t.throws(() => load(['--url=https://v/sdk', '--poll-seconds=0']), { message: /^poll-seconds is "0"/ })
  t.throws(() => load(['--url=https://v/sdk'], { ...env, VCENTER_THUMBPRINT: 'ab' }), {
    message: /no SHA-1 or SHA-256/,
  })
  t.is(load(['--url=https://v/sdk']).source, 'https://v/sdk')
})
