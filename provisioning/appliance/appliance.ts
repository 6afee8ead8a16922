/** The agent, wired: what is remembered, what is kept, who claims, and what is said of it all. */
import { createHash, randomBytes } from 'node:crypto'
import { hostname, uptime } from 'node:os'
import { join } from 'node:path'
import type { Files } from '../firstboot/files.ts'
import { parseValues } from '../firstboot/parse/values.ts'
import type { Fault, Settings, Values } from '../firstboot/settings.ts'
import type { Run } from '../run.ts'
import { ordersCertificate } from './acme.ts'
import { type LinkAddress, readAddresses, readSshFingerprint } from './addresses.ts'
import { type Administrator, createAdministrator } from './administrator.ts'
import { type Agent, createAgent } from './agent.ts'
import { type Applier, createApplier } from './applier.ts'
import { type CertificateKeeper, createCertificateKeeper } from './certificate.ts'
import { type Claims, createClaims } from './claims.ts'
import { createEnact, createInForce } from './enact.ts'
import { createFailedUnits } from './failed-units.ts'
import { createFormer, type Former } from './former.ts'
import { healthPlaces, readHealth } from './health.ts'
import { createKeeper } from './keeper.ts'
import { type Mark, openMark } from './marks.ts'
import { createPatientClient, patience } from './patient-client.ts'
import type { Places } from './places.ts'
import type { Problems } from './problems.ts'
import { createReport, planHosts } from './report.ts'
import { createServerClient } from './server-client.ts'
import type { Keeper } from './settings-keeper.ts'
import { createSetupWindow, type SetupWindow } from './setup-window.ts'
import type { Status } from './status.ts'
import { planNeighbours, readSurroundings } from './surroundings.ts'

export interface ApplianceOptions {
  readonly run: Run
  readonly files: Files
  readonly places: Places
  readonly version: string
  readonly problems: Problems
  /** Whose members may read the key of the certificate. */
  readonly tlsGroupId: number
  storeValues(values: Values): Promise<void>
  onStatus(status: Status): Promise<void>
  /** Something has happened: look at once. */
  nudge(): void
}

export interface Appliance {
  readonly keeper: Keeper
  readonly claims: Claims
  readonly agent: Agent
  readonly applier: Applier
  readonly certificate: CertificateKeeper
  readonly former: Former
  readonly window: SetupWindow
  readonly claimed: Mark
  readonly sshOff: Mark
  /** Found in the sources that were read at boot. */
  addFaults(faults: readonly Fault[]): void
  status(): Promise<Status>
}

const monotonicMs = (): number => performance.now()

function schedule(afterMs: number, work: () => Promise<void>): { cancel(): void } {
  const timer = setTimeout(() => void work(), afterMs)
  return { cancel: () => clearTimeout(timer) }
}

/** The machine has the name by then; its addresses come later, and with them another certificate. */
function planNames({ fqdn }: Settings, addresses: readonly LinkAddress[]): string[] {
  const own = addresses.map(({ address }) => address)
  return [...new Set([...(fqdn === undefined ? [] : [fqdn]), hostname(), ...own, 'localhost', '127.0.0.1', '::1'])]
}

export async function createAppliance(options: ApplianceOptions): Promise<Appliance> {
  const { run, files, places, problems, version, nudge } = options
  const claimed = await openMark(files, join(places.state, 'claimed'), 'this appliance is claimed')
  const sshOff = await openMark(files, join(places.state, 'ssh-off'), 'SSH is switched off')
  const window = createSetupWindow({ monotonicMs, nowMs: Date.now, randomBytes })
  const server = createServerClient(places.serverSocket)
  const addresses = () => readAddresses(places.networkClass)
  const settings = (): Settings => keeper.current().settings
  const certificate = createCertificateKeeper(
    { ownDir: join(places.state, 'tls'), shownDir: places.tls, groupId: options.tlsGroupId },
    { names: () => planNames(settings(), addresses()), nowMs: Date.now, log: createCertificateLog(problems) },
  )
  const former = createFormer({ files, directory: places.state, certificate })
  const applier = createApplier({ run, files, certificate, root: '/' })
  const keeper = createKeeper({
    parse: (values, isPresent) =>
      parseValues(values, Date.now(), isPresent ? planNeighbours(readSurroundings(places)) : []),
    apply: applier.apply,
    store: options.storeValues,
    forgetCertificate: certificate.forget,
    former,
    schedule,
    nowMs: Date.now,
    tell: problems.tell,
  })
  const claims = createClaims({
    keeper,
    window,
    isClaimed: claimed.isSet,
    markClaimed: async () => {
      await claimed.set(true)
      nudge()
    },
    createAdministrator: (administrator: Administrator) =>
      createAdministrator(createPatientClient(server, patience), administrator),
    hosts: () => planHosts(settings().fqdn, addresses()),
  })
  const maySsh = (): boolean => !sshOff.isSet() && !keeper.isTakingBack() && applier.isSshUsable()
  const failedUnits = createFailedUnits({ run, monotonicMs })
  const agent = createAgent({
    readHealth: async before =>
      (await Promise.all([readHealth({ server, run, places: healthPlaces }, before), failedUnits()])).flat(),
    isClaimed: claimed.isSet,
    maySsh,
    isClaiming: keeper.isClaiming,
    needsHttp: () => ordersCertificate(places.serverConfig),
    enact: createEnact({ run, files, sshUnit: applier.sshUnit }),
    isInForce: createInForce({ run, sshUnit: applier.sshUnit }),
    // Not waited for: a claim may have its turn, and waits for the server.
    followPasswords: async () => {
      const isTakingBack = keeper.isTakingBack()
      const isSeen = await applier.seePasswords()
      if (isSeen || isTakingBack) void keeper.reapply().then(() => keeper.isTakingBack() || nudge())
    },
    refreshCertificate: async () => {
      if (await certificate.refresh()) await reloadServer(run)
    },
    show: async () => options.onStatus(await status()),
    uptimeMs: () => uptime() * 1000,
    tell: problems.tell,
  })
  let sourceFaults: readonly Fault[] = []
  const addFaults = (faults: readonly Fault[]): void => {
    sourceFaults = [...sourceFaults, ...faults]
  }
  const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64')

  async function status(): Promise<Status> {
    const ssh = readSshFingerprint(places.sshHostKey, sha256)
    const tls = certificate.fingerprint()
    return createReport({
      ...{ version, keeper, window },
      hostName: hostname(),
      state: agent.state(),
      addresses: addresses(),
      health: agent.health(),
      fingerprints: { ...(tls !== undefined && { tls }), ...(ssh !== undefined && { ssh }) },
      isSshOpen: maySsh(),
      sourceFaults,
      failures: problems.all(),
    })
  }
  return { keeper, claims, agent, applier, certificate, former, window, claimed, sshOff, addFaults, status }
}

/** A server that does not run reads it when it starts. */
async function reloadServer(run: Run): Promise<void> {
  const unit = 'dispatch-server.service'
  const { stdout } = await run(['systemctl', 'is-active', unit])
  if (stdout.trim() === 'active') await run(['systemctl', '--no-block', 'reload', unit])
}

const createCertificateLog = (problems: Problems) => ({
  info: () => undefined,
  warn: (told: unknown, text?: string) => problems.tell('certificate', [`certificate: ${text ?? String(told)}`]),
  error: (told: unknown, text?: string) => problems.tell('certificate', [`certificate: ${text ?? String(told)}`]),
})
