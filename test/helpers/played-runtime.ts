/** A runtime that a test plays, over real sockets, in containers of a Docker in memory. */
import { connect, type Socket } from 'node:net'
import type { RuntimeImage } from '../../server/core/execution.ts'
import type { ContainerSpec } from '../../server/docker/port.ts'
import { createFrameReader, encodeFrame, type Frame } from '../../server/engine/frames.ts'
import type { Run } from './fake-containers.ts'
import { createFakeDocker } from './fake-docker.ts'

/** A runtime that is played by the test: what it does when it is told something. */
export interface Part {
  control(frame: Frame, line: Line): void
  worker?(frame: Frame, line: Line): void
}

export interface Line {
  /** Name of the container that it leads out of. */
  readonly container: string
  send(header: object, parts?: string[]): void
  write(bytes: Buffer): void
  hangUp(): void
  /** Opens a further connection, as a worker would. */
  dial(): Line
}

function dial(
  { name, mounts }: ContainerSpec,
  receive: (frame: Frame, line: Line) => void,
  dialMore: () => Line,
): Line {
  const socket: Socket = connect(`${mounts[0]?.hostPath}/engine.sock`)
  const line: Line = {
    container: name,
    send: (header, parts) => socket.write(encodeFrame(header, parts)),
    write: bytes => socket.write(bytes),
    hangUp: () => socket.destroy(),
    dial: dialMore,
  }
  socket.on(
    'data',
    createFrameReader({ firstBytes: 2 ** 30, maxBytes: 2 ** 30 }, frame => receive(frame, line)),
  )
  socket.on('error', () => undefined)
  return line
}

const play =
  (part: Part): Run =>
  spec => {
    const dialWorker = (): Line => dial(spec, part.worker ?? (() => undefined), dialWorker)
    const line = dial(spec, part.control, dialWorker)
    line.send({ type: 'hello', protocol: 1, language: 'python3' })
    return line.hangUp
  }

export const playedImage: RuntimeImage = { dockerImage: 'played:1', language: 'python3', contract: 'worker' }

export function createPlayedDocker(part: Part) {
  const docker = createFakeDocker(play(part))
  docker.addImage(playedImage.dockerImage, {
    'io.dispatchframework.solo.language': 'python3',
    'io.dispatchframework.solo.protocol': '1',
  })
  return docker
}

export const becomeReady = ({ header }: Pick<Frame, 'header'>, line: Line) => {
  if (header.type === 'load' || header.type === 'start') line.dial().send({ type: 'ready', worker: header.worker })
}
