/** A hypervisor with properties, and a machine that can be switched on again and again, for tests of what becomes of them. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import { applyGiven } from '../../../../provisioning/appliance/boot.ts'
import type { Pair } from '../../../../provisioning/appliance/certificate.ts'
import { useSecrets } from '../../../../provisioning/appliance/given-secrets.ts'
import { createKeeper } from '../../../../provisioning/appliance/keeper.ts'
import { createProblems } from '../../../../provisioning/appliance/problems.ts'
import type { StepFailure } from '../../../../provisioning/firstboot/apply.ts'
import { parseValues } from '../../../../provisioning/firstboot/parse/values.ts'
import { writeValues } from '../../../../provisioning/firstboot/record.ts'
import type { Credentials, Fault, Values } from '../../../../provisioning/firstboot/settings.ts'
import type { Run } from '../../../../provisioning/run.ts'
import { createFormerInMemory } from '../../../helpers/former.ts'
import { renderEnvironment } from '../firstboot/sources/support.ts'

export const password = 'winter is coming soon'
const given = renderEnvironment({ 'appliance.root_pwd': password })

/** A hypervisor with these properties, and a machine whose steps fail like this. */
export async function createMachine(t: ExecutionContext) {
  const directory = await mkdtemp(join(tmpdir(), 'boot-'))
  t.teardown(() => rm(directory, { recursive: true }))
  const places = {
    state: join(directory, 'state'),
    runtime: join(directory, 'run'),
    blockDevices: join(directory, 'block'),
    devices: directory,
  }
  await mkdir(places.blockDevices)
  const recordFile = join(places.state, 'properties.json')
  const former = createFormerInMemory()
  const machine = {
    properties: given,
    isClaimed: true,
    keys: [] as readonly string[],
    failures: [] as readonly StepFailure[],
    set: [] as Credentials[],
    nowMs: Date.now(),
    isDiskFull: false,
    /** Longer than any test. */
    certificateRetryMs: 3_600_000,
    isOvertaken: false,
    storedAtClaim: '',
    recordAtClaim: '',
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
    machine.storedAtClaim = await readFile(join(places.state, 'values.json'), 'utf8').catch(() => 'nothing')
    machine.recordAtClaim = await readFile(recordFile, 'utf8').catch(() => '')
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
    const boot = { appliance, places, run, problems, certificateRetryMs: machine.certificateRetryMs }
    const booted = await applyGiven(boot)
    return [...booted.faults, ...(await useSecrets(boot, booted))]
  }
  return {
    machine,
    former,
    powerOn,
    store: (values: Values) => writeValues(places.state, values),
    read: () => readFile(recordFile, 'utf8'),
    /** What was remembered of sources is again what it was when the machine was claimed. */
    cutBehindClaim: () => writeFile(recordFile, machine.recordAtClaim),
  }
}
