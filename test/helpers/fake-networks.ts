/** Docker's networks in memory: names with labels, and the ports that are let through. */
import { bridgeLabelOf, driversLabel, instanceOf, networkNameOf } from '../../server/docker/egress-rules.ts'
import type { ContainerSpec } from '../../server/docker/port.ts'
import { carries } from './fake-images.ts'

export interface FakeNetworks {
  /** As if the machine's rules could not be set: nothing starts with egress. */
  openToMachine: boolean
  /** The labels of networks, by name. */
  networks: Map<string, Record<string, string>>
  /** The port that is let through on each of the drivers' networks, by name. */
  openPorts: Map<string, number>
  /** This machine's address on them. */
  gateway: string
}

export interface NetworkJoiner {
  /** Throws when it cannot. */
  join(spec: ContainerSpec): void
  openDriverNetwork(instanceId: string, port: number): Promise<string>
  /** Throws while `isUsed`. */
  remove(labels: Record<string, string>, isUsed: (name: string) => boolean): void
  /** Throws when it was removed since the container was created. */
  demand(id: string, spec: ContainerSpec): void
}

/** Name of the network that the container is on. */
export const networkOf = ({ network, labels }: ContainerSpec): string | undefined =>
  network === 'none' ? undefined : networkNameOf(instanceOf(labels, network), network)

export function createFakeNetworks(state: FakeNetworks): NetworkJoiner {
  return {
    join: ({ name, labels, network }) => {
      if (network === 'none') return
      const instanceId = instanceOf(labels, network)
      if (state.openToMachine)
        throw new Error(
          `Docker could not create the container ${name}: the network cannot be closed towards this machine`,
        )
      state.networks.set(networkNameOf(instanceId, network), { [bridgeLabelOf(network)]: instanceId })
    },

    openDriverNetwork: async (instanceId, port) => {
      if (state.openToMachine)
        throw new Error('Docker could not open the network of event drivers: it cannot be closed towards this machine')
      const name = networkNameOf(instanceId, 'driver')
      state.networks.set(name, { [driversLabel]: instanceId })
      state.openPorts.set(name, port)
      return state.gateway
    },

    remove: (labels, isUsed) => {
      for (const [name, found] of state.networks) {
        if (!carries(found, labels)) continue
        if (isUsed(name))
          throw new Error(
            `Docker could not remove networks: error while removing network: ${name} has active endpoints`,
          )
        state.networks.delete(name)
      }
    },

    demand: (id, spec) => {
      const network = networkOf(spec)
      if (network !== undefined && !state.networks.has(network))
        throw new Error(`Docker could not start the container ${id}: network not found`)
    },
  }
}
