/** The fake keeps the promises of the Docker port. */
import test from 'ava'
import { createFakeDocker } from '../../helpers/fake-docker.ts'
import { testBuilds } from './build-cases.ts'
import { type BuilderCases, tarOf, testBuilder } from './builder-cases.ts'
import { testDocker } from './docker-cases.ts'
import { testNetworks } from './network-cases.ts'

const docker = createFakeDocker(({ command: [program] }, end, print) => {
  if (program === 'end') {
    print('stdout', 'on stdout 1')
    print('stderr', 'on stderr ä')
    end({ exitCode: 7, printed: ['on stdout 3'] })
  }
  return () => undefined
})
docker.addImage('fake/runnable:1')
const runnable = { dockerImage: 'fake/runnable:1', command: [] }
const folder = { path: '/template', file: 'Dockerfile' }
docker.addFolder('fake/runnable:1', folder.path, await tarOf({ 'template/Dockerfile': '' }))
const cases: BuilderCases = {
  folder,
  docker,
  addImage: async (reference, labels) => void docker.addImage(reference, labels),
  runnable,
  ending: { ...runnable, command: ['end'] },
}
testDocker(test, cases)
testBuilds(test, cases)
testBuilder(test, cases)
testNetworks(test, {
  docker,
  runnable,
  listNetworks: async labels =>
    [...docker.networks]
      .filter(([, found]) => Object.entries(labels).every(([name, value]) => found[name] === value))
      .map(([name]) => name),
  removeNetwork: async name => void docker.networks.delete(name),
  limitsOf: async id => {
    const { memoryBytes = 0, cpus = 0, maxProcesses = 0 } = docker.specs.get(id) ?? {}
    return { memoryBytes, cpus, maxProcesses }
  },
})
