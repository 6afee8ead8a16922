/** Keeps the networks of containers with `egress`: one for each instance, closed towards this machine before anything starts on it. */
import {
  instanceLabel,
  type NetworkRequest,
  networkNameOf,
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
}

/** What is asked of Docker for it. */
export interface NetworkClient {
  find(name: string): Promise<Network | undefined>
  list(labels: Record<string, string>): Promise<Network[]>
  create(request: NetworkRequest): Promise<void>
  /** Harmless when absent; rejects while containers are on it. */
  remove(name: string): Promise<void>
  /** Rejects with what it printed unless it ended with 0. */
  runRules(run: RulesRun): Promise<void>
  /** Any image of a runtime on this machine. */
  findRuntimeImage(): Promise<string | undefined>
}

export interface Egress {
  /** Resolves with the name of the network. Rejects when it cannot be closed: nothing may start on it then. */
  ensure(instanceId: string, dockerImage: string): Promise<string>
  /** With its rules; harmless when absent. */
  remove(labels: Record<string, string>): Promise<void>
}

export interface EgressOptions {
  client: NetworkClient
  /** From any beginning. */
  nowMs(): number
}

/** Rules can be flushed by anybody at any time without a word: they are set again before a container starts after so long. */
const rulesLastMs = 60_000

export function createEgress({ client, nowMs }: EgressOptions): Egress {
  /** By instance. */
  const closedAtMs = new Map<string, number>()
  const preparing = new Map<string, Promise<void>>()

  async function close(instanceId: string, dockerImage: string): Promise<void> {
    const name = networkNameOf(instanceId)
    await client.runRules({ dockerImage, instanceId, script: renderCloseScript(name) }).catch(thrown => {
      throw new Error(
        `the network ${name} cannot be closed towards this machine, so nothing starts on it: ${reasonOf(thrown)}. Docker needs iptables on the machine, and must run on it as root; functions with the network "none" start all the same`,
        { cause: thrown },
      )
    })
    closedAtMs.set(instanceId, nowMs())
  }

  async function make(instanceId: string, found: Network | undefined): Promise<void> {
    const request = planNetwork(instanceId)
    if (found && isAsPlanned(found, request)) return
    if (found && found.labels[instanceLabel] !== instanceId)
      throw new Error(`the network ${found.name} is somebody else's: remove it (docker network rm ${found.name})`)
    if (found) await client.remove(found.name)
    await client.create(request)
  }

  const isClosed = (instanceId: string) => nowMs() - (closedAtMs.get(instanceId) ?? -Infinity) < rulesLastMs

  async function prepare(instanceId: string, dockerImage: string): Promise<void> {
    // The rules know the bridge by its name: they are there before it.
    if (!isClosed(instanceId)) await close(instanceId, dockerImage)
    await make(instanceId, await client.find(networkNameOf(instanceId)))
  }

  return {
    ensure: async (instanceId, dockerImage) => {
      const pending =
        preparing.get(instanceId) ?? prepare(instanceId, dockerImage).finally(() => preparing.delete(instanceId))
      preparing.set(instanceId, pending)
      await pending
      return networkNameOf(instanceId)
    },

    remove: async labels => {
      for (const { name, labels: found } of await client.list(labels)) {
        const instanceId = found[instanceLabel]
        if (instanceId === undefined) continue
        await client.remove(name)
        closedAtMs.delete(instanceId)
        const dockerImage = await client.findRuntimeImage()
        // Without any image nothing can run; rules for a bridge that is gone do nothing.
        if (dockerImage)
          await client.runRules({ dockerImage, instanceId, script: renderOpenScript(networkNameOf(instanceId)) })
      }
    },
  }
}

const isAsPlanned = (found: Network, { Labels, Options }: NetworkRequest): boolean =>
  contains(found.labels, Labels) && contains(found.options, Options)

const contains = (has: Record<string, string>, wants: Record<string, string>): boolean =>
  Object.entries(wants).every(([name, value]) => has[name] === value)
