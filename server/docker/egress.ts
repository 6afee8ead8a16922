/** Keeps the networks of containers that have one: each closed towards this machine before anything starts on it. */
import {
  type BridgeKind,
  driversLabel,
  instanceLabel,
  type NetworkRequest,
  networkNameOf,
  type Opening,
  planNetwork,
  type RulesRun,
  renderCloseScript,
  renderOpenScript,
} from './egress-rules.ts'
import { reasonOf } from './failure.ts'

export interface Network {
  name: string
  labels: Record<string, string>
  options: Record<string, string>
  /** This machine's address on it. */
  gateway: string | undefined
}

/** What is asked of Docker for it. */
export interface NetworkClient {
  /** References of the images that rules may be set with. */
  rulesImages: readonly string[]
  find(name: string): Promise<Network | undefined>
  list(labels: Record<string, string>): Promise<Network[]>
  create(request: NetworkRequest): Promise<void>
  /** Harmless when absent; rejects while containers are on it. */
  remove(name: string): Promise<void>
  /** Rejects with what it printed unless it ended with 0. */
  runRules(run: RulesRun): Promise<void>
  /** Id of an image on this machine that rules may be set with: what runs of it is root of the host. */
  findRulesImage(): Promise<string | undefined>
}

export interface Egress {
  /** Resolves with the name of the network. Rejects when it cannot be closed: nothing may start on it then. */
  ensure(instanceId: string, kind: BridgeKind): Promise<string>
  /** Resolves with this machine's address on the drivers' network, whose port is let through from then on. */
  openDrivers(instanceId: string, port: number): Promise<string>
  /** With its rules; harmless when absent. */
  remove(labels: Record<string, string>): Promise<void>
}

export interface EgressOptions {
  client: NetworkClient
  /** From any beginning. */
  nowMs(): number
}

interface Place {
  name: string
  kind: BridgeKind
  instanceId: string
}

/** Rules can be flushed by anybody at any time without a word: they are set again before a container starts after so long. */
const rulesLastMs = 60_000

export function createEgress({ client, nowMs }: EgressOptions): Egress {
  /** All by name of the network. */
  const closedAtMs = new Map<string, number>()
  const openings = new Map<string, Opening>()
  const preparing = new Map<string, Promise<void>>()

  async function setRules({ name, kind, instanceId }: Place): Promise<void> {
    const dockerImage = await client.findRulesImage()
    if (dockerImage === undefined)
      throw new Error(
        `no image of a runtime that comes with this server is on this machine, which its rules are set with: load one (${client.rulesImages.join(', ')})`,
      )
    await client.runRules({ dockerImage, name, instanceId, script: renderCloseScript(name, kind, openings.get(name)) })
  }

  async function close(place: Place): Promise<void> {
    const { name } = place
    await setRules(place).catch(thrown => {
      throw new Error(
        `the network ${name} cannot be closed towards this machine, so nothing starts on it: ${reasonOf(thrown)}. Docker needs iptables on the machine, and must run on it as root; functions with the network "none" start all the same`,
        { cause: thrown },
      )
    })
    closedAtMs.set(name, nowMs())
  }

  async function make(request: NetworkRequest): Promise<void> {
    const found = await client.find(request.Name)
    if (found && isAsPlanned(found, request)) return
    if (found && !contains(found.labels, request.Labels))
      throw new Error(`the network ${found.name} is somebody else's: remove it (docker network rm ${found.name})`)
    if (found) await client.remove(found.name)
    await client.create(request)
  }

  const isClosed = (name: string) => nowMs() - (closedAtMs.get(name) ?? -Infinity) < rulesLastMs

  async function prepare(request: NetworkRequest, place: Place): Promise<void> {
    // The rules know the bridge by its name: they are there before it.
    if (!isClosed(request.Name)) await close(place)
    await make(request)
  }

  async function ensure(instanceId: string, kind: BridgeKind): Promise<string> {
    const name = networkNameOf(instanceId, kind)
    const prepared = () => prepare(planNetwork(instanceId, kind), { name, kind, instanceId })
    const pending = preparing.get(name) ?? prepared().finally(() => preparing.delete(name))
    preparing.set(name, pending)
    await pending
    return name
  }

  return {
    ensure,

    openDrivers: async (instanceId, port) => {
      const name = await ensure(instanceId, 'driver')
      const address = (await client.find(name))?.gateway
      if (address === undefined) throw new Error(`the network ${name} has no address of this machine`)
      const opening = openings.get(name)
      if (opening?.address !== address || opening.port !== port) {
        openings.set(name, { address, port })
        await close({ name, kind: 'driver', instanceId })
      }
      return address
    },

    remove: async labels => {
      for (const { name, labels: found } of await client.list(labels)) {
        const instanceId = found[instanceLabel] ?? found[driversLabel]
        if (instanceId === undefined) continue
        await client.remove(name)
        closedAtMs.delete(name)
        openings.delete(name)
        // Without an image nothing can run; rules for a bridge that is gone do nothing.
        const dockerImage = await client.findRulesImage()
        if (dockerImage) await client.runRules({ dockerImage, name, instanceId, script: renderOpenScript(name) })
      }
    },
  }
}

const isAsPlanned = (found: Network, { Labels, Options }: NetworkRequest): boolean =>
  contains(found.labels, Labels) && contains(found.options, Options)

const contains = (has: Record<string, string>, wants: Record<string, string>): boolean =>
  Object.entries(wants).every(([name, value]) => has[name] === value)
