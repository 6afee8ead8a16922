/** A power-on with properties: their passwords are set, remembered as used, and erased where they came from, in this order. */
import test from 'ava'
import { renderEnvironment } from '../firstboot/sources/support.ts'
import { createMachine, password } from './power-on.ts'

test('a password is set once, and erased in the hypervisor', async t => {
  const { machine, powerOn, read } = await createMachine(t)
  await powerOn()
  t.deepEqual(machine.set, [{ rootPassword: password }])
  t.false(machine.properties.includes(password))
  t.false((await read()).includes(password))
  machine.properties = renderEnvironment({ 'appliance.root_pwd': password })
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

test('a claim whose power is cut before its password is remembered is its own at the next power-on', async t => {
  const { machine, powerOn, cutBehindClaim } = await createMachine(t)
  const disc = renderEnvironment({ 'dispatch.admin_pwd': password })
  Object.assign(machine, { properties: disc, isClaimed: false })
  await powerOn()
  await cutBehindClaim()
  machine.properties = disc
  t.deepEqual(await powerOn(), [])
  t.true(machine.isClaimed)
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

test('values are on disk before the machine is claimed, and can be changed', async t => {
  const { machine, powerOn } = await createMachine(t)
  machine.properties = renderEnvironment({ 'dispatch.admin_pwd': password, 'network.ntp': '10.0.0.1' })
  machine.isClaimed = false
  await powerOn()
  t.deepEqual(JSON.parse(machine.storedAtClaim), { 'network.ntp': '10.0.0.1' })
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
