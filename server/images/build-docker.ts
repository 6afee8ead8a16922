/** What builds need of Docker. */
import type { Docker } from '../docker/port.ts'

export type WorkerDocker = Pick<
  Docker,
  | 'createContainer'
  | 'startContainer'
  | 'removeContainer'
  | 'listContainers'
  | 'waitContainer'
  | 'followLog'
  | 'writableBytes'
  | 'commitContainer'
  | 'removeImage'
>
