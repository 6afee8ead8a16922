/** The fake keeps the promises of the Docker port. */
import test from 'ava'
import { createFakeDocker } from '../../helpers/fake-docker.ts'
import { testDocker } from './docker-cases.ts'
import { testNetworks } from './network-cases.ts'

const docker = createFakeDocker(({ dockerImage }, end) => {
  if (dockerImage === 'fake/ending:1') end({ exitCode: 7, printed: ['on stdout 1', 'on stderr ä', 'on stdout 3'] })
  return () => undefined
})
docker.addImage('fake/runnable:1')
docker.addImage('fake/ending:1')
const runnable = { dockerImage: 'fake/runnable:1', command: [] }
testDocker(test, {
  docker,
  addImage: async (reference, labels) => void docker.addImage(reference, labels),
  runnable,
  ending: { dockerImage: 'fake/ending:1', command: [] },
})
testNetworks(test, {
  docker,
  runnable,
  listNetworks: async labels =>
    [...docker.networks]
      .filter(([, found]) => Object.entries(labels).every(([name, value]) => found[name] === value))
      .map(([name]) => name),
  removeNetwork: async name => void docker.networks.delete(name),
  limitsOf: async id => {
    const { memoryBytes = 0, cpus = 0 } = docker.specs.get(id) ?? {}
    return { memoryBytes, cpus }
  },
})
