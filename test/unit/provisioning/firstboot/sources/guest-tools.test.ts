/** Properties by guest tools, in every way in which these say that there are none. */
import test from 'ava'
import { eraseGuestSecrets, readGuestTools } from '../../../../../provisioning/firstboot/sources/guest-tools.ts'
import { renderEnvironment, stubGuestTools, workingTool } from './support.ts'

const values = { 'network.ip0': '10.0.0.5', 'appliance.root_pwd': 'win$(id)ter `is` "coming" ' }
const xml = renderEnvironment(values)

const denied = 'echo "Permission denied" >&2; exit 1'
const answers: Readonly<Record<string, { vmtoolsd?: string; rpctool?: string }>> = {
  'of vmtoolsd': { vmtoolsd: workingTool },
  'of rpctool, where there is no other': { rpctool: workingTool },
  'of rpctool, where vmtoolsd is refused': { vmtoolsd: denied, rpctool: workingTool },
  'of vmtoolsd, where rpctool is refused': { vmtoolsd: workingTool, rpctool: denied },
  'of rpctool, where vmtoolsd knows of nothing': { vmtoolsd: 'echo "No value found"; exit 1', rpctool: workingTool },
}
for (const [what, scripts] of Object.entries(answers))
  test(`the answer ${what} is read`, async t => {
    const source = await readGuestTools(stubGuestTools(t, xml, scripts).run)
    t.deepEqual(source, { name: 'guestinfo', place: 'the hypervisor', values, faults: [] })
  })

const nothing: Readonly<Record<string, { vmtoolsd?: string; rpctool?: string }>> = {
  'no tool is installed': {},
  'there is no value': { vmtoolsd: 'echo "No value found" >&2; exit 1', rpctool: 'echo "No value found"; exit 1' },
  'there is no value, with an exit code of 0': { vmtoolsd: 'echo "No value found"', rpctool: 'echo "No value found"' },
  'this is no machine of VMware, with an exit code of 0': { vmtoolsd: 'echo "not living in a virtual world... :("' },
  'the value is empty': { vmtoolsd: 'echo', rpctool: 'true' },
  'the value is what VEBA leaves': { vmtoolsd: 'echo NULL' },
}
for (const [what, scripts] of Object.entries(nothing))
  test(`there is no source where ${what}`, async t => {
    t.is(await readGuestTools(stubGuestTools(t, xml, scripts).run), undefined)
  })

test('that nobody may read, or that it is no such document, is a fault', async t => {
  const refused = await readGuestTools(stubGuestTools(t, xml, { vmtoolsd: denied, rpctool: denied }).run)
  t.like(refused, { values: {}, faults: [{ key: 'guestinfo.ovfEnv', problem: 'Permission denied' }] })
  const broken = await readGuestTools(stubGuestTools(t, xml.slice(0, 500), { vmtoolsd: workingTool }).run)
  t.deepEqual(broken?.values, {})
  t.regex(broken?.faults[0]?.problem ?? '', /no well-formed XML/)
})

test('secrets are erased, once', async t => {
  const tools = stubGuestTools(t, xml, { vmtoolsd: denied, rpctool: workingTool })
  t.deepEqual(await eraseGuestSecrets(tools.run), [])
  t.is(tools.variable(), renderEnvironment({ ...values, 'appliance.root_pwd': '' }))
  t.deepEqual(await eraseGuestSecrets(tools.run), [])
})

test('a document that no tool can be given gives way to an empty one, unless a secret of it is still needed', async t => {
  const large = { ...values, 'appliance.ca_cert': 'x'.repeat(65_535), 'appliance.ssh_keys': 'x'.repeat(65_535) }
  const tools = stubGuestTools(t, renderEnvironment(large), { vmtoolsd: workingTool })
  const kept = await eraseGuestSecrets(tools.run, ['appliance.tls_cert_key'])
  t.like(kept, [{ problem: 'its passwords could not be erased' }])
  t.is(tools.variable(), renderEnvironment(large))
  t.deepEqual(await eraseGuestSecrets(tools.run), [])
  t.deepEqual((await readGuestTools(tools.run))?.values, {})
})

test('a hypervisor that keeps them is told of', async t => {
  const readOnly = 'case "$1" in info-get*) cat "$variable" ;; esac'
  const faults = await eraseGuestSecrets(stubGuestTools(t, xml, { vmtoolsd: readOnly }).run)
  t.is(faults.length, 1)
  t.like(faults[0], { problem: 'its passwords could not be erased' })
})

test('where there is no variable none is erased, or made', async t => {
  const tools = stubGuestTools(t, '', { vmtoolsd: workingTool })
  t.deepEqual(await eraseGuestSecrets(tools.run), [])
  t.is(tools.variable(), '')
})
