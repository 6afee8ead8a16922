/** The fake keeps the promises of the Docker port. */
import test from 'ava'
import { createFakeDocker } from '../../helpers/fake-docker.ts'
import { testDocker } from './docker-cases.ts'

const docker = createFakeDocker()
docker.addImage('fake/runnable:1')
testDocker(test, {
  docker,
  addImage: async (reference, labels) => void docker.addImage(reference, labels),
  runnable: { dockerImage: 'fake/runnable:1', command: [] },
})
