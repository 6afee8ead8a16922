/** What networks need of Docker; failures are named by those who ask. */
import { buildInstanceLabel, buildLabel, dockerLabel } from '../core/docker-labels.ts'
import { type DockerApi, labelFilters } from './client.ts'
import type { NetworkClient } from './egress.ts'
import { planRulesContainer } from './egress-rules.ts'
import { dockerStatusOf } from './failure.ts'
import { networkOf } from './translate.ts'

export const createNetworkClient = (api: DockerApi, rulesImages: readonly string[]): NetworkClient => ({
  rulesImages,

  find: async name => {
    try {
      return networkOf(await api.getNetwork(name).inspect())
    } catch (thrown) {
      if (dockerStatusOf(thrown) === 404) return undefined
      throw thrown
    }
  },

  list: async labels => (await api.listNetworks({ filters: { label: labelFilters(labels) } })).map(networkOf),

  create: async request => void (await api.createNetwork(request)),

  remove: async name => {
    await api.getNetwork(name).remove().catch(unlessAbsent)
  },

  runRules: async run => {
    const request = planRulesContainer(run)
    const remove = (id: string) => api.getContainer(id).remove({ force: true, v: true }).catch(unlessAbsent)
    await remove(request.name)
    const container = await api.createContainer(request)
    try {
      await container.start()
      const { StatusCode } = await container.wait()
      if (StatusCode === 0) return
      const printed = String(await container.logs({ stdout: true, stderr: true }))
      throw new Error(printed.trim() || `it ended with ${StatusCode}`)
    } finally {
      await remove(container.id)
    }
  },

  findRulesImage: async () => {
    for (const reference of rulesImages) {
      const found = await api.getImage(reference).inspect().catch(unlessAbsent)
      // By its id: the name may move on before the container is made.
      if (found && isUntouched(found.Config?.Labels ?? {})) return found.Id
    }
    return undefined
  },
})

/** A runtime in which no build has run what users asked for: that inherits all other labels. */
const isUntouched = (labels: Record<string, string>): boolean =>
  Boolean(labels[dockerLabel('language')]) && !labels[buildLabel] && !labels[buildInstanceLabel]

function unlessAbsent(thrown: unknown): undefined {
  if (dockerStatusOf(thrown) !== 404) throw thrown
}
