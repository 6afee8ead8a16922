/** A power-on with properties: their passwords are set, remembered as used, and erased where they came from, in this order. */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { applyGiven, useSecrets } from '../../../../provisioning/appliance/boot.ts'
import { createKeeper } from '../../../../provisioning/appliance/keeper.ts'
import { createProblems } from '../../../../provisioning/appliance/problems.ts'
import type { StepFailure } from '../../../../provisioning/firstboot/apply.ts'
import { parseValues } from '../../../../provisioning/firstboot/parse/values.ts'
import { writeValues } from '../../../../provisioning/firstboot/record.ts'
import type { Credentials, Values } from '../../../../provisioning/firstboot/settings.ts'
import type { Run } from '../../../../provisioning/run.ts'
import { createFormerInMemory } from '../../../helpers/former.ts'

const password = 'winter is coming soon'
const given = `<Environment xmlns="http://schemas.dmtf.org/ovf/environment/1" xmlns:oe="http://schemas.dmtf.org/ovf/environment/1">
<PropertySection><Property oe:key="appliance.root_pwd" oe:value="${password}"/></PropertySection></Environment>`

/** A hypervisor with these properties, and a machine whose steps fail like this. */
async function createMachine(t: ExecutionContext) {
  const directory = await mkdtemp(join(tmpdir(), 'boot-'))
  t.teardown(() => rm(directory, { recursive: true }))
  const places = {
    state: join(directory, 'state'),
    runtime: join(directory, 'run'),
    blockDevices: join(directory, 'block'),
    devices: directory,
  }
  await mkdir(places.blockDevices)
  const former = createFormerInMemory()
  const machine = {
    properties: given,
    isClaimed: true,
    keys: [] as readonly string[],
    failures: [] as readonly StepFailure[],
    set: [] as Credentials[],
  }
  const run: Run = async ([program, ...args]) => {
    if (program !== 'vmtoolsd') return { exitCode: 0, stdout: '', stderr: '' }
    const [, xml] = /^info-set guestinfo\.ovfEnv ([\s\S]*)$/.exec(args[1] ?? '') ?? []
    if (xml !== undefined) machine.properties = xml
    return { exitCode: 0, stdout: machine.properties, stderr: '' }
  }
  const never = () => Promise.reject(new Error('not asked for here'))
  async function powerOn(): Promise<void> {
    const problems = createProblems(() => undefined)
    const keeper = createKeeper({
      parse: values => parseValues(values, 0),
      apply: async ({ ssh }, credentials) => {
        machine.keys = ssh.authorizedKeys
        machine.set.push(credentials)
        return machine.failures
      },
      ...{
        store: async (values: Values) => writeValues(places.state, values),
        former,
        forgetCertificate: never,
        schedule: () => ({ cancel() {} }),
        nowMs: () => 0,
      },
      tell: problems.tell,
    })
    const appliance = {
      keeper,
      claims: { claim: never, confirm: never, claimBy: never },
      claimed: { isSet: () => machine.isClaimed, set: never },
      former,
      certificate: { given: never, keep: never, forget: never, refresh: never, fingerprint: () => undefined },
    }
    const boot = { appliance, places, run, problems }
    await useSecrets(boot, await applyGiven(boot))
  }
  return {
    machine,
    former,
    powerOn,
    store: (values: Values) => writeValues(places.state, values),
    read: () => readFile(join(places.state, 'properties.json'), 'utf8'),
  }
}

test('a password is set once, and erased in the hypervisor', async t => {
  const { machine, powerOn, read } = await createMachine(t)
  await powerOn()
  t.deepEqual(machine.set, [{ rootPassword: password }])
  t.false(machine.properties.includes(password))
  t.false((await read()).includes(password))
  machine.properties = given
  await powerOn()
  t.deepEqual(machine.set.at(-1), {}, 'vCenter hands it over again')
})

test('a password that could not be set stays where it came from, and is set at the next power-on', async t => {
  const { machine, powerOn } = await createMachine(t)
  machine.failures = [{ step: 'a step', problem: 'it exited with 1', password: 'root' }]
  await powerOn()
  t.true(machine.properties.includes(password))
  machine.failures = []
  await powerOn()
  t.deepEqual(machine.set, [{ rootPassword: password }, { rootPassword: password }])
  t.false(machine.properties.includes(password))
})

test('another step that fails keeps no password in the hypervisor', async t => {
  const { machine, powerOn } = await createMachine(t)
  machine.failures = [{ step: 'chpasswd, by its name only', problem: 'it exited with 1' }]
  await powerOn()
  t.false(machine.properties.includes(password))
})

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILUFrAA1tUMCzYGA3db0AJ69vFbGweh1dM4CU53TwJAR jon@example.com'

test('of a claim that the power cut off no key and no password lets anybody in, of one that was marked all do', async t => {
  for (const isClaimed of [false, true]) {
    const { machine, former, powerOn, store } = await createMachine(t)
    Object.assign(machine, { isClaimed, properties: '' })
    await former.keep({})
    await store({ 'appliance.ssh_keys': key })
    await powerOn()
    t.deepEqual(machine.keys, isClaimed ? [key] : [])
    t.deepEqual(machine.set, [isClaimed ? {} : { withdrawn: ['admin'] }])
    t.is(await former.read(), undefined)
    await powerOn()
    t.deepEqual(machine.keys, isClaimed ? [key] : [], 'and at every later power-on')
  }
})

test('a claim that was cut off is taken back until that goes well', async t => {
  const { machine, former, powerOn } = await createMachine(t)
  Object.assign(machine, { isClaimed: false, properties: '' })
  machine.failures = [{ step: 'a step', problem: 'it exited with 1', password: 'admin' }]
  await former.keep({})
  await powerOn()
  t.deepEqual(await former.read(), {})
  machine.failures = []
  await powerOn()
  t.deepEqual(machine.set, [{ withdrawn: ['admin'] }, { withdrawn: ['admin'] }])
  t.is(await former.read(), undefined)
})
