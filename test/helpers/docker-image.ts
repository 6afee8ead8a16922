/** What Docker tells of an image, for tests that need no more of it than they say. */
import type { DockerImage } from '../../server/docker/port.ts'

export const dockerImageOf = (changes: Partial<DockerImage> = {}): DockerImage => ({
  id: 'sha256:1',
  tags: [],
  labels: {},
  env: {},
  bytes: 0,
  createdMs: 0,
  ...changes,
})
