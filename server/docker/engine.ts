/** The Docker port on a real Docker, by its HTTP API. */

import { createBuilds } from './builds.ts'
import { createDockerClient } from './client.ts'
import { createContainers } from './containers.ts'
import { createEgress } from './egress.ts'
import { createFolders } from './folders.ts'
import type { Environment } from './host.ts'
import { createImages } from './images.ts'
import { createNetworkClient } from './network-client.ts'
import type { Docker } from './port.ts'

export interface DockerEngineOptions {
  env: Environment
  /** References of images that come with this server: the rules of networks are set with the first that is on the machine. */
  rulesImages: readonly string[]
}

/** Contacts nobody yet: whether Docker answers is seen at the first call. Throws when the environment names an unusable host. */
export function createDockerEngine({ env, rulesImages }: DockerEngineOptions): Docker {
  const client = createDockerClient(env)
  const { api, demand } = client
  const egress = createEgress({ client: createNetworkClient(api, rulesImages), nowMs: () => performance.now() })
  return {
    version: () =>
      demand('tell its version', async () => {
        const { Version, ApiVersion } = await api.version()
        return { version: Version, apiVersion: ApiVersion }
      }),

    ...createImages(client),
    ...createBuilds(client, egress),
    ...createFolders(client),
    ...createContainers(client, egress),

    openDriverNetwork: (instanceId, port) =>
      demand('open the network of event drivers', () => egress.openDrivers(instanceId, port)),

    removeNetworks: labels => demand('remove networks', () => egress.remove(labels)),
  }
}
