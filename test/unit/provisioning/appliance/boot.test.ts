/** A power-on with properties: their passwords are set, remembered as used, and erased where they came from, in this order. */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { applyGiven, useSecrets } from '../../../../provisioning/appliance/boot.ts'
import type { Pair } from '../../../../provisioning/appliance/certificate.ts'
import { createKeeper } from '../../../../provisioning/appliance/keeper.ts'
import { createProblems } from '../../../../provisioning/appliance/problems.ts'
import type { StepFailure } from '../../../../provisioning/firstboot/apply.ts'
import { parseValues } from '../../../../provisioning/firstboot/parse/values.ts'
import { writeValues } from '../../../../provisioning/firstboot/record.ts'
import type { Credentials, Fault, Values } from '../../../../provisioning/firstboot/settings.ts'
import type { Run } from '../../../../provisioning/run.ts'
import { createAuthority } from '../../../helpers/authority.ts'
import { createFormerInMemory } from '../../../helpers/former.ts'
import { renderEnvironment } from '../firstboot/sources/support.ts'

const password = 'winter is coming soon'
const given = renderEnvironment({ 'appliance.root_pwd': password })

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
    nowMs: Date.now(),
    isDiskFull: false,
    isOvertaken: false,
    pair: undefined as Pair | undefined,
  }
  const certificate = {
    given: async () => machine.pair,
    keep: async (pair: Pair) => {
      if (machine.isDiskFull) throw new Error('no space left')
      machine.pair = pair
    },
    forget: async () => {
      machine.pair = undefined
    },
  }
  const run: Run = async ([program, ...args]) => {
    if (program !== 'vmtoolsd') return { exitCode: 0, stdout: '', stderr: '' }
    const [, xml] = /^info-set guestinfo\.ovfEnv ([\s\S]*)$/.exec(args[1] ?? '') ?? []
    if (xml !== undefined) machine.properties = xml
    return { exitCode: 0, stdout: machine.properties, stderr: '' }
  }
  const never = () => Promise.reject(new Error('not asked for here'))
  async function claimBy(): Promise<void> {
    machine.isClaimed = true
  }
  async function powerOn(): Promise<readonly Fault[]> {
    const problems = createProblems(() => undefined)
    const keeper = createKeeper({
      parse: values => parseValues(values, machine.nowMs),
      apply: async ({ ssh, certificate: pair }, credentials) => {
        machine.keys = ssh.authorizedKeys
        machine.set.push(credentials)
        machine.isClaimed ||= machine.isOvertaken
        await (pair && certificate.keep(pair).catch(() => undefined))
        return machine.failures
      },
      ...{
        store: async (values: Values) => writeValues(places.state, values),
        former,
        forgetCertificate: certificate.forget,
        schedule: () => ({ cancel() {} }),
        nowMs: () => 0,
      },
      tell: problems.tell,
    })
    const appliance = {
      keeper,
      claims: { claim: never, confirm: never, claimBy },
      claimed: { isSet: () => machine.isClaimed, set: never },
      former,
      certificate: { ...certificate, refresh: never, fingerprint: () => undefined },
    }
    const boot = { appliance, places, run, problems }
    const booted = await applyGiven(boot)
    return [...booted.faults, ...(await useSecrets(boot, booted))]
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

test('one password that could not be set keeps the other one nowhere', async t => {
  const { machine, powerOn } = await createMachine(t)
  const other = 'spring is coming too'
  machine.properties = renderEnvironment({ 'appliance.root_pwd': password, 'dispatch.admin_pwd': other })
  machine.isClaimed = false
  machine.failures = [{ step: 'a step', problem: 'it exited with 1', password: 'root' }]
  await powerOn()
  t.true(machine.properties.includes(password))
  t.false(machine.properties.includes(other))
})

test('a password for the administrator of a claimed machine is not used, told of, and erased', async t => {
  const { machine, powerOn } = await createMachine(t)
  machine.properties = renderEnvironment({ 'dispatch.admin_pwd': password })
  t.deepEqual(
    (await powerOn()).map(({ key, problem }) => `${key}: ${problem}`),
    ['dispatch.admin_pwd: this appliance is claimed already'],
  )
  t.deepEqual(machine.set, [{}])
  t.false(machine.properties.includes(password))
})

test('a password of the administrator that claimed and could not be set is set at the next power-on', async t => {
  const { machine, powerOn } = await createMachine(t)
  machine.properties = renderEnvironment({ 'dispatch.admin_pwd': password })
  machine.isClaimed = false
  machine.failures = [{ step: 'a step', problem: 'it exited with 1', password: 'admin' }]
  await powerOn()
  t.true(machine.isClaimed)
  t.true(machine.properties.includes(password))
  machine.failures = []
  await powerOn()
  t.deepEqual(machine.set, [{ adminPassword: password }, { adminPassword: password }])
  t.false(machine.properties.includes(password))
})

test('where somebody claims at the same moment, a password that was given and could not be set is erased', async t => {
  const { machine, powerOn } = await createMachine(t)
  machine.properties = renderEnvironment({ 'dispatch.admin_pwd': password })
  Object.assign(machine, { isClaimed: false, isOvertaken: true })
  machine.failures = [{ step: 'a step', problem: 'it exited with 1', password: 'admin' }]
  await powerOn()
  t.false(machine.properties.includes(password))
})

const issue = async () => {
  const { cert, key } = await (await createAuthority('Lab')).issue({ commonName: 'a.example.com', purpose: 'server' })
  return { 'appliance.tls_cert': cert, 'appliance.tls_cert_key': key }
}

test('a key that is not that of its certificate stays in the hypervisor, and the right one is taken at the next power-on', async t => {
  const { machine, powerOn } = await createMachine(t)
  const [pair, other] = [await issue(), await issue()]
  machine.properties = renderEnvironment({ ...pair, 'appliance.tls_cert_key': other['appliance.tls_cert_key'] })
  const wrong = machine.properties
  await powerOn()
  t.is(machine.properties, wrong)
  machine.properties = renderEnvironment(pair)
  await powerOn()
  t.is(machine.pair?.chainPem.trim(), pair['appliance.tls_cert'].trim())
  t.is(machine.properties, renderEnvironment({ ...pair, 'appliance.tls_cert_key': '' }))
})

test('a pair that the disk had no room for is taken at the next power-on', async t => {
  const { machine, powerOn } = await createMachine(t)
  const pair = await issue()
  Object.assign(machine, { properties: renderEnvironment(pair), isDiskFull: true })
  await powerOn()
  t.is(machine.properties, renderEnvironment(pair))
  machine.isDiskFull = false
  await powerOn()
  t.is(machine.pair?.chainPem.trim(), pair['appliance.tls_cert'].trim())
  t.is(machine.properties, renderEnvironment({ ...pair, 'appliance.tls_cert_key': '' }))
})

test('a pair that is cleared in the hypervisor is forgotten, one that was set since is not', async t => {
  for (const isOther of [false, true]) {
    const { machine, powerOn } = await createMachine(t)
    machine.properties = renderEnvironment({ ...(await issue()), 'network.ntp': '10.0.0.1' })
    await powerOn()
    t.truthy(machine.pair)
    const other = { chainPem: 'of a command', keyPem: 'of a command' }
    if (isOther) machine.pair = other
    machine.properties = renderEnvironment({ 'network.ntp': '10.0.0.1' })
    await powerOn()
    t.deepEqual(machine.pair, isOther ? other : undefined)
  }
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
  const { machine, former, powerOn, read } = await createMachine(t)
  Object.assign(machine, { isClaimed: false, properties: '' })
  machine.failures = [{ step: 'a step', problem: 'it exited with 1', password: 'admin' }]
  await former.keep({})
  await powerOn()
  t.deepEqual(await former.read(), {})
  t.regex(await read(), /"owedCredentials": \[\]/)
  machine.failures = []
  await powerOn()
  t.deepEqual(machine.set, [{ withdrawn: ['admin'] }, { withdrawn: ['admin'] }])
  t.is(await former.read(), undefined)
})
